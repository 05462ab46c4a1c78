"""Who is acting: the person that the session gate found, read from the database with today's roles."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from db.queries.actor import load_actor
from pmcore.domain.errors import N_, PmError
from pmcore.domain.permissions import Actor
from wiring import parts

_T = TypeVar("_T")
REMEMBERED_SECONDS = 1.0  #: for questions only; a command always reads anew

_acting: ContextVar[int | None] = ContextVar("acting", default=None)
_resolver: list[Callable[[], int | None]] = []
_everybody: list[tuple[float, Any]] = []
_remembered: dict[int, tuple[float, Actor]] = {}


class SignedOut(PmError):
    """Nobody is behind this request, or the person was deactivated."""

    def __init__(self) -> None:
        super().__init__(N_("You are signed out. Sign in again; what you typed is still here."))


@contextmanager
def as_user(user_id: int) -> Iterator[None]:
    """Everything inside is done by this person (web routes, the command line, tests)."""
    token = _acting.set(user_id)
    try:
        yield
    finally:
        _acting.reset(token)


def ask_for_user(resolver: Callable[[], int | None]) -> None:
    """Register who knows the user id where nobody has said it: in the app, `st.user`."""
    _resolver[:] = [resolver]


def user_id() -> int | None:
    return _acting.get() or (_resolver[0]() if _resolver else None)


def actor(*, fresh: bool = False) -> Actor:
    """Raises SignedOut when there is nobody, or nobody active."""
    known = user_id()
    if known is None:
        raise SignedOut
    if not fresh and (hit := _remembered.get(known)) and time.monotonic() - hit[0] < REMEMBERED_SECONDS:
        return hit[1]
    found = load_actor(parts.engine(), user_id=known, now=parts.clock())
    if found is None:
        _remembered.pop(known, None)
        raise SignedOut
    _remembered[known] = (time.monotonic(), found)
    return found


def forget() -> None:
    """After a command: what was remembered of anybody may be wrong now."""
    _remembered.clear()
    _everybody.clear()


def everybody(ask: Callable[[], _T]) -> _T:
    """What `ask` says of all people, once for all that a run asks; held as briefly as the actor."""
    known = next(iter(_everybody), None)  # another thread may forget it meanwhile
    if known is None or time.monotonic() - known[0] >= REMEMBERED_SECONDS:
        known = (time.monotonic(), ask())
        _everybody[:] = [known]
    answer: _T = known[1]
    return answer
