"""Random workspaces for the metrics: everything that a figure looks at, with moments on and beside every border."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from db.models import (
    ActionItemRow,
    AttendeeRow,
    Base,
    ClockStopRow,
    IncidentRow,
    IncidentViewerRow,
    MeetingRow,
    MemberRow,
    ObligationRow,
    PolicyRow,
    PostmortemRow,
    PublishingTimeRow,
    RecurrenceRow,
    ServiceRow,
    UserRoleRow,
    UserRow,
    VerdictRow,
    WaiverApprovalRow,
    WaiverRow,
    WorkspaceRow,
)
from pmcore.domain.rail_vocabulary import Verdict
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState, RecurrenceState, Role, Severity
from tests.tracked import _INCIDENT, _OBLIGATION, _POSTMORTEM

NOW = datetime(2026, 4, 5, 10, 20, tzinfo=UTC)
AS_OF = datetime(2026, 4, 5, 10, 15, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Europe/Moscow")
ENGINEER, ADMINISTRATOR, PEOPLE = 1, 2, 5
_STATUS = {True: "published", False: "draft"}


class Workspace:
    """Rows by table, drawn from one source of chance."""

    def __init__(self, chance: Random, *, size: int) -> None:
        self.chance = chance
        self.zone = chance.choice(ZONES)
        self.size = chance.randint(0, size)
        self.borders = [
            datetime.combine(date(2026, month, 1), time(), ZoneInfo(self.zone)).astimezone(UTC) for month in range(1, 6)
        ] + [AS_OF, AS_OF - timedelta(hours=48), AS_OF - timedelta(days=30), AS_OF - timedelta(days=90)]

    def moment(self) -> datetime:
        if self.chance.random() < 0.35:
            beside = self.chance.choice((-3600, -1, 0, 0, 1, 3600))
            return self.chance.choice(self.borders) + timedelta(seconds=beside)
        day = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.chance.randrange(110 * 86_400))
        return day + timedelta(microseconds=self.chance.choice((0, 1, 500_000, 999_999)))

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def fill(self, connection: Connection) -> None:
        for table, rows in self.tables():
            if made := list(rows):
                connection.execute(insert(table), made)

    def tables(self) -> Iterator[tuple[type[Base], Any]]:
        numbers = range(1, self.size + 1)
        yield WorkspaceRow, [{
            "id": 1, "name": "Mail", "zone": self.zone, "language": "en", "distribution": "", "roles_for_names": False,
            "slo_target_percent": "99.9", "slo_window_days": 30, "survey_by_date": False, "version": 1,
        }]  # fmt: skip
        yield UserRow, [
            {
                "id": n, "username": f"u{n}", "username_key": f"u{n}", "name": f"U{n}", "name_key": f"u{n}",
                "language": "en", "password_hash": None, "active": True, "created_at": AS_OF, "version": 1,
            }
            for n in range(1, PEOPLE + 1)
        ]  # fmt: skip
        yield (
            UserRoleRow,
            [
                {"user_id": n, "role": Role.ADMINISTRATOR if n == ADMINISTRATOR else Role.ENGINEER}
                for n in range(1, PEOPLE + 1)
            ],
        )
        yield PolicyRow, [{"number": 1, "content": {}, "valid_from": AS_OF, "by_id": None, "note": ""}]
        yield (
            ServiceRow,
            [{"id": n, "name": f"s{n}", "name_key": f"s{n}", "active": True, "version": 1} for n in (1, 2)],
        )
        incidents = {n: self.incident(n) for n in numbers}
        yield IncidentRow, incidents.values()
        postmortems = {n: self.postmortem(n) for n in numbers if self.maybe(0.8)}
        yield PostmortemRow, postmortems.values()
        yield ObligationRow, [self.obligation(incidents[n], list(postmortems)) for n in numbers]
        yield (
            ClockStopRow,
            [
                {"incident_id": n, "clock": clock, "at": self.moment(), "by_id": None}
                for n in numbers
                for clock in ("drafted", "published")
                if self.maybe(0.6)
            ],
        )
        waived = [n for n in numbers if self.maybe(0.3)]
        yield WaiverRow, [
            {
                "id": n, "incident_id": n, "reason": "A drill", "at": AS_OF,
                "voided_at": AS_OF if self.maybe(0.2) else None, "voided_by_rule": None,
            }
            for n in waived
        ]  # fmt: skip
        yield (
            WaiverApprovalRow,
            [
                {"waiver_id": n, "user_id": user, "at": AS_OF}
                for n in waived
                for user in (3, 4)[: self.chance.randint(1, 2)]
            ],
        )
        yield (
            MemberRow,
            [
                {"postmortem_id": n, "user_id": self.chance.choice((1, 3)), "role": "participant"}
                for n in postmortems
                if self.maybe(0.2)
            ],
        )
        yield IncidentViewerRow, [{"incident_id": n, "user_id": 1} for n in numbers if self.maybe(0.15)]
        yield PublishingTimeRow, [self.publishing_time(n) for n in postmortems if self.maybe(0.5)]
        yield (
            ActionItemRow,
            [self.item(n, number) for n in postmortems for number in range(1, self.chance.randint(0, 3) + 1)],
        )
        met = [n for n in postmortems if self.maybe(0.6)]
        yield MeetingRow, [self.meeting(n) for n in met]
        yield (
            AttendeeRow,
            [
                {"postmortem_id": n, "user_id": user, "required": self.maybe(0.7), "attended": self.maybe(0.7)}
                for n in met
                for user in range(1, PEOPLE + 1)
                if self.maybe(0.7)
            ],
        )
        yield RecurrenceRow, self.recurrences(incidents)
        yield VerdictRow, [
            {
                "postmortem_id": n, "verdict": self.chance.choice([Verdict.PREVENTED, *Verdict]), "reason": "Seen",
                "by_id": 3, "author_id": 4, "at": AS_OF,
            }
            for n in postmortems
            if self.maybe(0.85)
        ]  # fmt: skip

    def incident(self, n: int) -> dict[str, Any]:
        highest = self.chance.choice((Severity.P0, Severity.P0, Severity.P1, Severity.P2))
        now = self.chance.choice([severity for severity in Severity if severity.rank >= highest.rank])
        started = self.moment()
        detected = started + timedelta(seconds=self.chance.choice((0, 1, 135, 7200))) if self.maybe(0.8) else None
        resolved = (detected or started) + timedelta(seconds=self.chance.choice((0, 720, 90_000)))
        return _INCIDENT | {
            "id": n, "public_id": f"{highest}-{n:03}", "severity": now, "highest_severity": highest,
            "service_id": self.chance.choice((1, 2)), "zone": self.chance.choice(ZONES), "started_at": started,
            "detected_at": detected, "resolved_at": resolved if self.maybe(0.85) else None,
            "restricted": self.maybe(0.25), "dry_run": self.maybe(0.12), "imported": self.maybe(0.08),
            "deleted_at": AS_OF if self.maybe(0.08) else None, "reporter_id": self.chance.randint(1, PEOPLE),
            "search_key": "", "impact_seconds": None,
        }  # fmt: skip

    def postmortem(self, n: int) -> dict[str, Any]:
        published = self.maybe(0.65)
        return _POSTMORTEM | {
            "id": n, "incident_id": n, "author_id": self.chance.randint(1, PEOPLE), "status": _STATUS[published],
            "first_published_at": self.moment() if published else None, "edition_number": int(published),
            "shared_at": AS_OF if published or self.maybe(0.3) else None,
            "imported": {"author": "Old"} if self.maybe(0.08) else None,
            "deleted_at": AS_OF if self.maybe(0.06) else None,
        }  # fmt: skip

    def obligation(self, incident: dict[str, Any], postmortems: list[int]) -> dict[str, Any]:
        starts = self.moment() if self.maybe(0.85) else None
        disposition = self.chance.choice((None, None, None, "covered", "duplicate", "not_an_incident"))
        others = [n for n in postmortems if n != incident["id"]]
        covering = self.chance.choice(others[:3]) if disposition == "covered" and others else None
        return _OBLIGATION | {
            "incident_id": incident["id"], "level": "required" if self.maybe(0.8) else "none",
            "rules": ["p0"] if incident["highest_severity"] == Severity.P0 else ["p1_long"],
            "author_id": self.chance.choice((None, 1, 3, 4)), "starts_at": starts, "first_starts_at": starts,
            "drafted_due_at": starts and starts + timedelta(hours=48),
            "published_due_at": starts and starts + timedelta(hours=self.chance.choice((48, 72))),
            "disposition": disposition, "disposition_reason": disposition and "Because", "covered_by_id": covering,
            "long_at": None, "handed_over_by_id": None, "handed_over_at": None,
        }  # fmt: skip

    def publishing_time(self, n: int) -> dict[str, Any]:
        spent = {name: self.chance.randrange(200_000) for name in ("writing", "review", "signed")}
        return {"postmortem_id": n, **spent, "tech_lead": 10 * n, "engineering_manager": 20 * n, "cto": 0}

    def item(self, n: int, number: int) -> dict[str, Any]:
        state = self.chance.choice(list(ActionState))
        due = self.moment().date()
        is_done = state in (ActionState.DONE, ActionState.VERIFIED)
        done = self.moment() if is_done else None
        return {
            "postmortem_id": n, "number": number, "title": "Alert", "kind": self.chance.choice(list(ActionKind)[:2]),
            "priority": self.chance.choice(list(ActionPriority)), "owner_id": 1 if self.maybe(0.1) else 4,
            "agreed_owner_id": 4, "due_on": due + timedelta(days=self.chance.choice((0, 0, 7))), "original_due_on": due,
            "criterion": "It fires", "ticket_url": "", "state": state, "blocked_because": "Waits",
            "evidence": "A link", "wont_do_because": "Too dear", "approved_by_id": 3, "verified_by_id": 5,
            "created_at": AS_OF, "committed_at": None if state is ActionState.PROPOSED else self.moment(),
            "updated_at": self.moment(), "done_at": done,
            "done_on": done and (done + timedelta(hours=self.chance.choice((0, 12)))).date(), "search_key": "",
            "deleted_at": AS_OF if self.maybe(0.08) else None, "version": 1,
        }  # fmt: skip

    def meeting(self, n: int) -> dict[str, Any]:
        at, held = self.moment(), self.maybe(0.6)
        began = at if held or self.maybe(0.2) else None
        return {
            "postmortem_id": n, "uid": f"m{n}", "starts_at": at, "minutes": 60, "place": "", "presenter_id": 3,
            "facilitator_id": 4, "scheduled_at": AS_OF, "changed_at": AS_OF, "sequence": 0, "began_at": began,
            "held_at": at + timedelta(hours=1) if held else None, "notes": "", "notes_version": 1, "version": 1,
        }  # fmt: skip

    def recurrences(self, incidents: dict[int, dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for later in incidents.values():
            for earlier in incidents.values():
                if earlier["started_at"] >= later["started_at"] or not self.maybe(0.2):
                    continue
                state = self.chance.choice(list(RecurrenceState))
                decided = state is not RecurrenceState.PROPOSED
                yield {
                    "incident_id": later["id"], "earlier_id": earlier["id"],
                    "incident_started_at": later["started_at"], "earlier_started_at": earlier["started_at"],
                    "state": state, "proposed_at": AS_OF, "named_by_id": None, "reasons": [], "author_id": None,
                    "decided_by_id": 3 if decided else None, "decided_at": AS_OF if decided else None,
                    "decision_note": "Seen", "version": 1,
                }  # fmt: skip
