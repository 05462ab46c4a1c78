"""The filled databases: made once for a size, a schema and this generator, kept in var/bench, copied for each run."""

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from db.engine import make_engine
from db.models import Base
from db.upgrade import upgrade
from tests.bench import workspace

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "var" / "bench"


def database(count: int, into: Path) -> Path:
    """A copy, in the folder, of the database with so many post-mortems; made anew on another day or for other code."""
    kept = KEPT / f"{count}-{_fingerprint()}.db"
    if not kept.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        for old in KEPT.glob(f"{count}-*.db*"):
            old.unlink()
        _make(count, kept)
    copied = into / f"{count}.db"
    shutil.copyfile(kept, copied)
    return copied


def _make(count: int, kept: Path) -> None:
    being_made = kept.with_suffix(".making")
    being_made.unlink(missing_ok=True)
    engine = make_engine(f"sqlite:///{being_made}")
    upgrade(engine)
    workspace.fill(engine, count, now=datetime.now(UTC))
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    being_made.rename(kept)


def _fingerprint() -> str:
    """Of the schema, of the generator and of the month, so that what is due lately stays lately."""
    dialect = sqlite.dialect()
    said = [str(CreateTable(table).compile(dialect=dialect)) for table in Base.metadata.sorted_tables]
    said += sorted(
        str(CreateIndex(index).compile(dialect=dialect))
        for table in Base.metadata.sorted_tables
        for index in table.indexes
    )
    said += [Path(workspace.__file__).read_text(), f"{datetime.now(UTC):%Y-%m}"]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
