"""A copy of the SQLite database while the app goes on: SQLite's own online backup."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from db.transfer.private_file import private_file
from pmcore.domain.errors import N_, PmError

PAGES_AT_ONCE = 1000


class CannotBackUp(PmError):
    """The backup was refused; the sentence says what to use instead."""


def backup(engine: Engine, out: Path, *, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Write a complete database to `out`, which must not exist. Raises CannotBackUp, CannotWrite.

    `progress` is called with pages done and pages in all.
    """
    if engine.dialect.name != "sqlite":
        raise CannotBackUp(N_("PostgreSQL has its own backup: use pg_dump."))
    if out.exists():
        raise CannotBackUp(N_("{path} is already there. Choose another name."), path=str(out))
    source = engine.raw_connection()
    try:
        with private_file(out) as part:
            _copy(source.driver_connection, part, progress)  # type: ignore[arg-type]
    except sqlite3.Error as error:
        raise CannotBackUp(N_("The copy could not be written: {reason}."), reason=str(error)) from error
    finally:
        source.close()


def _copy(source: sqlite3.Connection, part: Path, progress: Callable[[int, int], None]) -> None:
    """Of one moment: while a reader stands in the log, what others write does not make the copy begin again."""
    source.execute("begin")
    source.execute("select count(*) from sqlite_master").fetchone()
    target = sqlite3.connect(part)
    try:
        source.backup(target, pages=PAGES_AT_ONCE, progress=lambda _status, left, total: progress(total - left, total))
    finally:
        target.close()
        source.execute("rollback")
