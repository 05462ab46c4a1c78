"""Everything that people entered goes out and comes back, on either engine."""

import json
import sqlite3
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.engine import make_engine
from db.models import Base, UserRow
from db.transfer.backup import CannotBackUp, backup
from db.transfer.dump import dump
from db.transfer.form import DUMPED, EXCLUDED
from db.transfer.load import CannotLoad, load
from db.transfer.private_file import CannotWrite, private_file
from pmcore.domain.vocabulary import Role
from pmcore.usecases.example import LoadExample
from tests.factories import make_policy, make_user, make_workspace
from tests.told import told_once
from wiring import acting, run


@told_once
def example(engine):
    with Session(engine.execution_options(writes=True)) as session, session.begin():
        make_workspace(session)
        make_policy(session)
        administrator = make_user(session, "Ada", Role.ADMINISTRATOR).id
    with acting.as_user(administrator):
        run(LoadExample())


@pytest.fixture
def told(wired, clock):
    """The worked example, in the database of this test."""
    example(wired)
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


def test_progress_is_told_up_to_the_last_row(wired, told, empty, monkeypatch):
    monkeypatch.setattr("db.transfer.load.BATCH_ROWS", 10)
    out, into = [], []
    list(dump(wired, progress=lambda done, total: out.append((done, total))))
    rows = load(empty, told, progress=lambda done, total: into.append((done, total)))
    assert out[-1] == into[-1] == (rows, rows)
    assert len(into) > 2
    assert into == sorted(into)
    assert {total for _done, total in into} == {rows}


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


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("no", "This is not a dump of this app"),
        ("[1]", "This is not a dump of this app"),
        ('{"format":"else"}', "This is not a dump of this app"),
        ('{"format":"postmortems","version":99}', "version 99, this app reads version 1"),
        ('{"format":"postmortems","version":1,"schema":"9999"}', "made by a newer version of the app"),
        ('{"format":"postmortems","version":1,"schema":"0001"}', "Line 1: it does not say how many rows"),
    ],
)
def test_another_file_is_refused(empty, monkeypatch, head, says):
    monkeypatch.setattr("db.transfer.load.newest_revision", lambda: "0001")
    with pytest.raises(CannotLoad, match=says):
        load(empty, [head + "\n"])


def test_a_dump_of_an_older_schema_is_refused(told, empty, monkeypatch):
    monkeypatch.setattr("db.transfer.load.newest_revision", lambda: "0002")
    with pytest.raises(CannotLoad, match="older version"):
        load(empty, told)


def test_of_two_loads_at_once_one_is_refused(told, empty):
    with ThreadPoolExecutor() as pool:
        both = [pool.submit(load, empty, told) for _ in range(2)]
    refused = [done.exception() for done in both if done.exception()]
    assert [type(error) for error in refused] == [CannotLoad], refused
    assert "already holds data" in str(refused[0])
    assert list(dump(empty)) == told


def test_what_is_written_during_a_dump_is_in_the_next_one(told, wired, rows):
    lines = dump(wired)
    begun = [next(lines), next(lines)]
    with rows() as session:
        make_user(session, "Newcomer")
    assert [*begun, *lines] == told
    assert len(list(dump(wired))) == len(told) + 1


@pytest.mark.sqlite_only
def test_memory_does_not_grow_with_the_dump(db, tmp_path):
    """Four times as many rows of 50 kB, and as much memory, going in and going out."""

    def lines(count):
        yield json.dumps(head | {"rows": {"audit": count}})
        for number in range(1, count + 1):
            row = {"id": number, "at": "2025-12-14T10:00:00Z", "actor_id": None, "did": "x" * 50_000, "target": ""}
            yield json.dumps({"table": "audit", "row": row})
        yield json.dumps({"end": count})

    def peak(work):
        tracemalloc.start()
        work()
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    head = json.loads(next(iter(dump(db))))
    peaks = []
    for count in (200, 800):
        engine = make_engine(f"sqlite:///{tmp_path}/{count}.db")
        Base.metadata.create_all(engine)
        load_peak = peak(lambda count=count, engine=engine: load(engine, lines(count)))
        dump_peak = peak(lambda engine=engine: sum(len(line) for line in dump(engine)))
        peaks.append((load_peak, dump_peak))
        engine.dispose()
    (small_load, small_dump), (large_load, large_dump) = peaks
    assert large_load < small_load * 1.3
    assert large_dump < small_dump * 1.3
    assert large_load < 10_000_000


@pytest.mark.sqlite_only
def test_a_backup_is_a_complete_database(told, wired, tmp_path):
    backup(wired, tmp_path / "copy.db")
    copy = make_engine(f"sqlite:///{tmp_path}/copy.db")
    assert list(dump(copy)) == told
    copy.dispose()
    assert sqlite3.connect(tmp_path / "copy.db").execute("pragma integrity_check").fetchone() == ("ok",)
    with pytest.raises(CannotBackUp):
        backup(wired, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_mode & 0o077 == 0
    assert not list(tmp_path.glob("*.part*"))


@pytest.mark.sqlite_only
def test_a_backup_goes_on_while_others_write(told, wired, tmp_path, monkeypatch):
    """Somebody writes after every page; the copy neither begins again nor has any of it."""
    monkeypatch.setattr("db.transfer.backup.PAGES_AT_ONCE", 1)
    done, wrote = [], []

    def write_meanwhile(pages, total):
        done.append(pages)
        with Session(wired.execution_options(writes=True)) as session, session.begin():
            wrote.append(make_user(session, f"Meanwhile {pages}").id)

    backup(wired, tmp_path / "copy.db", progress=write_meanwhile)
    assert len(wrote) > 50
    assert done == sorted(done)
    copy = make_engine(f"sqlite:///{tmp_path}/copy.db")
    assert list(dump(copy)) == told
    copy.dispose()
    with Session(wired) as session:
        assert session.get(UserRow, wrote[-1]) is not None


@pytest.mark.sqlite_only
def test_a_backup_that_fails_leaves_nothing(told, wired, tmp_path):
    def fail(pages, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup(wired, tmp_path / "copy.db", progress=fail)
    assert not list(tmp_path.glob("copy*"))
    with pytest.raises(CannotWrite, match="No such file"):
        backup(wired, tmp_path / "nowhere" / "copy.db")


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_on_postgresql_the_backup_names_its_own_tool(wired, tmp_path):
    with pytest.raises(CannotBackUp, match="pg_dump"):
        backup(wired, tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy*"))


class TestPrivateFile:
    def test_is_for_its_owner_only(self, tmp_path):
        with private_file(tmp_path / "d") as part:
            part.write_text("new")
        assert (tmp_path / "d").read_text() == "new"
        assert (tmp_path / "d").stat().st_mode & 0o777 == 0o600

    def test_that_is_not_finished_leaves_the_older_one(self, tmp_path):
        (tmp_path / "d").write_text("old")
        with pytest.raises(TypeError), private_file(tmp_path / "d") as part:
            part.write_text(0)
        assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("d", "old")]

    def test_may_be_a_pipe(self):
        with private_file(Path("/dev/null")) as part:
            assert part == Path("/dev/null")
