"""The metrics a second time, the plain way: every row is read and looked at in Python. Only for tests.

Nothing here is shared with the queries but the tables and the words of the results.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil, floor, sqrt
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models
from pmcore.domain.metrics import Beside, Metric, Reason
from pmcore.domain.permissions import Actor, Right
from pmcore.readmodels.metrics import MetricsFilter

Key = tuple[int, int | None]  #: incident, item


@dataclass
class Naive:
    """A figure: rows, and what they add up to."""

    rows: dict[Key, tuple[int, int, Reason | None]] = field(default_factory=dict)
    trend: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    besides: dict[Beside, Any] = field(default_factory=lambda: defaultdict(int))
    value: Any = None

    def add(self, key: Key, on: date, n: int, of: int, reason: Reason | None) -> bool:
        self.rows[key] = (0, 0, reason) if reason else (n, of, None)
        if reason is None:
            self.trend[on.year, on.month][0] += n
            self.trend[on.year, on.month][1] += of
        return reason is None

    @property
    def n(self) -> int:
        return sum(n for n, _, _ in self.rows.values())

    @property
    def of(self) -> int:
        return sum(of for _, of, _ in self.rows.values())

    @property
    def left_out(self) -> dict[Reason, int]:
        found: dict[Reason, int] = defaultdict(int)
        for _, _, reason in self.rows.values():
            if reason:
                found[reason] += 1
        return dict(found)


class Everything:
    def __init__(self, session: Session, *, actor: Actor, filter: MetricsFilter, as_of: datetime) -> None:
        def all_of(row: Any) -> list[Any]:
            return list(session.scalars(select(row)))

        self.actor, self.filter, self.as_of, self.zone = actor, filter, as_of, ZoneInfo(actor.zone)
        self.incidents = {row.id: row for row in all_of(models.IncidentRow)}
        self.obligations = {row.incident_id: row for row in all_of(models.ObligationRow)}
        self.postmortems = {row.id: row for row in all_of(models.PostmortemRow)}
        self.stops = {(row.incident_id, row.clock): row.at for row in all_of(models.ClockStopRow)}
        self.waivers = {row.incident_id: row for row in all_of(models.WaiverRow) if row.voided_at is None}
        self.approvals = all_of(models.WaiverApprovalRow)
        self.members, self.viewers = all_of(models.MemberRow), all_of(models.IncidentViewerRow)
        self.items, self.meetings = all_of(models.ActionItemRow), all_of(models.MeetingRow)
        self.attendees, self.pairs = all_of(models.AttendeeRow), all_of(models.RecurrenceRow)
        self.verdicts = {row.postmortem_id: row.verdict for row in all_of(models.VerdictRow)}
        self.times = {row.postmortem_id: row for row in all_of(models.PublishingTimeRow)}

    # -- who sees what, and what lies where

    def sees(self, incident: Any) -> bool:
        if incident.deleted_at or incident.dry_run:
            return False
        if not incident.restricted or self.actor.may(Right.SEE_RESTRICTED):
            return True
        me = self.actor.user_id
        obligation = self.obligations.get(incident.id)
        own = [p for p in self.postmortems.values() if p.incident_id == incident.id]
        return (
            incident.reporter_id == me
            or (obligation is not None and obligation.author_id == me)
            or any(v.incident_id == incident.id and v.user_id == me for v in self.viewers)
            or any(p.author_id == me for p in own)
            or any(m.postmortem_id == p.id and m.user_id == me for p in own for m in self.members)
        )

    def wanted(self, incident: Any) -> bool:
        chosen = self.filter
        return (
            self.sees(incident)
            and chosen.service_id in (None, incident.service_id)
            and chosen.severity in (None, incident.highest_severity)
        )

    def day(self, at: datetime | None) -> date | None:
        """The workspace's day of a moment, when it lies in the period."""
        on = at and at.astimezone(self.zone).date()
        return on if on and self.filter.since <= on <= self.filter.until else None

    def waived(self, incident_id: int) -> bool:
        waiver = self.waivers.get(incident_id)
        agreed = sum(a.waiver_id == waiver.id for a in self.approvals) if waiver else 0
        return waiver is not None and agreed >= (2 if "p0" in self.obligations[incident_id].rules else 1)

    def settled(self, obligation: Any, *, only: str | None) -> Reason | None:
        if obligation.disposition in ("duplicate", "not_an_incident"):
            return Reason(obligation.disposition)
        if obligation.covered_by_id is None:
            return None

        def owes(other: Any) -> bool:
            incident = self.incidents[other.incident_id]
            return (
                other.level == "required"
                and other.starts_at is not None
                and self.sees(incident)
                and only in (None, incident.highest_severity)
            )

        written_for = self.obligations[self.postmortems[obligation.covered_by_id].incident_id]
        if written_for.disposition is None and owes(written_for):
            return Reason.COVERED
        same = [o for o in self.obligations.values() if o.covered_by_id == obligation.covered_by_id and owes(o)]
        return Reason.COVERED if any(o.incident_id < obligation.incident_id for o in same) else None

    # -- the figures

    def p0_completion(self) -> Naive:
        found = Naive()
        for obligation in self.obligations.values():
            incident, due = self.incidents[obligation.incident_id], obligation.drafted_due_at
            on = self.day(due)
            if not on or obligation.level != "required" or incident.highest_severity != "P0":
                continue
            if not self.wanted(incident):
                continue
            stop, out = self.stops.get((incident.id, "drafted")), self.stops.get((incident.id, "published"))
            reason = self.settled(obligation, only="P0")
            if reason is None and stop is None and due >= self.as_of:
                reason = Reason.PENDING
            if found.add((incident.id, None), on, int(stop is not None and stop <= due), 1, reason):
                found.besides[Beside.PUBLISHED_ON_TIME] += out is not None and out <= obligation.published_due_at
                found.besides[Beside.PUBLISHED_EVER] += out is not None
                found.besides[Beside.WAIVED] += self.waived(incident.id)
        return found

    def time_to_publish(self) -> Naive:
        found = Naive()
        ended: list[int] = []
        running: list[int] = []
        seconds: list[int] = []
        spent = []
        for obligation in self.obligations.values():
            incident, since = self.incidents[obligation.incident_id], obligation.starts_at
            on = self.day(since)
            if not on or obligation.level != "required" or not self.wanted(incident):
                continue
            out = self.stops.get((incident.id, "published"))
            took = max(0, whole_seconds(since, out or self.as_of))
            reason = self.settled(obligation, only=None)
            if reason is None:
                (ended if out else running).append(ceil(took / 3600))
                seconds += [took] if out else []
                own = [p for p in self.postmortems.values() if p.incident_id == incident.id and not p.deleted_at]
                spent += [self.times[p.id] for p in own if out and p.id in self.times]
            if reason is None and whole_seconds(since, self.as_of) < 48 * 3600:
                reason = Reason.PENDING
            found.add((incident.id, None), on, int(out is not None and took <= 48 * 3600), 1, reason)
        found.value = reached(ended, running, Fraction(1, 2))
        found.besides[Beside.P90] = reached(ended, running, Fraction(1, 10))
        found.besides[Beside.MEAN] = mean(seconds)
        found.besides[Beside.STILL_RUNNING] = len(running)
        found.besides[Beside.WRITING] = mean([row.writing for row in spent])
        found.besides[Beside.WAITING] = mean([row.review for row in spent])
        found.besides[Beside.WAITING_TECH_LEAD] = mean([row.tech_lead for row in spent])
        found.besides[Beside.SIGNED] = mean([row.signed for row in spent])
        return found

    def actions_done(self) -> Naive:
        found = Naive()
        overdue = []
        for item in self.items:
            postmortem = self.postmortems[item.postmortem_id]
            incident, due = self.incidents[postmortem.incident_id], item.original_due_on
            me = self.actor.user_id
            reads = postmortem.shared_at or me in (postmortem.author_id, item.owner_id)
            reads = reads or any(
                m.postmortem_id == postmortem.id and m.user_id == me and m.role in ("co_author", "participant")
                for m in self.members
            )
            if item.state == "proposed" or item.deleted_at or postmortem.deleted_at or not reads:
                continue
            if not self.wanted(incident) or not self.filter.since <= due <= self.filter.until:
                continue
            today = self.as_of.astimezone(ZoneInfo(incident.zone)).date()
            reason = None if due < today else Reason.NOT_DUE
            on_time = item.done_on is not None and item.done_on <= due
            if not found.add((incident.id, item.id), due, int(on_time), 1, reason):
                continue
            is_open = item.state in ("committed", "in_progress", "blocked")
            found.besides[Beside.HIGH_PRIORITY] += item.priority == "high" and on_time
            found.besides[Beside.EXTENDED] += item.due_on != due
            found.besides[Beside.WONT_DO] += item.state == "wont_do"
            found.besides[Beside.DONE_LATE] += item.done_on is not None and item.done_on > due
            found.besides[Beside.OPEN_LONG] += is_open and item.committed_at < self.as_of - timedelta(days=30)
            if is_open and item.due_on < today:
                overdue.append(item.due_on)
        found.besides[Beside.OVERDUE] = len(overdue)
        here = self.as_of.astimezone(self.zone).date()
        found.besides[Beside.OLDEST_OVERDUE] = (here - min(overdue)).days if overdue else None
        return found

    def published(self) -> list[tuple[Any, Any, date]]:
        rows = ((p, self.incidents[p.incident_id], self.day(p.first_published_at)) for p in self.postmortems.values())
        return [(p, i, on) for p, i, on in rows if on and not p.deleted_at and self.wanted(i)]

    def repeated(self, postmortem: Any) -> list[Any]:
        """The pairs whose earlier incident this document is about, with a later one within the window."""
        found = []
        for pair in self.pairs:
            earlier, later = self.incidents[pair.earlier_id], self.incidents[pair.incident_id]
            obligation = self.obligations[earlier.id]
            covered = obligation.disposition == "covered" and obligation.covered_by_id
            document = obligation.covered_by_id if covered else None
            about = document == postmortem.id if document else earlier.id == postmortem.incident_id
            if not about or not self.sees(earlier) or not self.sees(later) or earlier.resolved_at is None:
                continue
            if whole_seconds(earlier.resolved_at, later.started_at) <= self.filter.window_days * 86_400:
                found.append(pair)
        return found

    def recurrence(self) -> Naive:
        found = Naive()
        for postmortem, incident, on in self.published():
            young = postmortem.first_published_at > self.as_of - timedelta(days=self.filter.window_days)
            reason = Reason.IMPORTED if postmortem.imported is not None else Reason.YOUNG if young else None
            pairs = self.repeated(postmortem)
            confirmed = [pair for pair in pairs if pair.state == "confirmed"]
            if found.add((incident.id, None), on, int(bool(confirmed)), 1, reason):
                found.besides[Beside.UNDECIDED] += sum(pair.state == "proposed" for pair in pairs)
                found.besides[Beside.REFUSED] += sum(pair.state == "refused" for pair in pairs)
                verdict = self.verdicts.get(postmortem.id)
                found.besides[Beside.PREVENTED] += verdict == "prevented"
                found.besides[Beside.NOT_EXERCISED] += verdict == "not_exercised"
                found.besides[Beside.RECURRED] += verdict == "recurred"
                found.besides[Beside.NO_VERDICT] += verdict is None
                found.besides[Beside.ACTION_STILL_OPEN] += any(
                    self.was_open(item, self.incidents[pair.incident_id].started_at)
                    for pair in confirmed
                    for item in self.items
                    if item.postmortem_id == postmortem.id
                )
        return found

    def was_open(self, item: Any, at: datetime) -> bool:
        if item.deleted_at or item.state == "proposed" or item.committed_at > at:
            return False
        if item.state == "wont_do":
            return item.updated_at > at
        return item.done_at is None or item.done_at > at

    def new_detection(self) -> Naive:
        found = Naive()
        for postmortem, incident, on in self.published():
            young = postmortem.first_published_at > self.as_of - timedelta(days=30)
            reason = Reason.IMPORTED if postmortem.imported is not None else Reason.YOUNG if young else None
            count = sum(
                item.postmortem_id == postmortem.id
                and (item.kind, item.state) == ("detection", "verified")
                and not item.deleted_at
                for item in self.items
            )
            found.add((incident.id, None), on, count, 1, reason)
            if reason is Reason.YOUNG:
                found.besides[Beside.YOUNGER] += 1
                found.besides[Beside.YOUNGER_ITEMS] += count
        return found

    def attendance(self) -> Naive:
        found = Naive()
        for meeting in self.meetings:
            postmortem = self.postmortems[meeting.postmortem_id]
            incident, on = self.incidents[postmortem.incident_id], self.day(meeting.starts_at)
            if not on or postmortem.deleted_at or not self.wanted(incident):
                continue
            reason = None
            if meeting.held_at is None:
                over = meeting.starts_at < self.as_of and meeting.began_at is None
                reason = Reason.NOT_HELD if over else Reason.NOT_YET_HELD
            invited = [a for a in self.attendees if a.postmortem_id == postmortem.id]
            required = [a for a in invited if a.required]
            came = sum(a.attended for a in required)
            found.besides[Beside.MEETINGS_NOT_HELD] += reason is Reason.NOT_HELD
            if found.add((incident.id, None), on, came, len(required), reason):
                found.besides[Beside.MEETINGS_HELD] += 1
                found.besides[Beside.OPTIONAL] += sum(a.attended for a in invited if not a.required)
        return found

    def times_of(self, first: str, last: str) -> Naive:
        found = Naive()
        seconds = []
        for incident in self.incidents.values():
            on = self.day(incident.started_at)
            if not on or not self.wanted(incident):
                continue
            begin, end = getattr(incident, first), getattr(incident, last)
            disposition = self.obligations[incident.id].disposition
            reason = Reason(disposition) if disposition in ("duplicate", "not_an_incident") else None
            if incident.imported:
                reason = Reason.IMPORTED
            if reason is None and (begin is None or end is None):
                reason = Reason.UNKNOWN
            if found.add((incident.id, None), on, 1, 1, reason):
                seconds.append(whole_seconds(begin, end))
        middle = sorted(seconds)
        if middle:
            found.value = (middle[(len(middle) - 1) // 2] + middle[len(middle) // 2]) / 2
        return found

    def all(self) -> dict[Metric, Naive]:
        return {
            Metric.P0_COMPLETION: self.p0_completion(),
            Metric.TIME_TO_PUBLISH: self.time_to_publish(),
            Metric.ACTIONS_DONE: self.actions_done(),
            Metric.RECURRENCE: self.recurrence(),
            Metric.ATTENDANCE: self.attendance(),
            Metric.NEW_DETECTION: self.new_detection(),
            Metric.TIME_TO_DETECT: self.times_of("started_at", "detected_at"),
            Metric.TIME_TO_RESOLVE: self.times_of("detected_at", "resolved_at"),
        }


def whole_seconds(earlier: datetime, later: datetime) -> int:
    return floor(later.timestamp()) - floor(earlier.timestamp())


def mean(seconds: list[int]) -> float | None:
    return sum(seconds) / len(seconds) / 3600 if seconds else None


def reached(ended: list[int], running: list[int], share: Fraction) -> int | None:
    """Kaplan and Meier by hand: the hour after which at most this share is still running."""
    still = Fraction(1)
    for hour in sorted(set(ended)):
        at_risk = sum(h >= hour for h in ended) + sum(h >= hour for h in running)
        still *= 1 - Fraction(ended.count(hour), at_risk)
        if still <= share:
            return hour
    return None


def wilson(n: int, of: int) -> tuple[float, float]:
    """E. B. Wilson, 1927, with the normal quantile of 95 %."""
    z = 1.959963984540054
    share, square = n / of, z * z / of
    middle, width = share + square / 2, z * sqrt(share * (1 - share) / of + square / of / 4)
    return (middle - width) / (1 + square), (middle + width) / (1 + square)
