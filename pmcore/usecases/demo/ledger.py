"""Incidents that have no document: too small, waived, covered, taken twice, still owed, or still going on."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from pmcore.domain.vocabulary import DetectionMethod, Disposition, Severity
from pmcore.usecases.demo.cast import CTO, EVERYBODY, MANAGER, TECH_LEAD
from pmcore.usecases.demo.repetitions import decide
from pmcore.usecases.demo.stage import Play, Stage
from pmcore.usecases.demo.story import Small, decisions
from pmcore.usecases.incidents import ChangeSeverity, MoreFacts, ReportIncident, change_severity_of, report_incident
from pmcore.usecases.log import AddLogEntry, add_log_entry
from pmcore.usecases.obligations import (
    HandOver,
    SettleIncident,
    WaiveObligation,
    hand_over,
    settle_incident,
    waive_obligation,
)

_MOST_USERS = {Severity.P0: 9000, Severity.P1: 700, Severity.P2: 60}


class _Small:
    def __init__(self, stage: Stage, small: Small) -> None:
        self.stage, self.small = stage, small
        self.rng = random.Random(f"{small.days} {small.title}")
        self.language = next(one.language for one in EVERYBODY if one.username == small.by)
        self.outcome, _, self.value = small.outcome.partition(":")
        self.id = 0

    def play(self) -> Play:
        started = self.stage.start_of(self.small.days, self.rng)
        over = started + timedelta(minutes=self.small.minutes) if self.small.minutes else None
        yield (over or started) + timedelta(minutes=self.rng.randrange(3, 40) if over else 4)
        self._report(started, over)
        if over is None:
            yield from self._log()
            return
        self.stage.enter(
            decide(self.stage, self.small.title, language=self.language, decisions=decisions(), has_document=False)
        )
        yield self.stage.at + timedelta(hours=self.rng.uniform(0.5, 20))
        yield from self._settle()

    def _report(self, started: datetime, over: datetime | None) -> None:
        found = started + timedelta(seconds=self.rng.randrange(40, 170))
        users = self.rng.randrange(3, _MOST_USERS[self.small.severity])
        facts = MoreFacts(
            detected_at=found, acknowledged_at=found + timedelta(minutes=1), resolved_at=over,
            detection_method=self.rng.choice(list(DetectionMethod)), customers_affected=users if over else None,
            failed_requests=users * 2 if over else None,
            revenue_loss_usd=Decimal(users * 11) / 100 if over else None,
            sla_breach=self.small.severity is Severity.P0 if over else None,
            near_miss=self.outcome == "near_miss", new_failure_mode=self.outcome == "new_failure_mode",
            interesting=self.outcome == "interesting", restricted=self.outcome == "restricted",
            complaints=1 if self.outcome == "complaint" else 0,
        )  # fmt: skip
        self.id = self.stage.do(
            report_incident,
            ReportIncident(
                title=self.small.title, severity=self.small.severity, service=self.small.service, started_at=started,
                facts=facts,
            ),
            by=self.small.by,
        )  # fmt: skip
        self.stage.incidents[self.small.title] = self.id

    def _log(self) -> Play:
        for line in self.small.log:
            ago, text = line.split(" ", 1)
            yield self.stage.now - timedelta(minutes=int(ago))
            self.stage.do(add_log_entry, AddLogEntry(incident_id=self.id, line=text), by=self.small.by)

    def _settle(self) -> Play:
        manager, lead = MANAGER[self.language], TECH_LEAD[self.language]
        if self.outcome in ("waived", "half_waived"):
            self.stage.do(
                waive_obligation, WaiveObligation(incident_id=self.id, reason=self.small.reason), by=manager
            )  # fmt: skip
            if self.outcome == "waived" and self.small.severity is Severity.P0:
                yield self.stage.at + timedelta(hours=3)
                self.stage.do(waive_obligation, WaiveObligation(incident_id=self.id), by=CTO)
        elif self.outcome == "covered":
            self._settled(Disposition.COVERED, by=lead, covered_by=self.stage.postmortems[self.value])
        elif self.outcome == "duplicate":
            self._settled(Disposition.DUPLICATE, by=lead, duplicate_of=self.stage.incidents[self.value])
        elif self.outcome == "not_an_incident":
            self._settled(Disposition.NOT_AN_INCIDENT, by=manager)
        elif self.outcome == "queue":
            over = HandOver(incident_id=self.id, to_id=None, note=self.small.reason)
            self.stage.do(hand_over, over, by=self.small.by)
        elif self.outcome == "handed":
            to = self.stage.actors[self.value].user_id
            self.stage.do(
                hand_over, HandOver(incident_id=self.id, to_id=to, note=self.small.reason), by=self.small.by
            )  # fmt: skip
        elif self.outcome in ("escalated", "downgraded", "corrected"):
            changed = ChangeSeverity(
                incident_id=self.id, severity=Severity(self.value), is_slip=self.outcome == "corrected",
                reason=self.small.reason,
            )  # fmt: skip
            self.stage.do(change_severity_of, changed, by=manager if self.outcome == "corrected" else self.small.by)

    def _settled(
        self, disposition: Disposition, *, by: str, covered_by: int | None = None, duplicate_of: int | None = None
    ) -> None:
        settled = SettleIncident(
            incident_id=self.id, disposition=disposition, reason=self.small.reason, covered_by_id=covered_by,
            duplicate_of_id=duplicate_of,
        )  # fmt: skip
        self.stage.do(settle_incident, settled, by=by)


def note(stage: Stage, small: Small) -> Play:
    return _Small(stage, small).play()
