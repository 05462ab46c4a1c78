"""How people get in for the first time: the set-up link of an empty workspace, and invitations."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pmcore.domain.people import Person, name_of, password_of, username_of
from pmcore.domain.policy import Policy, to_content
from pmcore.domain.sessions import SET_UP_LIVES, Lifetimes, Link, LinkIsDead, LinkKind, checked_link, token_hash
from pmcore.domain.vocabulary import Language, Role
from pmcore.domain.workspace import Workspace, checked
from pmcore.ports import Clock, NewToken, OpenUnitOfWork, Passwords
from pmcore.usecases.identity import NOWHERE, Browser, SignedIn, opened
from pmcore.usecases.onboarding import welcome

ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)  #: the first policy holds for whatever is told of the past


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSetUp:
    """At each start of the server, while nobody can sign in."""


def offer_set_up(command: OfferSetUp, *, begin: OpenUnitOfWork, clock: Clock, new_token: NewToken) -> str | None:
    """The token of a new set-up link; None when somebody can sign in already.

    Earlier links keep working until one of them is used: several processes may start together, and somebody may have
    one of them open.
    """
    with begin() as work:
        now = clock()
        if any(person.password_hash for person in work.people.all()):
            work.sessions.drop_links(kind=LinkKind.SET_UP, user_id=None)
            return None
        work.sessions.drop_links(kind=LinkKind.SET_UP, user_id=None, expired_at=now)
        token = new_token()
        work.sessions.add_link(
            Link(token_hash=token_hash(token), kind=LinkKind.SET_UP, user_id=None, expires_at=now + SET_UP_LIVES)
        )
        return token


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    token: str
    name: str
    username: str
    password: str
    workspace_name: str
    zone: str
    language: Language
    browser: Browser = NOWHERE


def set_up(
    command: SetUp,
    *,
    begin: OpenUnitOfWork,
    clock: Clock,
    new_token: NewToken,
    passwords: Passwords,
    lifetimes: Lifetimes,
) -> SignedIn:
    """The first administrator, the workspace and the first policy, in one go. All such links are dead afterwards.

    Raises LinkIsDead, Refusals, NotAPerson, UsernameTaken.
    """
    with begin() as work:
        checked_link(work.sessions.link(token_hash(command.token)), kind=LinkKind.SET_UP, now=clock())
    name, username = name_of(command.name), username_of(command.username)
    password = password_of(command.password, username=username)
    asked = checked(Workspace(name=command.workspace_name.strip(), zone=command.zone, language=command.language))
    password_hash = passwords.hashed(password)
    with begin() as work:
        now = clock()
        hashed_token = token_hash(command.token)
        work.sessions.hold_links(kind=LinkKind.SET_UP)
        checked_link(work.sessions.link(hashed_token), kind=LinkKind.SET_UP, now=now)
        if any(person.password_hash for person in work.people.all()):
            raise LinkIsDead
        work.sessions.use_link(hashed_token, at=now)
        work.sessions.drop_links(kind=LinkKind.SET_UP, user_id=None)
        if (known := work.workspace.find()) is None:
            work.workspace.add(asked)
        else:
            work.workspace.save(replace(known, name=asked.name, zone=asked.zone, language=asked.language))
        if not work.workspace.newest_policy():
            first = to_content(Policy(number=1))
            work.workspace.add_policy(number=1, content=first, valid_from=ALWAYS, by_id=None, note="")
        user_id = work.people.add(
            Person(
                id=0,
                username=username,
                name=name,
                language=command.language,
                password_hash=password_hash,
                active=True,
                roles=frozenset({Role.ADMINISTRATOR}),
                created_at=now,
            )
        )
        work.audit(actor_id=user_id, did="set_up", to="workspace/1", at=now)
        return opened(work, user_id=user_id, browser=command.browser, token=new_token(), now=now, lifetimes=lifetimes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Open an invitation: choose name and password. Also how a forgotten password is replaced."""

    token: str
    name: str
    password: str
    language: Language
    browser: Browser = NOWHERE


def join(
    command: Join,
    *,
    begin: OpenUnitOfWork,
    clock: Clock,
    new_token: NewToken,
    passwords: Passwords,
    lifetimes: Lifetimes,
) -> SignedIn:
    """The link is dead afterwards, and sessions from before end. Raises LinkIsDead, NotAPerson."""
    hashed_token = token_hash(command.token)
    with begin() as work:
        link = checked_link(work.sessions.link(hashed_token), kind=LinkKind.INVITATION, now=clock())
        username = work.people.get(link.user_id or 0).username
    name = name_of(command.name)
    password_hash = passwords.hashed(password_of(command.password, username=username))
    with begin() as work:
        now = clock()
        link = checked_link(work.sessions.link(hashed_token), kind=LinkKind.INVITATION, now=now)
        person = work.people.get(link.user_id or 0)
        if not person.active:
            raise LinkIsDead
        work.sessions.use_link(hashed_token, at=now)
        work.people.save(replace(person, name=name, language=command.language, password_hash=password_hash))
        work.sessions.end_all(user_id=person.id, at=now)
        if person.password_hash is None:
            welcome(work, person, now=now)
        work.audit(actor_id=person.id, did="join", to=f"user/{person.id}", at=now)
        return opened(work, user_id=person.id, browser=command.browser, token=new_token(), now=now, lifetimes=lifetimes)
