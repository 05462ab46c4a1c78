"""What the office does through the year: set-up, people who join and leave, the old tracker, new rules."""

from datetime import timedelta
from decimal import Decimal

from pmcore.domain.old_tracker import OldPostmortem
from pmcore.domain.onboarding import is_for
from pmcore.domain.people import password_of
from pmcore.domain.permissions import Actor
from pmcore.domain.sessions import Lifetimes
from pmcore.domain.vocabulary import Language, PostmortemStatus, Role, Rule, Severity
from pmcore.ports import NewToken, Passwords
from pmcore.usecases.demo import cast
from pmcore.usecases.demo.cast import Player
from pmcore.usecases.demo.newcomers import approve, settle_in
from pmcore.usecases.demo.stage import Play, Stage
from pmcore.usecases.import_tracker import ImportTracker, import_tracker
from pmcore.usecases.joining import Join, OfferSetUp, SetUp, join, offer_set_up, set_up
from pmcore.usecases.people import AddPerson, Deactivate, SetDeputy, add_person, deactivate, set_deputy
from pmcore.usecases.policy import ChangePolicy, change_policy
from pmcore.usecases.workspace import (
    AddService,
    ChangeWorkspace,
    RetireService,
    add_service,
    change_workspace,
    retire_service,
)

_SERVICES = (
    "checkout", "payments", "search", "catalog", "gateway", "auth", "billing", "notifications", "email-service",
    "warehouse-sync", "media", "recommendations", "mobile-api", "reports", "platform", "legacy-ftp",
)  # fmt: skip


class Desk:
    """Where people come in, each by an invitation."""

    def __init__(
        self, stage: Stage, *, password: str, new_token: NewToken, passwords: Passwords, lifetimes: Lifetimes
    ) -> None:
        self.stage, self._password, self._lifetimes = stage, password, lifetimes
        self._parts = {"clock": stage.clock, "new_token": new_token, "passwords": _Once(passwords, password)}

    def open_workspace(self) -> None:
        """The set-up link, the invitations, the services: as at any other company, on its first morning."""
        stage, first, parts = self.stage, cast.ADMINISTRATOR, self._parts
        token = offer_set_up(OfferSetUp(), begin=stage.begin, clock=stage.clock, new_token=parts["new_token"])  # type: ignore[arg-type]
        made = SetUp(
            token=token or "", name=first.name, username=first.username, password=self._password,
            workspace_name=cast.COMPANY, zone=cast.ZONE, language=Language.ENGLISH,
        )  # fmt: skip
        _enters(stage, first, set_up(made, begin=stage.begin, lifetimes=self._lifetimes, **parts).user_id)  # type: ignore[arg-type]
        for one in cast.JOINED:
            stage.at += timedelta(minutes=1)
            self._let_in(one)
        for name in _SERVICES:
            stage.do(add_service, AddService(name=name), by=first.username)
        asked = ChangeWorkspace(
            name=cast.COMPANY, zone=cast.ZONE, language=Language.ENGLISH, roles_for_names=False,
            slo_target_percent="99.9", distribution="Engineering, Product, Support, Operations", slo_window_days=30,
            base_version=1,
        )  # fmt: skip
        stage.do(change_workspace, asked, by=first.username)

    def late_arrival(self) -> Play:
        yield self.stage.now - timedelta(days=13)
        self._let_in(cast.NEWCOMER)

    def _let_in(self, one: Player) -> None:
        stage, parts = self.stage, self._parts
        invitation = add_person(
            AddPerson(name=one.name, username=one.username, roles=one.roles),
            begin=stage.begin, clock=stage.clock, new_token=parts["new_token"],  # type: ignore[arg-type]
        )  # fmt: skip
        joined = Join(token=invitation.token, name=one.name, password=self._password, language=one.language)
        _enters(stage, one, join(joined, begin=stage.begin, lifetimes=self._lifetimes, **parts).user_id)  # type: ignore[arg-type]
        if is_for(one.roles):
            stage.enter(settle_in(stage, one))


