"""Signing in and out. No right is asked for here: these commands are how somebody becomes an actor."""

from dataclasses import dataclass
from datetime import datetime

from pmcore.domain.errors import N_, PmError
from pmcore.domain.people import Person, normal_password, username_key
from pmcore.domain.permissions import Actor
from pmcore.domain.sessions import Lifetimes, Session, failed, is_locked, lock_key, succeeded, token_hash
from pmcore.ports import Clock, NewToken, OpenUnitOfWork, Passwords, UnitOfWork

AGENT_LENGTH = 120


class WrongSignIn(PmError):
    """The same sentence for an unknown name, a wrong password and a deactivated person."""

    def __init__(self) -> None:
        super().__init__(
            N_("Name and password do not match. Check both; five wrong passwords close the door for a while.")
        )


class SignInLocked(PmError):
    """Too many wrong passwords for this name, or from this address."""

    def __init__(self, seconds: int) -> None:
        super().__init__(N_("Too many wrong passwords. Try again in {seconds} seconds."), seconds=seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Where somebody signs in, for the person's own list of sessions."""

    address: str = ""
    agent: str = ""


NOWHERE = Browser()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    user_id: int
    token: str  #: for the cookie; only its digest is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    username: str
    password: str
    browser: Browser


def sign_in(
    command: SignIn,
    *,
    begin: OpenUnitOfWork,
    clock: Clock,
    new_token: NewToken,
    passwords: Passwords,
    lifetimes: Lifetimes,
) -> SignedIn:
    """Raises WrongSignIn, SignInLocked."""
    person = check_password(
        command.username, command.password, command.browser.address, begin=begin, clock=clock, passwords=passwords
    )
    with begin() as work:
        now = clock()
        work.sessions.purge(before=now)
        return opened(work, user_id=person.id, browser=command.browser, token=new_token(), now=now, lifetimes=lifetimes)


def check_password(
    username: str, password: str, address: str, *, begin: OpenUnitOfWork, clock: Clock, passwords: Passwords
) -> Person:
    """The active person with this name and password. Raises WrongSignIn, SignInLocked.

    A try counts against the name before the slow check and is taken back after a right one, so that guesses given at
    once cannot outrun the lock.
    """
    name_lock = lock_key("name", username_key(username))
    address_lock = lock_key("address", address)
    with begin() as work:
        now = clock()
        locks = [work.sessions.lock(key, at=now) for key in (name_lock, address_lock)]
        closed = [lock.locked_until for lock in locks if lock.locked_until and is_locked(lock, now=now)]
        if not closed:
            work.sessions.save_lock(failed(locks[0], now=now))
        person = work.people.find(username)
    if closed:
        raise SignInLocked(int((max(closed) - now).total_seconds()) + 1)
    known = person.password_hash if person and person.active else None
    right = passwords.matches(normal_password(password), known)
    with begin() as work:
        now = clock()
        if right:
            work.sessions.save_lock(succeeded(work.sessions.lock(name_lock, at=now), now=now))
        after = succeeded if right else failed
        work.sessions.save_lock(after(work.sessions.lock(address_lock, at=now), now=now))
    if not right or person is None:
        raise WrongSignIn
    return person


def opened(
    work: UnitOfWork, *, user_id: int, browser: Browser, token: str, now: datetime, lifetimes: Lifetimes
) -> SignedIn:
    """A new session of this person inside an open unit of work."""
    work.sessions.add(
        Session(
            id=0,
            token_hash=token_hash(token),
            user_id=user_id,
            created_at=now,
            seen_at=now,
            expires_at=now + lifetimes.absolute,
            agent=browser.agent[:AGENT_LENGTH],
            address=browser.address,
        )
    )
    work.audit(actor_id=user_id, did="sign_in", to=f"user/{user_id}", at=now)
    return SignedIn(user_id=user_id, token=token)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """For somebody whose identity was made sure in another way; never reachable from outside by itself."""

    user_id: int
    browser: Browser = NOWHERE


def open_session(
    command: OpenSession, *, begin: OpenUnitOfWork, clock: Clock, new_token: NewToken, lifetimes: Lifetimes
) -> SignedIn:
    """Raises NotFound."""
    with begin() as work:
        person = work.people.get(command.user_id)
        return opened(
            work, user_id=person.id, browser=command.browser, token=new_token(), now=clock(), lifetimes=lifetimes
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOut:
    token: str


def sign_out(command: SignOut, *, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Nothing happens when the session is over already."""
    with begin() as work:
        user_id = work.sessions.end(token_hash=token_hash(command.token), at=clock())
        if user_id is not None:
            work.audit(actor_id=user_id, did="sign_out", to=f"user/{user_id}", at=clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepSession:
    """A person, not a poll, used the session."""

    token_hash: str


def keep_session(command: KeepSession, *, begin: OpenUnitOfWork, clock: Clock) -> None:
    with begin() as work:
        work.sessions.touch(token_hash=command.token_hash, at=clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOtherSessions:
    but: int | None  #: the session from which this is asked


def end_other_sessions(command: EndOtherSessions, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> int:
    """How many ended. Anybody may end the own ones."""
    with begin() as work:
        ended = work.sessions.end_all(user_id=actor.user_id, at=clock(), but=command.but)
        work.audit(actor_id=actor.user_id, did="end_other_sessions", to=f"user/{actor.user_id}", at=clock())
        return ended


@dataclass(frozen=True, slots=True, kw_only=True)
class EndEverySession:
    """From the command line: after a restore, or when somebody may have got hold of a session."""


def end_every_session(command: EndEverySession, *, begin: OpenUnitOfWork, clock: Clock) -> int:
    """How many ended. No actor: whoever has the console has the database."""
    with begin() as work:
        now = clock()
        ended = sum(work.sessions.end_all(user_id=person.id, at=now) for person in work.people.all())
        work.audit(actor_id=None, did="end_every_session", to="workspace/1", at=now)
        return ended
