"""Sessions, one-time links and the lock after wrong passwords: when they live and when they end."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pmcore.domain.errors import N_, PmError

TRIES = 5  #: wrong passwords until a name or an address is locked
FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
INVITATION_LIVES = timedelta(days=7)
SET_UP_LIVES = timedelta(days=1)


class LinkIsDead(PmError):
    """The link was used, has expired or never was one: the same sentence for all three."""

    def __init__(self) -> None:
        super().__init__(N_("This link is used up or has expired. Ask an administrator for a new one."))


class LinkKind(StrEnum):
    SET_UP = "set_up"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser."""

    id: int  #: 0 before the first save
    token_hash: str
    user_id: int
    created_at: datetime
    seen_at: datetime  #: last use by a person; polling does not count
    expires_at: datetime  #: absolute
    ended_at: datetime | None = None
    agent: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A one-time link: set-up or invitation."""

    token_hash: str
    kind: LinkKind
    user_id: int | None
    expires_at: datetime | None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLock:
    """Failed sign-ins of a name or an address."""

    key: str
    failures: int
    last_at: datetime
    locked_until: datetime | None


def token_hash(token: str) -> str:
    """What the database keeps in place of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def checked_link(link: Link | None, *, kind: LinkKind, now: datetime) -> Link:
    """The link, when it may still be used. Raises LinkIsDead."""
    if link is None or link.kind is not kind or link.used_at is not None:
        raise LinkIsDead
    if link.expires_at is not None and link.expires_at <= now:
        raise LinkIsDead
    return link


def lock_key(kind: str, value: str) -> str:
    """A digest, so that the table keeps neither names that were typed by mistake nor addresses."""
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def is_locked(lock: SignInLock, *, now: datetime) -> bool:
    return lock.locked_until is not None and now < lock.locked_until


def failed(lock: SignInLock, *, now: datetime) -> SignInLock:
    """One more wrong password: from the fifth on the key rests, each time for twice as long, up to a bound."""
    failures = 1 if now - lock.last_at > FORGOTTEN_AFTER else lock.failures + 1
    rest = _rest(failures)
    return replace(lock, failures=failures, last_at=now, locked_until=now + rest if rest else None)


def succeeded(lock: SignInLock, *, now: datetime) -> SignInLock:
    """The right password: what went wrong before is forgotten."""
    return replace(lock, failures=0, last_at=now, locked_until=None)


def _rest(failures: int) -> timedelta | None:
    if failures < TRIES:
        return None
    return min(FIRST_LOCK * int(2 ** min(failures - TRIES, 20)), LONGEST_LOCK)
