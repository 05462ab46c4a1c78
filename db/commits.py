"""What has been committed to a SQLite database, and which tables and columns that changed.

Each transaction that changed something counts `PRAGMA user_version` on, in the same transaction, so every process sees
how many there were; what this process's own ones changed is noted under their number. Whoever keeps an answer keeps it
with a `Mark` and with what was read for it (`Reading`), and may give it again while nothing of that was changed. A
commit that this process knows nothing of may have changed anything: another process's has a number that is not noted
here, and another program's leaves the number as it was while `PRAGMA data_version` moves.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, Engine, event

from db.statements import EVERYTHING, Names, changed_by, read_by

KEPT = 512  #: commits whose changes are known


class Mark(NamedTuple):
    """A moment of the database."""

    epoch: int  #: counted on when something was committed that nobody can say anything about
    number: int  #: of the last commit


class Reading:
    """What was read for an answer."""

    def __init__(self) -> None:
        self.names: set[str] = set()


_reading: ContextVar[tuple[Reading, ...]] = ContextVar("reading", default=())


@contextmanager
def reading() -> Iterator[Reading]:
    """What the statements inside read, those of a reading within it too."""
    mine = Reading()
    token = _reading.set((*_reading.get(), mine))
    try:
        yield mine
    finally:
        _reading.reset(token)


def read_before(names: Names) -> None:
    """An answer that was kept is part of the one that is being asked for."""
    for each in _reading.get():
        each.names |= names


class Commits:
    """Of one database, as this process knows it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._watch: Any = None
        self._seen: tuple[int, int] | None = None
        self._epoch = 0
        self._changed: dict[int, Names] = {}

    def now(self) -> Mark:
        """The database as it is, or was a moment ago."""
        with self._lock:
            if self._watch is None:
                self._watch = self._engine.raw_connection()
                self._watch.detach()
            driver = self._watch.dbapi_connection
            number = _number(driver)
            moved = driver.execute("PRAGMA data_version").fetchone()[0]
            if self._seen is not None and moved != self._seen[1] and number == self._seen[0]:
                number = _number(driver)  # perhaps it was counted between the two questions
                self._epoch += number == self._seen[0]
            self._seen = (number, moved)
            return Mark(self._epoch, number)

    def is_untouched(self, names: Names, *, since: Mark, now: Mark) -> bool:
        """Whether nothing of this was changed between the two."""
        if since.epoch != now.epoch or since.number > now.number:
            return False
        for number in range(since.number + 1, now.number + 1):
            changed = self._changed.get(number)
            if changed is None or EVERYTHING in changed or not names.isdisjoint(changed):
                return False
        return True

    def note(self, number: int, changed: Names) -> None:
        self._changed[number] = changed
        self._changed.pop(number - KEPT, None)

    def forget(self, number: int) -> None:
        """It was not committed after all."""
        self._changed.pop(number, None)

    def close(self) -> None:
        with self._lock:
            if self._watch is not None:
                self._watch.close()
            self._watch, self._seen, self._epoch = None, None, self._epoch + 1


_known: WeakKeyDictionary[Dialect, Commits] = WeakKeyDictionary()


def of(engine: Engine) -> Commits | None:
    """None where nobody keeps watch: on PostgreSQL."""
    return _known.get(engine.dialect)


def keep_watch(engine: Engine) -> None:
    """On a SQLite engine, before it is used."""
    commits = _known[engine.dialect] = Commits(engine)

    @event.listens_for(engine, "before_cursor_execute")
    def look(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if changed := changed_by(statement, parameters):
            connection.info.setdefault("changed", set()).update(changed)
        if waiting := _reading.get():
            read = read_by(statement, parameters)
            for each in waiting:
                each.names |= read

    @event.listens_for(engine, "commit")
    def count_on(connection: Connection) -> None:
        changed = connection.info.pop("changed", None)
        if not changed:
            return
        driver: Any = connection.connection.dbapi_connection
        number = _number(driver) % 0x7FFF_FFFF + 1
        driver.execute(f"PRAGMA user_version = {number}")
        connection.info["number"] = number
        commits.note(number, frozenset(changed))

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.info.pop("changed", None)
        connection.info.pop("number", None)

    @event.listens_for(engine, "rollback")
    def take_back(connection: Connection) -> None:
        if (number := connection.info.pop("number", None)) is not None:
            commits.forget(number)

    @event.listens_for(engine, "engine_disposed")
    def close(_engine: Engine) -> None:
        commits.close()


def _number(driver: Any) -> int:
    return int(driver.execute("PRAGMA user_version").fetchone()[0])
