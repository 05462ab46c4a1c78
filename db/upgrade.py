"""The schema: brought up to this code, by one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from pmcore.domain.errors import N_, PmError

MIGRATIONS = Path(__file__).with_name("migrations")
_PATIENCE_SECONDS = 120  #: how long to wait for another process that is migrating
_POSTGRES_LOCK = 7_018_120_612  #: any number that nothing else in the database locks


class NewerDatabase(PmError):
    """The database was migrated by a later version of this code."""

    def __init__(self) -> None:
        super().__init__(
            N_("This database was made by a newer version of the app. Start that version, or restore an older backup.")
        )


class OutdatedDatabase(PmError):
    """The database lacks migrations that this code needs."""

    def __init__(self) -> None:
        super().__init__(N_("This database is not up to date. Run: python manage.py db upgrade"))


def upgrade(engine: Engine) -> None:
    """Bring the database to this code's schema; nothing happens when it is there. Raises NewerDatabase."""
    with _alone(engine) as connection:
        if not _stands_at_head(connection):
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def is_current(engine: Engine) -> bool:
    """Whether the schema is exactly this code's. Raises NewerDatabase."""
    with engine.connect() as connection:
        return _stands_at_head(connection)


def is_untouched(engine: Engine) -> bool:
    """Whether this code, or an earlier one, has never made its tables here."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() is None


def require_current(engine: Engine) -> None:
    """Raises NewerDatabase, OutdatedDatabase."""
    if not is_current(engine):
        raise OutdatedDatabase


def newest_revision() -> str:
    """The name of the schema that this code needs."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def knows(revision: str) -> bool:
    """Whether this code, or an earlier version of it, made databases of that schema."""
    return revision in {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def _stands_at_head(connection: Connection) -> bool:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and not knows(revision):
        raise NewerDatabase
    return revision == newest_revision()


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One transaction that only one process can be in; it is there or not there as a whole."""
    if engine.dialect.name == "sqlite":
        with _alone_on_sqlite(engine) as connection:
            yield connection
        return
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
        yield connection


@contextmanager
def _alone_on_sqlite(engine: Engine) -> Iterator[Connection]:
    """BEGIN IMMEDIATE. Rebuilding a table drops it, so foreign keys rest meanwhile and are checked at the end."""
    if engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    with engine.execution_options(writes=True).connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute(f"PRAGMA busy_timeout={_PATIENCE_SECONDS * 1000}")
        driver.execute("PRAGMA foreign_keys=OFF")
        connection.detach()  # its settings are not for anybody else
        with connection.begin():
            yield connection
            if broken := connection.execute(text("PRAGMA foreign_key_check")).all():
                raise RuntimeError(f"The migration left rows that refer to nothing: {broken[:5]}")
