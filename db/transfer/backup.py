"""A copy of the SQLite database while the app goes on: SQLite's own online backup."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from pmcore.domain.errors import N_, PmError


class CannotBackUp(PmError):
    """The backup was refused; the sentence says what to use instead."""


def backup(engine: Engine, out: Path, *, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Write a complete database to `out`, which must not exist. Raises CannotBackUp.

    `progress` is called with pages done and pages in all.
    """
    if engine.dialect.name != "sqlite":
        raise CannotBackUp(N_("PostgreSQL has its own backup: use pg_dump."))
    if out.exists():
        raise CannotBackUp(N_("{path} is already there. Choose another name."), path=str(out))
    source = engine.raw_connection()
    target = sqlite3.connect(out)
    try:
        source.driver_connection.backup(  # type: ignore[union-attr]
            target, pages=1000, progress=lambda _status, left, total: progress(total - left, total)
        )
    except sqlite3.Error as error:
        target.close()
        out.unlink(missing_ok=True)
        raise CannotBackUp(N_("The copy could not be written: {reason}."), reason=str(error)) from error
    finally:
        target.close()
        source.close()
