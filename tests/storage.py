"""A database in trouble: locked by somebody who does not finish, or without room for another row."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from sqlalchemy import Engine, event, text

from db.models import Base

WAITS_SECONDS = 0.2  #: for an engine of a test that waits in vain
#: Whoever it cannot ask about, the gate lets through nowhere.
_OF_THE_GATE = ("user", "user_role", "deputy", "session", "workspace")


@contextmanager
def locked(engine: Engine, *, readers_too: bool = False) -> Iterator[None]:
    """Somebody else writes and does not finish; `readers_too` only on PostgreSQL, as while a table is altered."""
    with engine.execution_options(writes=True).connect() as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            tables = ", ".join(f'"{name}"' for name in Base.metadata.tables if name not in _OF_THE_GATE)
            mode = "ACCESS EXCLUSIVE" if readers_too else "EXCLUSIVE"
            connection.execute(text(f"LOCK TABLE {tables} IN {mode} MODE"))
        else:
            connection.execute(text("UPDATE workspace SET version = version"))
        yield


@contextmanager
def full(engine: Engine) -> Iterator[None]:
    """SQLite gets no further page; PostgreSQL answers a write as it does on a full disk."""
    yield from _full_sqlite(engine) if engine.dialect.name == "sqlite" else _full_postgres(engine)


def _full_sqlite(engine: Engine) -> Iterator[None]:
    def no_further_page(connection: sqlite3.Connection, *_: Any) -> None:
        connection.execute("PRAGMA max_page_count=1")  # no less than there are

    engine.dispose()
    event.listen(engine, "connect", no_further_page)
    try:
        _fill_the_last_page(engine)
        yield
    finally:
        event.remove(engine, "connect", no_further_page)
        engine.dispose()


def _fill_the_last_page(engine: Engine) -> None:
    """Every command leaves a row of audit: so many of them that not one more fits."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        columns = "actor_id, did, target, at"
        with suppress(sqlite3.OperationalError):
            while True:
                driver.execute(f"INSERT INTO audit ({columns}) SELECT {columns} FROM audit LIMIT 1")


def _full_postgres(engine: Engine) -> Iterator[None]:
    def refuse(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE")):
            raise psycopg.errors.DiskFull('could not extend file "base/1/2": No space left on device')

    event.listen(engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", refuse)
