"""A workspace to picture: people, the worked example, and a few weeks of incidents, all told by commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from pmcore.domain.action_item import Progress
from pmcore.domain.item_terms import Terms
from pmcore.domain.vocabulary import (
    ActionKind,
    ActionPriority,
    DetectionMethod,
    Language,
    Role,
    SectionKey,
    Severity,
    SignRole,
)
from pmcore.usecases.action_items import ProposeItem
from pmcore.usecases.example import LoadExample
from pmcore.usecases.incidents import MoreFacts, ReportIncident
from pmcore.usecases.item_progress import ReportProgress, Update, VerifyItem
from pmcore.usecases.joining import Join, OfferSetUp, SetUp
from pmcore.usecases.log import AddLogEntry
from pmcore.usecases.people import AddPerson
from pmcore.usecases.publishing import Publish
from pmcore.usecases.review import ShareDraft, Sign, SubmitForReview
from pmcore.usecases.start import StartPostmortem
from pmcore.usecases.workspace import AddService
from pmcore.usecases.writing import SaveSection
from tests.reviewed import WRITTEN
from wiring import acting, parts, run

ZONE = "Europe/Moscow"
PASSWORD = "a long enough password"
PEOPLE = (
    ("Anna Petrova", "anna", {Role.ENGINEER}),
    ("Igor Smirnov", "igor", {Role.ENGINEER}),
    ("Tamara Orlova", "tamara", {Role.TECH_LEAD}),
    ("Maria Sokolova", "maria", {Role.ENGINEERING_MANAGER}),
    ("Oleg Volkov", "oleg", {Role.CTO}),
)
SIGNERS = {SignRole.TECH_LEAD: "tamara", SignRole.ENGINEERING_MANAGER: "maria", SignRole.CTO: "oleg"}


@dataclass
class Pictured:
    people: dict[str, int] = field(default_factory=dict)  #: ids by username
    example: int = 0  #: the published, signed post-mortem
    draft: int = 0  #: one that is being written
    ongoing: int = 0  #: an incident nobody has resolved yet


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Commands inside are given at that moment."""
    real = parts.clock
    parts.clock = lambda: moment
    try:
        yield
    finally:
        parts.clock = real


