import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from db.engine import make_engine
from db.models import Base
from db.upgrade import NewerDatabase, OutdatedDatabase, is_current, require_current, upgrade


def shape(engine: Engine) -> dict[str, object]:
    """Everything a schema says about its tables, in comparable form."""
    asked = inspect(engine)

    def sorted_by_text(found):
        return sorted(str(sorted(one.items(), key=lambda item: item[0])) for one in found)

    return {
        table: {
            "columns": sorted_by_text({**column, "type": str(column["type"])} for column in asked.get_columns(table)),
            "key": asked.get_pk_constraint(table),
            "references": sorted_by_text(asked.get_foreign_keys(table)),
            "unique": sorted_by_text(asked.get_unique_constraints(table)),
            "checks": sorted_by_text(asked.get_check_constraints(table)),
            "indexes": sorted_by_text(
                {**index, "dialect_options": {name: str(value) for name, value in index["dialect_options"].items()}}
                for index in asked.get_indexes(table)
            ),
        }
        for table in asked.get_table_names()
        if table != "alembic_version"
    }


@pytest.fixture
def empty(empty_database_url):
    engine = make_engine(empty_database_url)
    yield engine
    engine.dispose()


def test_the_migrations_lead_to_the_models(empty):
    assert not is_current(empty)
    with pytest.raises(OutdatedDatabase):
        require_current(empty)
    upgrade(empty)
    require_current(empty)
    with empty.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    migrated = shape(empty)
    assert migrated == shape(models_in(empty))


def models_in(engine: Engine) -> Engine:
    """The same database, made anew from the models."""
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        else:
            Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
    return engine


def test_migrating_twice_changes_nothing(empty):
    upgrade(empty)
    upgrade(empty)
    assert is_current(empty)


def test_servers_that_start_together_migrate_once(empty, empty_database_url):
    steps = ("import sys", "from db.engine import make_engine", "from db.upgrade import upgrade")
    migrate = "; ".join((*steps, "upgrade(make_engine(sys.argv[1]))"))

    def start(_):
        return subprocess.run([sys.executable, "-c", migrate, empty_database_url], capture_output=True, text=True)

    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(start, range(4)))
    assert [process.stderr for process in ended if process.returncode] == []
    assert is_current(empty)
    with empty.connect() as connection:
        assert connection.execute(text("select count(*) from alembic_version")).scalar() == 1


def test_a_newer_database_is_refused_and_left_alone(empty):
    upgrade(empty)
    with empty.execution_options(writes=True).begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    for attempt in (upgrade, is_current, require_current):
        with pytest.raises(NewerDatabase, match="newer version of the app"):
            attempt(empty)
    with empty.connect() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalar() == "9999"


def test_a_migration_that_fails_leaves_nothing_behind(empty, monkeypatch):
    monkeypatch.setattr("alembic.command.upgrade", lambda config, _: half_of_it(config.attributes["connection"]))
    with pytest.raises(ZeroDivisionError):
        upgrade(empty)
    assert inspect(empty).get_table_names() == []


def half_of_it(connection):
    connection.execute(text("create table half (id integer)"))
    raise ZeroDivisionError


@pytest.mark.sqlite_only
def test_the_folder_of_the_embedded_database_is_made(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/var/pm.db")
    upgrade(engine)
    assert (tmp_path / "var" / "pm.db").exists()
    engine.dispose()
