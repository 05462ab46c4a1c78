"""The engine: how this process talks to SQLite or PostgreSQL, and what their failures mean to a person."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from db import commits
from pmcore.domain.errors import N_, EditConflict, PmError

BUSY_SECONDS = 5.0  #: how long a writer waits for another one


class StorageBusy(PmError):
    """The write lock was not to be had in time."""

    def __init__(self) -> None:
        super().__init__(N_("The database is busy, so nothing was saved. What you typed is still here: try again."))


class StorageFull(PmError):
    """The disk, or the database's own limit, has no room left."""

    def __init__(self) -> None:
        super().__init__(
            N_("The database has no room left, so nothing was saved. Keep this page open and tell an administrator.")
        )


class BadAddress(PmError):
    """`DATABASE_URL` names no database that this app can use."""

    def __init__(self) -> None:  # without the address: there may be a password in it
        super().__init__(
            N_("DATABASE_URL is not understood. Write sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME.")
        )


def make_engine(url: str, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine whose transactions begin as this app needs them (see `unit_of_work`). Raises BadAddress."""
    try:
        backend = make_url(url).get_dialect().name
    except (ArgumentError, ValueError):
        backend = ""
    if backend not in ("sqlite", "postgresql"):
        raise BadAddress
    if backend == "sqlite":
        engine = create_engine(
            url,
            # Reading a long question takes SQLite longer than answering it, and a connection knows those that it read.
            connect_args={"timeout": busy_seconds, "cached_statements": 512},
            pool_size=15,
            pool_use_lifo=True,  # so that the one which was asked last is asked again
            hide_parameters=True,
        )
        _tune_sqlite(engine)
        commits.keep_watch(engine)
    else:
        engine = _postgres(url, busy_seconds)
    event.listen(engine, "handle_error", _say_it)
    return engine


def _postgres(url: str, busy_seconds: float) -> Engine:
    return create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,  # an error that is logged names no text of people
        pool_size=10,
        max_overflow=20,
        # Compiling a plan takes longer than any question asked here.
        connect_args={"options": f"-c lock_timeout={int(busy_seconds * 1000)} -c jit=off"},
    )


def _tune_sqlite(engine: Engine) -> None:
    """SQLite's own BEGIN is deferred: two writers read the same row, and one of them loses its change."""

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def take_the_lock(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def storage_errors() -> Iterator[None]:
    """Around a transaction: what a busy or full database answered is said, whatever failed because of it.

    SQLite may end the whole transaction when it is full; going back to a savepoint then fails once more.
    Raises StorageBusy, StorageFull, EditConflict.
    """
    try:
        yield
    except StaleDataError as error:
        raise EditConflict() from error
    except SQLAlchemyError as error:
        if said := _said_before(error):
            raise said from None
        raise


def _said_before(error: BaseException | None) -> PmError | None:
    """The sentence among what led to this error."""
    if error is None or isinstance(error, StorageBusy | StorageFull):
        return error
    return _said_before(error.__cause__) or _said_before(error.__context__)


def _say_it(context: ExceptionContext) -> PmError | None:
    """For whoever reads, too: no page shows what a driver says."""
    return _meaning(context.original_exception)


#: PostgreSQL: lock not available, deadlock, serialization, cancelled
_BUSY_STATES = {"55P03", "40P01", "40001", "57014"}
_FULL_STATES = {"53100", "53000", "53200"}  #: disk full, insufficient resources, out of memory


def _meaning(error: BaseException) -> PmError | None:
    """Of an error of a driver."""
    state = getattr(error, "sqlstate", None)
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    if state in _BUSY_STATES or primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StorageBusy()
    if state in _FULL_STATES or primary == sqlite3.SQLITE_FULL:
        return StorageFull()
    return None
