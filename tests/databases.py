"""Where tests work: an engine per worker that goes from database to database, and a PostgreSQL one that is emptied.

Most of what a short test costs is the compiling of SQL, which an engine does once, and on PostgreSQL the copying of a
database. So both last longer than a test. What a test can see is as fresh as ever: its own Engine (with its own
listeners), an empty pool, and a database with the template's schema, no row, and every sequence at its beginning.
A test that looks below that, at files, versions of rows or statistics, is marked `own_database`.
"""

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, Connection, Engine, event, make_url

from db.engine import make_engine
from db.models import Base
from tests import postgres

#: Names, columns, constraints, triggers and collected statistics: whatever a test can change besides rows.
_SHAPE = """
select (select array_agg((oid, relname, relnatts, relchecks, reltuples) order by oid) from pg_class
        where relnamespace = 'public'::regnamespace and relkind <> 'S' and reltuples <> 0)::text,
       (select count(*) from pg_class where relnamespace = 'public'::regnamespace),
       (select array_agg((oid, conname) order by oid) from pg_constraint)::text,
       (select array_agg((attrelid, attname, attnotnull) order by attrelid, attnum) from pg_attribute
        where attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace))::text,
       (select count(*) from pg_trigger), (select count(*) from pg_proc)
"""
_FILLED = " union all ".join(
    f"select '{name}' where exists (select * from \"{name}\")" for name in Base.metadata.tables
)
_ADVANCED = "select quote_ident(sequencename) from pg_sequences where schemaname = 'public' and last_value is not null"
_OTHERS = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""


def of_this_run(factory: pytest.TempPathFactory) -> Path:
    """A directory that all workers of the run share."""
    home = factory.getbasetemp()
    return home.parent if "PYTEST_XDIST_WORKER" in os.environ else home


@contextmanager
def once(file: Path) -> Iterator[bool]:
    """Whoever comes first is told so and makes the file; the others wait for it. One that failed leaves it undone."""
    done = file.with_suffix(".done")
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not done.exists()
        done.touch()


def empty(engine: Engine) -> None:
    """No rows, and ids begin at one; much quicker on PostgreSQL than TRUNCATE, which makes every file anew."""
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            _empty_postgres(connection.connection.dbapi_connection)
            return
        connection.exec_driver_sql("pragma defer_foreign_keys = on")  # in any order
        for name in filled(connection):
            connection.exec_driver_sql(f'delete from "{name}"')


def filled(connection: Connection) -> list[str]:
    """The tables that have rows."""
    return [name for (name,) in connection.exec_driver_sql(_FILLED)]


def _empty_postgres(connection: Any) -> None:
    """In a transaction of the caller's."""
    connection.execute("set local session_replication_role = replica")  # in any order
    for (name,) in connection.execute(_FILLED).fetchall():
        connection.execute(f'delete from "{name}"')
    for (name,) in connection.execute(_ADVANCED).fetchall():
        connection.execute(f"alter sequence {name} restart")


class Travelling:
    """An engine that connects to wherever the running test has its database."""

    def __init__(self, url: str) -> None:
        self._engine = make_engine(url)
        self._to = make_url(url)
        event.listen(self._engine, "do_connect", self._redirect)

    def _redirect(self, dialect: Any, _record: Any, arguments: list[Any], parameters: dict[str, Any]) -> None:
        if dialect.name == "sqlite":
            arguments[0] = self._to.database
        else:
            parameters["dbname"] = self._to.database

    @contextmanager
    def at(self, url: str) -> Iterator[Engine]:
        """An Engine of the test's own: what listens to it ends with it, what was compiled stays."""
        self._to = make_url(url)
        engine = self._engine.execution_options()
        engine.url = self._to
        yield engine
        engine.dispose()


class Engines:
    """One that travels for each backend."""

    def __init__(self) -> None:
        self._by_backend: dict[str, Travelling] = {}

    @contextmanager
    def at(self, url: str) -> Iterator[Engine]:
        backend = make_url(url).get_backend_name()
        if backend not in self._by_backend:
            self._by_backend[backend] = Travelling(url)
        with self._by_backend[backend].at(url) as engine:
            yield engine


class Kept:
    """A PostgreSQL database that is emptied for the next test, or made anew when a test changed more than rows."""

    def __init__(self, databases: postgres.Databases, template: str) -> None:
        self._databases, self._template = databases, template
        self._name = ""
        self._shape: Any = None
        self._connection: psycopg.Connection[Any] | None = None

    def url(self) -> URL:
        """Of an empty database."""
        if not self._name or not self._emptied():
            self.drop()
            self._name = f"kept_{uuid.uuid4().hex[:12]}"
            address = self._databases.create(self._name, template=self._template)
            plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
            self._connection = psycopg.connect(plain, autocommit=True)
            self._shape = self._connection.execute(_SHAPE).fetchone()
        return self._databases.at(self._name)

    def _emptied(self) -> bool:
        assert self._connection is not None
        self._connection.execute(_OTHERS)
        if self._connection.execute(_SHAPE).fetchone() != self._shape:
            return False
        with self._connection.transaction():
            _empty_postgres(self._connection)
        return True

    def drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._databases.drop(self._name)
        self._name, self._connection = "", None
