"""Answers that hold as long as nobody has committed anything: counts and sums over everything, and short lists.

Nothing is ever older than the database. SQLite counts the commits of others (`data_version`) and a connection its own
changes; PostgreSQL names the snapshot that a question sees. An answer is kept with that stamp, taken before it was
asked for, and given again only while the stamp is the same.
"""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

MOST = 256  #: answers kept by a connection (SQLite) or an engine (PostgreSQL)

_T = TypeVar("_T")
#: By the question: the stamp, when it was asked, until when the answer holds, the answer.
_Kept = dict[Hashable, tuple[Hashable, datetime | None, datetime | None, Any]]
_by_engine: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
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
    if session.connection().get_execution_options().get("writes"):
        return ask()  # it may see what is taken back later
    if is_short and session.connection().dialect.name != "sqlite":
        return ask()
    kept, stamp = _kept(session)
    known = kept.get(key)
    if known is not None and known[0] == stamp and _holds(known[1], known[2], now):
        answer: _T = known[3]
        return answer
    answer = ask()
    if len(kept) >= MOST:
        kept.clear()
    kept[key] = (stamp, now, until(answer) if until else None, answer)
    return answer


def _holds(asked: datetime | None, until: datetime | None, now: datetime | None) -> bool:
    """A clock that was put back makes an answer as wrong as one that went on."""
    return now is None or ((asked is None or asked <= now) and (until is None or now <= until))


def end_of_minute(now: datetime) -> datetime:
    """Until when a list may be given again whose words change with every moment: "2 h 5 min left"."""
    return now.replace(second=59, microsecond=999_999)


def _kept(session: Session) -> tuple[_Kept, Hashable]:
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        kept: _Kept = connection.connection.info.setdefault("remembered", {})
        return kept, (driver.total_changes, driver.execute("PRAGMA data_version").fetchone())
    engine = connection.engine
    if engine not in _by_engine:
        _by_engine[engine] = {}
    if "snapshot" not in session.info:  # an earlier one only makes the answer older than it is
        session.info["snapshot"] = session.scalar(_SNAPSHOT)
    return _by_engine[engine], session.info["snapshot"]
