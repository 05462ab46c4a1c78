"""Everything that people entered goes out and comes back, on either engine."""

import json
import sqlite3

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.engine import make_engine
from db.models import Base, UserRow
from db.transfer.backup import CannotBackUp, backup
from db.transfer.dump import dump
from db.transfer.form import DUMPED, EXCLUDED
from db.transfer.load import CannotLoad, load
from pmcore.domain.vocabulary import Role
from pmcore.usecases.example import LoadExample
from tests.factories import make_policy, make_user, make_workspace
from wiring import run


@pytest.fixture
def told(wired, rows, as_user):
    """The worked example, in the database of this test."""
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        administrator = make_user(session, "Ada", Role.ADMINISTRATOR).id
    with as_user(administrator):
        run(LoadExample())
    return list(dump(wired))


@pytest.fixture
def empty(empty_database_url):
    """An empty database; with `told` every pair of engines is tried."""
    engine = make_engine(empty_database_url)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_every_table_is_carried_or_named_as_left_behind():
    assert set(DUMPED) | set(EXCLUDED) == set(Base.metadata.tables) | {"alembic_version"}
    assert not set(DUMPED) & set(EXCLUDED)


def test_a_dump_loaded_and_dumped_again_is_the_same(told, empty):
    assert load(empty, told) == json.loads(told[-1])["end"]
    assert list(dump(empty)) == told


def test_ids_go_on_after_the_loaded_ones(told, empty):
    load(empty, told)
    with Session(empty.execution_options(writes=True)) as session, session.begin():
        highest = session.scalar(select(func.max(UserRow.id)))
        assert make_user(session, "New", Role.VIEWER).id == highest + 1


def _with_fault(lines, number, change):
    row = json.loads(lines[number - 1])
    change(row)
    return [*lines[: number - 1], json.dumps(row) + "\n", *lines[number:]]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda line: line.update(table="nothing"), "there is no table"),
        (lambda line: line["row"].pop("name"), "its columns"),
        (lambda line: line["row"].update(active="yes"), "does not fit"),
        (lambda line: line["row"].update(language="xx"), "the database refuses the row"),
    ],
)
def test_a_fault_is_named_by_its_line_and_nothing_is_kept(told, empty, change, says):
    with pytest.raises(CannotLoad) as refused:
        load(empty, _with_fault(told, 3, change))
    assert says in str(refused.value)
    assert "Line 3" in str(refused.value)
    with Session(empty) as session:
        assert not session.scalar(select(func.count()).select_from(UserRow))


@pytest.mark.sqlite_only
@pytest.mark.parametrize("cut", [1, 0.5])
def test_half_a_dump_is_refused(told, empty, cut):
    kept = told[:-1] if cut == 1 else told[: len(told) // 2]
    with pytest.raises(CannotLoad):
        load(empty, kept)
    with Session(empty) as session:
        assert not session.scalar(select(func.count()).select_from(UserRow))


def test_a_database_with_data_is_not_loaded_into(told, wired):
    with pytest.raises(CannotLoad):
        load(wired, told)


@pytest.mark.parametrize("head", ['{"format":"else"}\n', '{"format":"postmortems","version":99,"rows":{}}\n', "no\n"])
def test_another_file_is_refused(empty, head):
    with pytest.raises(CannotLoad):
        load(empty, [head])


@pytest.mark.sqlite_only
def test_a_backup_is_a_complete_database(told, wired, tmp_path):
    backup(wired, tmp_path / "copy.db")
    copy = make_engine(f"sqlite:///{tmp_path}/copy.db")
    assert list(dump(copy)) == told
    copy.dispose()
    assert sqlite3.connect(tmp_path / "copy.db").execute("pragma integrity_check").fetchone() == ("ok",)
    with pytest.raises(CannotBackUp):
        backup(wired, tmp_path / "copy.db")