def _enters(stage: Stage, one: Player, user_id: int) -> None:
    stage.actors[one.username] = Actor(user_id=user_id, name=one.name, roles=one.roles, language=one.language.value)


class _Once:
    """One password for everybody, hashed once: bcrypt is slow by design."""

    def __init__(self, passwords: Passwords, password: str) -> None:
        self._passwords = passwords
        self._hash = passwords.hashed(password_of(password, username=""))

    def hashed(self, password: str) -> str:
        return self._hash

    def matches(self, password: str, password_hash: str | None) -> bool:
        return self._passwords.matches(password, password_hash)


def days(stage: Stage, rows: tuple[str, ...]) -> Play:
    """The few things that the office itself does, in their order."""
    begun = stage.at
    yield begun + timedelta(hours=3)
    _take_over(stage, rows)
    yield begun + timedelta(days=95)
    stage.do(retire_service, RetireService(service_id=_service(stage, "legacy-ftp")), by="maria")
    yield begun + timedelta(days=140)
    _change_policy(stage)
    yield begun + timedelta(days=141)
    approve(stage)
    yield begun + timedelta(days=170)
    _deputise(stage, principal=cast.CTO, deputy="maria", role=Role.CTO, for_days=14)
    yield begun + timedelta(days=215)
    stage.do(deactivate, Deactivate(user_id=stage.actors[cast.LEFT].user_id), by=cast.ADMINISTRATOR.username)
    yield stage.now - timedelta(days=6)
    _deputise(stage, principal="tamara", deputy=cast.DEPUTY, role=Role.TECH_LEAD, for_days=14)


def _service(stage: Stage, name: str) -> int:
    found = stage.work.workspace.find_service(name)
    return found.id if found else 0


def _deputise(stage: Stage, *, principal: str, deputy: str, role: Role, for_days: int) -> None:
    today = stage.day(stage.at)
    stands_in = SetDeputy(
        principal_id=stage.actors[principal].user_id, deputy_id=stage.actors[deputy].user_id, role=role,
        starts_on=today, ends_on=today + timedelta(days=for_days),
    )  # fmt: skip
    stage.do(set_deputy, stands_in, by=principal)


def _change_policy(stage: Stage) -> None:
    hours = dict.fromkeys((Rule.P0, Rule.P1_LONG, Rule.P1_REPEATED, Rule.SLA_BREACH), 48)
    changed = ChangePolicy(
        base_number=1, p1_minutes=30, drafted_hours={**hours, Rule.CUSTOMER_COMPLAINT: 48},
        published_hours={**hours, Rule.CUSTOMER_COMPLAINT: 72},
        note="Support needs a day to hear back from the customers who complained",
    )  # fmt: skip
    stage.do(change_policy, changed, by="maria")


def _take_over(stage: Stage, lines: tuple[str, ...]) -> None:
    """`id | days before | service | minutes | users | usd | author | status | items | done | published after`"""
    rows = []
    for number, line in enumerate(lines, start=2):
        cells = [cell.strip() for cell in line.split("|")]
        public_id, before, service, minutes, users, usd, author, status, total, done, after = cells
        on = stage.day(stage.at) - timedelta(days=int(before))
        rows.append(
            OldPostmortem(
                row=number, public_id=public_id, severity=Severity(public_id[:2]), on=on, service=service,
                duration_seconds=int(minutes) * 60, impact=f"{int(users):,} users / ${usd}",
                customers_affected=int(users), revenue_loss_usd=Decimal(usd), author=author,
                status=PostmortemStatus(status), items_total=int(total), items_done=int(done),
                published_on=on + timedelta(days=int(after)) if after else None,
                document_url=f"https://docs.example.com/post-mortems/{public_id.lower()}",
            )
        )  # fmt: skip
    stage.do(import_tracker, ImportTracker(rows=tuple(rows)), by="maria")
