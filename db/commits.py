"""What has been committed to a SQLite database, and which tables and columns that changed.

Each transaction that changed something counts `PRAGMA user_version` on, in the same transaction, so every process sees
how many there were; what this process's own ones changed is noted under their number. Whoever keeps an answer keeps it
with a `Mark` and with what was read for it (`Reading`), and may give it again while nothing of that was changed. A
commit that this process knows nothing of may have changed anything: another process's has a number that is not noted
here, and another program's leaves the number as it was while `PRAGMA data_version` moves.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, Engine, event

from db.models import Base

KEPT = 512  #: commits whose changes are known

_EVERYTHING = "*"
_TABLES = frozenset(Base.metadata.tables)
_QUALIFIED = re.compile(r'"?(\w+)"?\."?(\w+)"?')
_ALIAS = re.compile(r'"?(\w+)"? AS "?(\w+)"?')
_WRITES = re.compile(r'\s*(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "?(\w+)"?')
_SET = re.compile(r'(?:SET |, ?)"?(\w+)"?\s*=', re.I)
_ONLY_READS = re.compile(r"\s*(SELECT|PRAGMA|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|EXPLAIN)\b")

Names = frozenset[str]  #: "table" where its rows count, "table.column" where what stands in them does


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
            if changed is None or _EVERYTHING in changed or not names.isdisjoint(changed):
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
            self._changed.clear()  # another file may be there by the next question, with numbers of its own


_known: WeakKeyDictionary[Dialect, Commits] = WeakKeyDictionary()


def of(engine: Engine) -> Commits | None:
    """None where nobody keeps watch: on PostgreSQL."""
    return _known.get(engine.dialect)


def keep_watch(engine: Engine) -> None:
    """On a SQLite engine, before it is used."""
    commits = _known[engine.dialect] = Commits(engine)

    @event.listens_for(engine, "before_cursor_execute")
    def look(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if changed := changes(statement):
            connection.info.setdefault("changed", set()).update(changed)
        for each in _reading.get():
            each.names |= reads(statement)

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


@lru_cache(maxsize=4096)
def reads(statement: str) -> Names:
    """The tables and the columns that a statement names; all columns of a table of which it qualifies none."""
    aliases = {alias: table for table, alias in _ALIAS.findall(statement) if table in _TABLES}
    named = _TABLES.intersection(re.findall(r"\w+", statement))
    columns: set[str] = set()
    qualified: set[str] = set()
    for whose, column in _QUALIFIED.findall(statement):
        table = whose if whose in _TABLES else aliases.get(whose)
        if table is not None:
            columns.add(f"{table}.{column}")
            qualified.add(table)
    for table in named - qualified:
        columns |= {f"{table}.{column.name}" for column in Base.metadata.tables[table].columns}
    return frozenset(named | columns)


@lru_cache(maxsize=1024)
def changes(statement: str) -> Names:
    """The columns that an UPDATE sets, and those that follow them; the tables whose rows come or go; everything where
    nobody can tell."""
    found = _WRITES.match(statement)
    if found is None:
        return frozenset() if _ONLY_READS.match(statement) else frozenset({_EVERYTHING})
    verb, table = found.groups()
    if table not in _TABLES:
        return frozenset({_EVERYTHING})
    if verb == "UPDATE":
        columns = frozenset(_SET.findall(statement))
        return frozenset(_set_with(table, columns)) if columns else frozenset({_EVERYTHING})
    return frozenset({table} if verb != "DELETE FROM" else _gone_with(table))


def _set_with(table: str, columns: Names) -> Iterator[str]:
    """The columns of the table, and those of others that are set when these are."""
    yield from (f"{table}.{column}" for column in columns)
    for other in Base.metadata.tables.values():
        for key in other.foreign_keys:
            if key.onupdate and key.column.table.name == table and key.column.name in columns:
                yield f"{other.name}.{key.parent.name}"


def _gone_with(table: str) -> Iterator[str]:
    """The table, and those whose rows go or change with its rows."""
    waiting, seen = [table], {table}
    while waiting:
        gone = waiting.pop()
        yield gone
        for other in Base.metadata.tables.values():
            if other.name not in seen and any(
                key.column.table.name == gone and key.ondelete for key in other.foreign_keys
            ):
                seen.add(other.name)
                waiting.append(other.name)
