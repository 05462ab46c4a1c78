"""Answers that hold as long as nobody has committed anything: counts and sums over everything, and short lists.

Nothing is ever older than the database. On SQLite an answer holds until something is committed that it was read from
(`db/commits.py`); PostgreSQL names the snapshot that a question sees, and an answer holds for that one only. Where the
database stands is asked before the question, so that what is committed meanwhile makes the answer look older than it
is, never newer.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Engine, text
from sqlalchemy.orm import Session

from db import commits
from db.commits import Mark
from db.statements import Names

MOST = 4096  #: answers kept by an engine; those that nobody asked for longest go first

_T = TypeVar("_T")


class _Answer(NamedTuple):
    stamp: Any  #: a Mark, or PostgreSQL's snapshot
    asked: datetime | None
    until: datetime | None  #: that moment included
    says: Any
    names: Names  #: what it was read from, where that is known


_Kept = OrderedDict[Hashable, _Answer]
_by_database: WeakKeyDictionary[Dialect, _Kept] = WeakKeyDictionary()
_SNAPSHOT = text("SELECT CAST(pg_current_snapshot() AS text)")


def remembered(
    session: Session,
    key: Hashable,
    ask: Callable[[], _T],
    *,
    now: datetime | None = None,
    until: Callable[[_T], datetime | None] | None = None,
    is_short: bool = False,
) -> _T:
    """What `ask` says, or said when the database was as it is now.

    The key names the question with everything that its answer depends on: the person's id and roles where visibility
    matters. A session that writes is never given one. An answer that time changes gives `now`, and `until`, which says
    until when, that moment included, it holds. A question `is_short` that costs no more than asking for the snapshot.
    """
    engine = session.get_bind()
    if engine.get_execution_options().get("writes") or not isinstance(engine, Engine):
        return ask()  # it may see what is taken back later
    kept = _by_database.setdefault(engine.dialect, OrderedDict())
    watch = commits.of(engine)
    if watch is None:
        return ask() if is_short else _on_snapshot(session, kept, key, ask, now=now, until=until)
    current = watch.now()
    known = kept.get(key)
    if known is not None and _holds(known, now) and watch.is_untouched(known.names, since=known.stamp, now=current):
        if known.stamp != current:
            kept[key] = known._replace(stamp=current)
        _asked_for(kept, key)
        commits.read_before(known.names)
        answer: _T = known.says
        return answer
    stamp = _stamp(session, current)
    with commits.reading() as read:
        answer = ask()
    if stamp is not None:
        _keep(kept, key, _Answer(stamp, now, until(answer) if until else None, answer, frozenset(read.names)))
    return answer


def _stamp(session: Session, current: Mark) -> Mark | None:
    """Of what this session sees, which is the database as it was when it asked first; None where nobody looked then."""
    if not session.in_transaction():
        session.info["mark"] = current
    mark: Mark | None = session.info.get("mark")
    return mark


def _on_snapshot(
    session: Session, kept: _Kept, key: Hashable, ask: Callable[[], _T], *, now: datetime | None,
    until: Callable[[_T], datetime | None] | None,
) -> _T:  # fmt: skip
    if "snapshot" not in session.info:  # an earlier one only makes the answer older than it is
        session.info["snapshot"] = session.scalar(_SNAPSHOT)
    stamp = session.info["snapshot"]
    known = kept.get(key)
    if known is not None and known.stamp == stamp and _holds(known, now):
        _asked_for(kept, key)
        said: _T = known.says
        return said
    answer = ask()
    _keep(kept, key, _Answer(stamp, now, until(answer) if until else None, answer, frozenset()))
    return answer


def _keep(kept: _Kept, key: Hashable, answer: _Answer) -> None:
    kept[key] = answer
    _asked_for(kept, key)
    while len(kept) > MOST:
        with suppress(KeyError):  # another run was faster
            kept.popitem(last=False)


def _asked_for(kept: _Kept, key: Hashable) -> None:
    with suppress(KeyError):  # another run may have let it go meanwhile
        kept.move_to_end(key)


def _holds(answer: _Answer, now: datetime | None) -> bool:
    """A clock that was put back makes an answer as wrong as one that went on."""
    if now is None:
        return True
    return (answer.asked is None or answer.asked <= now) and (answer.until is None or now <= answer.until)


def end_of_minute(now: datetime) -> datetime:
    """Until when a list may be given again whose words change with every moment: "2 h 5 min left"."""
    return now.replace(second=59, microsecond=999_999)
