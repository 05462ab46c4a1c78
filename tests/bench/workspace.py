"""A workspace of any size to measure: ten years of incidents, each with its whole post-mortem, in bulk inserts.

Deterministic: the same count and `now` give the same rows. Shares do not change with the count, so that nothing that
grows with the data can hide: a tenth of the last half-year is not published yet, and two thirds of the action items of
the last year are open.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, insert

from db.models import (
    ActionItemRow,
    AttendeeRow,
    AuditRow,
    Base,
    ClockStopRow,
    EditionRow,
    IncidentRow,
    MeetingRow,
    MemberRow,
    ObligationRow,
    PolicyRow,
    PostmortemRow,
    RecurrenceRow,
    RevisionRow,
    SectionRow,
    ServiceRow,
    SessionRow,
    UserRoleRow,
    UserRow,
    WorkspaceRow,
)
from pmcore.domain.content import content_hash, normalise
from pmcore.domain.facts import details_facts, impact_facts, reference_facts
from pmcore.domain.progress import standing
from pmcore.domain.sections import FACTS, SECTIONS, TEMPLATE_VERSION
from pmcore.domain.sessions import token_hash
from pmcore.domain.vocabulary import (
    ActionKind,
    ActionPriority,
    ActionState,
    ClockKind,
    DetectionMethod,
    Language,
    MemberRole,
    ObligationLevel,
    PostmortemStatus,
    RecurrenceState,
    Role,
    SectionKey,
    Severity,
    TimelineKind,
)
from tests.factories import an_incident
from tests.tracked import _INCIDENT, _OBLIGATION, _POSTMORTEM

BATCH = 4_000
PEOPLE, SERVICES, VARIANTS = 40, 12, 16
EVENTS, WHYS, ITEMS, ATTENDEES, TEXT = 8, 5, 6, 6, 3_000
YEARS = 10
ZONE = "Europe/Moscow"
_ROLES = (Role.TECH_LEAD, Role.ENGINEERING_MANAGER, Role.CTO, Role.ADMINISTRATOR)  #: of the last four people
_SENTENCE = "Очередь сообщений росла быстрее, чем её разбирали; the pool of connections was exhausted within minutes. "


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody signed in."""

    user_id: int
    token: str  #: of the session's cookie


def visitors(count: int) -> list[Visitor]:
    """The first so many people; `fill` has signed them in."""
    return [Visitor(user_id=n, token=f"bench-token-{n:03}") for n in range(1, count + 1)]


def draft_of(visitor: Visitor) -> int:
    """A post-mortem that this person is writing."""
    return _draft_number(visitor.user_id)


def published_number() -> int:
    """A post-mortem that everybody may read."""
    return 4


def fill(engine: Engine, count: int, *, now: datetime) -> None:
    """Into a migrated, empty database; the newest post-mortem is an hour old. `count` is 50 at least."""
    story = _Story(count, now)
    with engine.execution_options(writes=True).begin() as connection:
        for table, rows in story.tables():
            _insert(connection, table, rows)