@dataclass
class _Teller:
    made: Pictured
    now: datetime

    def people(self) -> None:
        token = run(OfferSetUp())
        self.made.people["ada"] = run(
            SetUp(
                token=token, name="Ada Lebedeva", username="ada", password=PASSWORD, workspace_name="Acme", zone=ZONE,
                language=Language.ENGLISH,
            )
        ).user_id  # fmt: skip
        with acting.as_user(self.made.people["ada"]):
            for name, username, roles in PEOPLE:
                invitation = run(AddPerson(name=name, username=username, roles=frozenset(roles)))
                joined = run(Join(token=invitation.token, name=name, password=PASSWORD, language=Language.ENGLISH))
                self.made.people[username] = joined.user_id
            self.made.example = run(LoadExample())
            for service in ("checkout", "search"):
                run(AddService(name=service))

    def incident(
        self, title: str, severity: Severity, service: str, start: datetime, minutes: int, **facts: Any
    ) -> int:
        """Reported by Anna; `minutes` 0 leaves it going on."""
        known: dict[str, Any] = {
            "detected_at": start + timedelta(minutes=2),
            "resolved_at": start + timedelta(minutes=minutes) if minutes else None,
            "detection_method": DetectionMethod.ALERT,
            "customers_affected": 40 * minutes,
            "revenue_loss_usd": Decimal(12 * minutes),
            "availability_percent": Decimal("99.2"),
            "sla_breach": severity is Severity.P0,
        }
        with acting.as_user(self.made.people["anna"]), at(start + timedelta(minutes=minutes or 5)):
            command = ReportIncident(
                title=title, severity=severity, service=service, started_at=start, facts=MoreFacts(**known | facts)
            )
            return int(run(command))

    def written(self, incident_id: int, begun: datetime, *, sections: tuple[SectionKey, ...] = tuple(WRITTEN)) -> int:
        with acting.as_user(self.made.people["anna"]), at(begun):
            postmortem_id = int(run(StartPostmortem(incident_id=incident_id)))
            for key in sections:
                self._save(postmortem_id, key)
            self._propose(postmortem_id, begun)
            run(ShareDraft(postmortem_id=postmortem_id))
        return postmortem_id

    def _save(self, postmortem_id: int, key: SectionKey) -> None:
        with parts.begin() as work:
            model = work.sections.get(self.made.example, key).content
            stored = work.sections.get(postmortem_id, key)
        if key in (SectionKey.TIMELINE, SectionKey.SUMMARY) and stored.content.get("entries"):
            return
        content = {name: value for name, value in model.items() if name != "facts"}
        run(SaveSection(postmortem_id=postmortem_id, key=key, base_version=stored.version, content=content))

    def _propose(self, postmortem_id: int, begun: datetime) -> None:
        told = (
            ("Export the pool's usage", ActionKind.DETECTION, ActionPriority.HIGH, "anna", 3),
            ("Alert at 80% of the pool", ActionKind.DETECTION, ActionPriority.HIGH, "igor", 7),
            ("Let the pool follow the traffic", ActionKind.PREVENTION, ActionPriority.MEDIUM, "anna", 30),
        )
        for title, kind, priority, owner, days in told:
            terms = Terms(
                title=title, kind=kind, priority=priority, owner_id=self.made.people[owner],
                due_on=(begun + timedelta(days=days)).date(), criterion="Seen on the dashboard for a week",
            )  # fmt: skip
            run(ProposeItem(postmortem_id=postmortem_id, terms=terms, commit=True))

    def reviewed(self, postmortem_id: int, when: datetime, *roles: SignRole, publish: bool = False) -> None:
        reviewers = tuple(self.made.people[SIGNERS[role]] for role in SignRole)
        with acting.as_user(self.made.people["anna"]), at(when):
            run(SubmitForReview(postmortem_id=postmortem_id, reviewer_ids=reviewers))
        for role in roles:
            with parts.begin() as work:
                seen = {key: one.content_hash for key, one in work.sections.all(postmortem_id).items()}
            with acting.as_user(self.made.people[SIGNERS[role]]), at(when + timedelta(hours=2)):
                run(Sign(postmortem_id=postmortem_id, role=role, seen=seen))
        if publish:
            with acting.as_user(self.made.people["anna"]), at(when + timedelta(hours=3)):
                run(Publish(postmortem_id=postmortem_id))

    def kept(self, postmortem_id: int, when: datetime, count: int) -> None:
        """The first `count` of its promises are done, and somebody else has looked."""
        with parts.begin() as work:
            items = work.action_items.of(postmortem_id)[:count]
        for item in items:
            owner = next(one for one in ("anna", "igor") if self.made.people[one] == item.owner_id)
            done = Update(item_id=item.id, progress=Progress.DONE, note="Shown at the weekly meeting")
            with acting.as_user(self.made.people[owner]), at(when):
                run(ReportProgress(updates=(done,)))
            with acting.as_user(self.made.people["tamara"]), at(when + timedelta(days=1)):
                run(VerifyItem(item_id=item.id))


def tell() -> Pictured:
    """Into the database that the app is wired to; it has to be empty and up to date."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    made = Pictured()
    teller = _Teller(made=made, now=now)
    hours = timedelta(hours=1)
    with at(now - 100 * 24 * hours):
        teller.people()
    for days, title, service, late, kept in (
        (75, "checkout: payments refused after a certificate expired", "checkout", 20, 3),
        (40, "search: empty results after an index was rebuilt", "search", 70, 2),
        (12, "email-service: connections used up at peak", "email-service", 26, 1),
    ):
        start = now - days * 24 * hours
        incident = teller.incident(title, Severity.P0, service, start, 34)
        postmortem = teller.written(incident, start + 4 * hours)
        teller.reviewed(postmortem, start + late * hours, *SignRole, publish=True)
        teller.kept(postmortem, start + timedelta(days=6), kept)
    start = now - 40 * hours
    waiting = teller.written(
        teller.incident("checkout: baskets lost during a deployment", Severity.P0, "checkout", start, 48),
        start + 5 * hours,
    )
    teller.reviewed(waiting, start + 20 * hours, SignRole.TECH_LEAD)
    start = now - 20 * hours
    being_written = teller.incident("search: slow answers while a backup ran", Severity.P1, "search", start, 55)
    made.draft = teller.written(
        being_written, start + 3 * hours, sections=(SectionKey.SUMMARY, SectionKey.ROOT_CAUSE, SectionKey.IMPACT)
    )
    teller.incident("email-service: duplicates sent to some", Severity.P2, "email-service", now - 6 * 24 * hours, 15)
    teller.incident("checkout: 3-D Secure page unavailable", Severity.P0, "checkout", now - 4 * 24 * hours, 41)
    made.ongoing = teller.incident("email-service: queue is growing", Severity.P1, "email-service", now - hours, 0)
    with acting.as_user(made.people["anna"]):
        for minutes, line in (
            (50, "/alert Queue above 10 000"),
            (45, "/id A consumer is stuck"),
            (30, "/fix Restarted it"),
        ):
            with at(now - timedelta(minutes=minutes)):
                run(AddLogEntry(incident_id=made.ongoing, line=line))
    return made
