"""What an administrator does with people: invite, give roles, deactivate, name deputies."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pmcore.domain.errors import N_
from pmcore.domain.people import (
    NotAPerson,
    Person,
    deputise,
    invited,
    name_of,
    spare_an_administrator,
    username_of,
    with_roles,
)
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.sessions import INVITATION_LIVES, Link, LinkKind, token_hash
from pmcore.domain.vocabulary import Language, Role
from pmcore.ports import Clock, NewToken, OpenUnitOfWork, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link to hand over; it is shown once, only its digest is kept."""

    user_id: int
    name: str
    username: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitePeople:
    list: str  #: one person a line, `Name <username>`
    roles: frozenset[Role]


def invite_people(
    command: InvitePeople, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock, new_token: NewToken
) -> tuple[Invitation, ...]:
    """All of the list, or nobody. Raises Forbidden, Refusals, NotAPerson, UsernameTaken."""
    require(actor, Right.MANAGE_USERS)
    people = invited(command.list)
    with begin() as work:
        now = clock()
        settings = work.workspace.find()
        language = settings.language if settings else Language.ENGLISH
        made = []
        for one in people:
            person = _fresh(name=one.name, username=one.username, language=language, roles=command.roles, now=now)
            user_id = work.people.add(person)
            work.audit(actor_id=actor.user_id, did="invite", to=f"user/{user_id}", at=now)
            made.append(_invite(work, replace(person, id=user_id), token=new_token(), now=now))
        return tuple(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteAgain:
    """A new link for somebody who lost the first one, or the password; older links die."""

    user_id: int


def invite_again(
    command: InviteAgain, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock, new_token: NewToken
) -> Invitation:
    """Raises Forbidden, NotFound, NotAPerson."""
    require(actor, Right.MANAGE_USERS)
    with begin() as work:
        person = work.people.get(command.user_id)
        if not person.active:
            raise NotAPerson(N_("{name} is deactivated. Reactivate first."), name=person.name)
        work.audit(actor_id=actor.user_id, did="invite_again", to=f"user/{person.id}", at=clock())
        return _invite(work, person, token=new_token(), now=clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPerson:
    """From the command line: somebody who can sign in as soon as the link is opened."""

    name: str
    username: str
    roles: frozenset[Role]


def add_person(command: AddPerson, *, begin: OpenUnitOfWork, clock: Clock, new_token: NewToken) -> Invitation:
    """No actor: whoever has the console has the database. Raises NotAPerson, UsernameTaken."""
    with begin() as work:
        person = _fresh(
            name=name_of(command.name),
            username=username_of(command.username),
            language=Language.ENGLISH,
            roles=command.roles,
            now=clock(),
        )
        user_id = work.people.add(person)
        work.audit(actor_id=None, did="invite", to=f"user/{user_id}", at=clock())
        return _invite(work, replace(person, id=user_id), token=new_token(), now=clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRoles:
    user_id: int
    roles: frozenset[Role]


def set_roles(command: SetRoles, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> frozenset[Role]:
    """The roles held before, for undoing. Raises Forbidden, NotFound, NotAPerson, WouldLockOut, EditConflict."""
    require(actor, Right.MANAGE_USERS)
    with begin() as work:
        people = {person.id: person for person in work.people.all()}
        before = people.get(command.user_id) or work.people.get(command.user_id)
        after = with_roles(before, command.roles)
        spare_an_administrator(tuple(people.values()), but=after)
        work.people.save(after)
        work.audit(actor_id=actor.user_id, did="set_roles", to=f"user/{after.id}", at=clock())
        return before.roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Deactivate:
    user_id: int


def deactivate(command: Deactivate, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """The person is signed out everywhere; what they wrote stays. Raises Forbidden, NotFound, WouldLockOut."""
    require(actor, Right.MANAGE_USERS)
    with begin() as work:
        people = {person.id: person for person in work.people.all()}
        after = replace(people.get(command.user_id) or work.people.get(command.user_id), active=False)
        spare_an_administrator(tuple(people.values()), but=after)
        work.people.save(after)
        work.sessions.end_all(user_id=after.id, at=clock())
        work.sessions.drop_links(kind=LinkKind.INVITATION, user_id=after.id)
        work.audit(actor_id=actor.user_id, did="deactivate", to=f"user/{after.id}", at=clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactivate:
    user_id: int


def reactivate(command: Reactivate, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, EditConflict."""
    require(actor, Right.MANAGE_USERS)
    with begin() as work:
        work.people.save(replace(work.people.get(command.user_id), active=True))
        work.audit(actor_id=actor.user_id, did="reactivate", to=f"user/{command.user_id}", at=clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDeputy:
    principal_id: int
    deputy_id: int
    role: Role
    starts_on: date
    ends_on: date


def set_deputy(command: SetDeputy, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> int:
    """An administrator for anybody, everybody else for the own roles. Raises Forbidden, NotFound, Refusals."""
    _require_own_or_managing(actor, command.principal_id)
    with begin() as work:
        zone = ZoneInfo(work.workspace.get().zone)
        deputy = deputise(
            principal=work.people.get(command.principal_id),
            deputy=work.people.get(command.deputy_id),
            role=command.role,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            today=clock().astimezone(zone).date(),
        )
        work.audit(actor_id=actor.user_id, did="set_deputy", to=f"user/{command.principal_id}", at=clock())
        return work.people.add_deputy(deputy)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndDeputy:
    deputy_id: int


def end_deputy(command: EndDeputy, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> SetDeputy:
    """The command that undoes it. Raises Forbidden, NotFound."""
    with begin() as work:
        ended = work.people.deputy(command.deputy_id)
        _require_own_or_managing(actor, ended.principal_id)
        work.people.remove_deputy(ended.id)
        work.audit(actor_id=actor.user_id, did="end_deputy", to=f"user/{ended.principal_id}", at=clock())
        return SetDeputy(
            principal_id=ended.principal_id,
            deputy_id=ended.deputy_id,
            role=ended.role,
            starts_on=ended.starts_on,
            ends_on=ended.ends_on,
        )


def _require_own_or_managing(actor: Actor, principal_id: int) -> None:
    if actor.user_id != principal_id:
        require(actor, Right.MANAGE_USERS)


def _fresh(*, name: str, username: str, language: Language, roles: frozenset[Role], now: datetime) -> Person:
    return with_roles(
        Person(
            id=0,
            username=username,
            name=name,
            language=language,
            password_hash=None,
            active=True,
            roles=frozenset(),
            created_at=now,
        ),
        roles,
    )


def _invite(work: UnitOfWork, person: Person, *, token: str, now: datetime) -> Invitation:
    work.sessions.drop_links(kind=LinkKind.INVITATION, user_id=person.id)
    work.sessions.add_link(
        Link(
            token_hash=token_hash(token),
            kind=LinkKind.INVITATION,
            user_id=person.id,
            expires_at=now + INVITATION_LIVES,
        )
    )
    return Invitation(user_id=person.id, name=person.name, username=person.username, token=token)