def _insert(connection: Connection, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        connection.execute(insert(table), batch)


def _draft_number(user_id: int) -> int:
    """Drafts are those whose number ends in 0; the author's place in the list decides whose."""
    return user_id * 10


def _author(n: int) -> int:
    return n // 10 % PEOPLE + 1 if n % 10 else n // 10 % PEOPLE or PEOPLE


class _Story:
    def __init__(self, count: int, now: datetime) -> None:
        self.count, self.now = count, now
        self.step = timedelta(days=365 * YEARS) / count
        self.texts = [_contents(variant) for variant in range(VARIANTS)]

    def tables(self) -> Iterator[tuple[type[Base], Iterable[dict[str, Any]]]]:
        yield WorkspaceRow, [_WORKSPACE]
        yield UserRow, (self.person(n) for n in range(1, PEOPLE + 1))
        yield UserRoleRow, self.roles()
        yield SessionRow, (self.session(visitor) for visitor in visitors(PEOPLE))
        yield PolicyRow, [self.policy()]
        yield ServiceRow, (self.service(n) for n in range(1, SERVICES + 1))
        yield IncidentRow, self.each(self.incident)
        yield ObligationRow, self.each(self.obligation)
        yield ClockStopRow, self.every(self.stops)
        yield PostmortemRow, self.each(self.postmortem)
        yield MemberRow, self.every(self.members)
        yield SectionRow, self.every(self.sections)
        yield RevisionRow, self.every(self.revisions)
        yield ActionItemRow, self.every(self.items)
        yield EditionRow, self.every(self.editions)
        yield MeetingRow, self.every(self.meeting)
        yield AttendeeRow, self.every(self.attendees)
        yield RecurrenceRow, self.every(self.repetition)
        yield AuditRow, self.each(self.audit)

    def each(self, row: Callable[[int], dict[str, Any]]) -> Iterator[dict[str, Any]]:
        return (row(n) for n in range(1, self.count + 1))

    def every(self, rows: Callable[[int], Iterable[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
        return (row for n in range(1, self.count + 1) for row in rows(n))

    # -- when and how far -------------------------------------------------------------------------------------------

    def started(self, n: int) -> datetime:
        return (self.now - self.step * n - timedelta(hours=1)).replace(microsecond=0)

    def resolved(self, n: int) -> datetime:
        return self.started(n) + timedelta(minutes=5 + n * 7 % 90)

    def shared(self, n: int) -> datetime | None:
        return None if n % 20 == 0 and self.is_draft(n) else self.resolved(n) + timedelta(hours=6 + n % 60)

    def is_draft(self, n: int) -> bool:
        return n % 10 == 0 and (n <= 10 * PEOPLE or self.started(n) > self.now - timedelta(days=182))

    def published(self, n: int) -> datetime | None:
        return None if self.is_draft(n) else self.resolved(n) + timedelta(hours=20 + n % 90)

    def severity(self, n: int) -> Severity:
        return list(Severity)[n % 3]

    # -- people -----------------------------------------------------------------------------------------------------

    def person(self, n: int) -> dict[str, Any]:
        name = f"Engineer {n:02}"
        return {
            "id": n, "username": f"engineer{n}", "username_key": f"engineer{n}", "name": name,
            "name_key": name.casefold(), "language": Language.ENGLISH, "password_hash": None, "active": True,
            "created_at": self.now - timedelta(days=365 * YEARS), "version": 1,
        }  # fmt: skip

    def roles(self) -> Iterator[dict[str, Any]]:
        for n in range(1, PEOPLE + 1):
            yield {"user_id": n, "role": Role.ENGINEER}
        for place, role in enumerate(_ROLES):
            yield {"user_id": PEOPLE - place, "role": role}

    def session(self, visitor: Visitor) -> dict[str, Any]:
        far = self.now + timedelta(days=3650)
        return {
            "token_hash": token_hash(visitor.token), "user_id": visitor.user_id, "created_at": self.now,
            "seen_at": far, "expires_at": far, "ended_at": None, "agent": "bench", "address": "127.0.0.1",
        }  # fmt: skip

    def policy(self) -> dict[str, Any]:
        begun = self.now - timedelta(days=365 * YEARS + 30)
        return {"number": 1, "content": {}, "valid_from": begun, "by_id": None, "note": ""}

    def service(self, n: int) -> dict[str, Any]:
        return {"id": n, "name": f"service-{n:02}", "name_key": f"service-{n:02}", "active": True, "version": 1}

    # -- one incident and what belongs to it ------------------------------------------------------------------------

    def incident(self, n: int) -> dict[str, Any]:
        severity, title = self.severity(n), f"Requests to service-{n % SERVICES + 1:02} failed, variant {n % 97}"
        public_id = f"{severity}-{n:03}"
        return _INCIDENT | {
            "id": n, "public_id": public_id, "title": title, "severity": severity, "highest_severity": severity,
            "service_id": n % SERVICES + 1, "service_key": self.service(n % SERVICES + 1)["name_key"],
            "started_at": self.started(n), "detected_at": self.started(n),
            "resolved_at": self.resolved(n), "impact_seconds": (self.resolved(n) - self.started(n)).seconds,
            "alert_name": "HighErrorRate", "detection_method": DetectionMethod.ALERT, "customers_affected": n % 700,
            "reporter_id": _author(n), "reported_at": self.started(n), "restricted": n % 200 == 7,
            "dry_run": n % 250 == 3,
            "next_due_at": None if self.published(n) else self.resolved(n) + timedelta(hours=48),
            "search_key": f"{public_id} {title} higherrorrate".casefold(),
        }  # fmt: skip

    def obligation(self, n: int) -> dict[str, Any]:
        start = self.resolved(n)
        due = start + timedelta(hours=48)
        is_p0 = self.severity(n) is Severity.P0
        return _OBLIGATION | {
            "incident_id": n, "level": ObligationLevel.REQUIRED, "rules": ["p0"] if is_p0 else ["p1_long"],
            "author_id": _author(n), "long_at": None, "required_since": start, "starts_at": start,
            "first_starts_at": start, "drafted_due_at": due, "published_due_at": due, "handed_over_by_id": None,
            "handed_over_at": None,
        }  # fmt: skip

    def stops(self, n: int) -> Iterator[dict[str, Any]]:
        for clock, at in ((ClockKind.DRAFTED, self.shared(n)), (ClockKind.PUBLISHED, self.published(n))):
            if at is not None:
                yield {"incident_id": n, "clock": clock, "at": at, "by_id": _author(n)}

    def postmortem(self, n: int) -> dict[str, Any]:
        published, shared = self.published(n), self.shared(n)
        status = PostmortemStatus.PUBLISHED if published else PostmortemStatus.DRAFT
        status = PostmortemStatus.CLOSED if published and n % 10 > 8 else status
        status = PostmortemStatus.IN_REVIEW if n % 100 == 90 and self.is_draft(n) else status
        states = [self.state(n, number) for number in range(1, ITEMS + 1)]
        return _POSTMORTEM | {
            "id": n, "incident_id": n, "author_id": _author(n), "status": status,
            "author_key": self.person(_author(n))["name_key"],
            "created_at": self.resolved(n), "shared_at": shared,
            "submitted_at": shared if status is not PostmortemStatus.DRAFT else None,
            "first_published_at": published, "edition_number": int(published is not None),
            "changed_at": published or self.resolved(n), "items_total": ITEMS if published else 0,
            "items_done": sum(state is ActionState.VERIFIED for state in states) if published else 0,
        }  # fmt: skip

    def members(self, n: int) -> Iterator[dict[str, Any]]:
        if n % 100 == 90 and self.is_draft(n):
            yield {"postmortem_id": n, "user_id": PEOPLE, "role": MemberRole.REVIEWER}

    def sections(self, n: int) -> Iterator[dict[str, Any]]:
        at = self.published(n) or self.resolved(n)
        for section in self.texts[n % VARIANTS].values():
            yield section | {"postmortem_id": n, "saved_at": at, "saved_by_id": _author(n), "version": 1}

    def revisions(self, n: int) -> Iterator[dict[str, Any]]:
        at = self.published(n) or self.resolved(n)
        for key, section in self.texts[n % VARIANTS].items():
            yield {
                "postmortem_id": n, "section_key": key, "number": 1, "section_version": 1, "is_sealed": False,
                "content": section["content"], "content_hash": section["content_hash"], "by_id": _author(n),
                "started_at": at, "saved_at": at,
            }  # fmt: skip

    def state(self, n: int, number: int) -> ActionState:
        if not self.published(n):
            return ActionState.PROPOSED
        if n % 10 > 8 or number > 4 or self.started(n) < self.now - timedelta(days=365):
            return ActionState.VERIFIED
        return (ActionState.COMMITTED, ActionState.IN_PROGRESS, ActionState.BLOCKED, ActionState.DONE)[number - 1]

    def items(self, n: int) -> Iterator[dict[str, Any]]:
        at = self.published(n) or self.resolved(n)
        for number in range(1, ITEMS + 1):
            state = self.state(n, number)
            is_done = state in (ActionState.DONE, ActionState.VERIFIED)
            title = f"Watch the pool of service-{n % SERVICES + 1:02}, step {number}"
            due, owner = (at + timedelta(days=30 + number)).date(), (n + number) % PEOPLE + 1
            yield {
                "postmortem_id": n, "number": number, "title": title, "kind": list(ActionKind)[n % 3],
                "priority": list(ActionPriority)[number % 3], "owner_id": owner, "agreed_owner_id": owner,
                "due_on": due, "original_due_on": due, "criterion": "An alert at 80 % of the pool " * 4,
                "ticket_url": "", "state": state, "blocked_because": "Waits" if state is ActionState.BLOCKED else "",
                "evidence": "https://example.com/graph" if is_done else "", "wont_do_because": "",
                "approved_by_id": None, "verified_by_id": owner % PEOPLE + 1 if state is ActionState.VERIFIED else None,
                "created_at": at, "committed_at": self.published(n), "updated_at": at,
                "done_at": at if is_done else None, "done_on": at.date() if is_done else None,
                "search_key": title.casefold(), "deleted_at": None, "version": 1,
            }  # fmt: skip

    def editions(self, n: int) -> Iterator[dict[str, Any]]:
        published = self.published(n)
        if published is None:
            return
        sections = {key: section["content"] for key, section in self.texts[n % VARIANTS].items()}
        header = {
            "public_id": f"{self.severity(n)}-{n:03}", "title": "Requests failed", "severity": self.severity(n),
            "started_at": self.started(n).isoformat(), "zone": ZONE, "author_id": str(_author(n)), "reviewer_ids": [],
            "people": {str(_author(n)): {"name": f"Engineer {_author(n):02}", "role": Role.ENGINEER}},
            "edition": "1", "published_at": published.isoformat(), "updated_at": published.isoformat(),
            "template_version": TEMPLATE_VERSION,
        }  # fmt: skip
        yield {
            "postmortem_id": n, "number": 1, "note": "", "published_at": published, "by_id": _author(n),
            "content": {"header": header, "sections": sections, "items": _PROMISES, "signatures": []},
        }  # fmt: skip

    def meeting(self, n: int) -> Iterator[dict[str, Any]]:
        published = self.published(n)
        if published is None:
            return
        at = self.resolved(n) + timedelta(days=7)
        held = at if at < self.now and n % 25 else None
        yield {
            "postmortem_id": n, "uid": _uuid(n, "meeting"), "starts_at": at, "minutes": 30, "place": "",
            "presenter_id": _author(n), "facilitator_id": _author(n) % PEOPLE + 1, "scheduled_at": published,
            "changed_at": published, "sequence": 0, "began_at": held, "held_at": held, "notes": "",
            "notes_version": 0, "version": 1,
        }  # fmt: skip

    def attendees(self, n: int) -> Iterator[dict[str, Any]]:
        if self.published(n) is None:
            return
        for place in range(ATTENDEES):
            yield {
                "postmortem_id": n, "user_id": (n + place) % PEOPLE + 1, "required": place < ATTENDEES - 1,
                "attended": (n + place) % 7 > 0,
            }  # fmt: skip

    def repetition(self, n: int) -> Iterator[dict[str, Any]]:
        """Every twelfth incident is like the one before it of the same service; two thirds of them are decided."""
        earlier = n + SERVICES
        if n % 12 or earlier > self.count:
            return
        state = list(RecurrenceState)[n // 12 % 3]
        is_decided = state is not RecurrenceState.PROPOSED
        at = self.started(n) + timedelta(hours=4)
        yield {
            "incident_id": n, "earlier_id": earlier, "incident_started_at": self.started(n),
            "earlier_started_at": self.started(earlier), "state": state, "proposed_at": self.started(n),
            "named_by_id": None, "reasons": [{"kind": "service", "words": []}],
            "author_id": _author(n) if is_decided else None,
            "decided_by_id": _author(n) % PEOPLE + 1 if is_decided else None, "decided_at": at if is_decided else None,
            "decision_note": "Another pool" if state is RecurrenceState.REFUSED else "", "version": 1,
        }  # fmt: skip

    def audit(self, n: int) -> dict[str, Any]:
        return {"at": self.resolved(n), "actor_id": _author(n), "did": "publish", "target": f"postmortem/{n}"}


_PROMISES = [
    {
        "number": str(number), "title": f"Watch the pool, step {number}", "kind": ActionKind.PREVENTION,
        "priority": ActionPriority.HIGH, "owner_id": "1", "due_on": "2025-12-21", "criterion": "An alert at 80 %",
        "ticket_url": "", "state": ActionState.COMMITTED,
    }
    for number in range(1, ITEMS + 1)
]  # fmt: skip
_WORKSPACE = {
    "id": 1, "name": "Bench", "zone": ZONE, "language": Language.ENGLISH, "distribution": "", "roles_for_names": False,
    "slo_target_percent": "99.9", "slo_window_days": 30, "survey_by_date": False, "version": 1,
}  # fmt: skip


def _contents(variant: int) -> dict[SectionKey, dict[str, Any]]:
    """Columns of every section, with eight events, five whys and three kilobytes of text."""
    long = (_SENTENCE * 40)[variant : variant + TEXT // 3]
    begun = datetime(2025, 12, 14, 7, tzinfo=UTC)
    said: dict[SectionKey, dict[str, Any]] = {
        SectionKey.SUMMARY: dict.fromkeys(
            ("incident", "impact", "root_cause", "resolution", "prevention"), _SENTENCE.strip()
        ),
        SectionKey.TIMELINE: {
            "entries": [
                {
                    "id": _uuid(variant, "event", place), "at": (begun + timedelta(minutes=place)).isoformat(),
                    "kind": list(TimelineKind)[place % len(TimelineKind)], "event": "Errors rise", "actor": "System",
                }
                for place in range(EVENTS)
            ]
        },
        SectionKey.ROOT_CAUSE: {
            "what_happened": long,
            "root_cause": "The pool was too small",
            "whys": [
                {
                    "id": _uuid(variant, "why", place), "parent": _uuid(variant, "why", place - 1) if place else "",
                    "question": "Why?", "answer": "Because of the one before", "stop_because": "", "action": "",
                }
                for place in range(WHYS)
            ],
            "factors": [{"id": _uuid(variant, "factor", 0), "text": "Peak traffic"}],
        },
        SectionKey.IMPACT: {"user_experience": "An error page", "user_share": "25", "notes": long[:300]},
        SectionKey.RESOLUTION: {"immediate_fix": long, "validation": long[:300]},
        SectionKey.LESSONS: {
            "lessons": [{"id": _uuid(variant, "lesson", 0), "kind": "went_well", "text": "The alert fired"}]
        },
        SectionKey.PREVENTION: {
            "measures": [{"id": _uuid(variant, "measure", 0), "horizon": "immediate", "text": "A larger pool"}]
        },
    }  # fmt: skip
    facts = {
        SectionKey.DETAILS: details_facts(an_incident()), SectionKey.IMPACT: impact_facts(an_incident()),
        SectionKey.REFERENCES: reference_facts(an_incident()), SectionKey.ACTION_ITEMS: {"items": []},
    }  # fmt: skip
    found = {}
    for section in SECTIONS:
        content = normalise(section, {**said.get(section.key, {}), FACTS: facts.get(section.key, {})})
        stands = standing(section, content)
        found[section.key] = {
            "key": section.key, "content": content, "content_hash": content_hash(content),
            "is_empty": stands.is_empty, "blank": sorted(stands.blank),
        }  # fmt: skip
    return found


def _uuid(*parts: object) -> str:
    digest = hashlib.md5("/".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:]}"
