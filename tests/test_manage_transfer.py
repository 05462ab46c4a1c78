"""`dump`, `load` and `backup` as people type them; also what is left when `load` is killed half-way."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import psycopg
import pytest
from sqlalchemy import make_url

from db.engine import make_engine
from db.transfer.dump import dump
from pmcore.domain.sessions import token_hash
from pmcore.domain.vocabulary import Role
from pmcore.usecases.example import LoadExample
from pmcore.usecases.identity import OpenSession
from tests.conftest import make_schema
from tests.factories import make_policy, make_user, make_workspace
from tests.test_manage import ROOT, call
from wiring import run
from wiring.ask.sessions import sessions_behind


@pytest.fixture
def told(wired, rows, as_user):
    """A database with the worked example in it, as a dump."""
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        administrator = make_user(session, "Ада", Role.ADMINISTRATOR).id
    with as_user(administrator):
        run(LoadExample())
    return list(dump(wired))


def test_what_was_dumped_is_loaded(told, database_url, empty_database_url, tmp_path):
    file, again = tmp_path / "d.jsonl", tmp_path / "again.jsonl"
    assert call("dump", "--out", str(file), database_url=database_url).returncode == 0
    assert file.read_text("utf-8").splitlines(keepends=True) == told
    loaded = call("load", str(file), database_url=empty_database_url)
    assert (loaded.returncode, loaded.stdout) == (0, f"{len(told) - 2} rows loaded.\n"), loaded.stderr
    assert call("dump", "--out", str(again), database_url=empty_database_url).returncode == 0
    assert again.read_bytes() == file.read_bytes()
    refused = call("load", str(file), database_url=empty_database_url)
    assert refused.returncode == 1
    assert "The database already holds data (user). Load into a new one.\n" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.sqlite_only
def test_a_refusal_is_told_in_the_language_of_the_console(told, tmp_path):
    file = tmp_path / "d.jsonl"
    file.write_bytes("".join(told).replace("Ада", "XXX").encode().replace(b"XXX", b"\xff\xfe"))
    for language, says in (("en_US.UTF-8", "name is not UTF-8"), ("ru_RU.UTF-8", "Строка 2")):
        refused = call("load", str(file), database_url=f"sqlite:///{tmp_path}/new.db", language=language)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert says in refused.stderr
        assert "Traceback" not in refused.stderr


def _is_being_written(url):
    """Whether somebody holds what a writer needs."""
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        connection = sqlite3.connect(target.database, timeout=0, isolation_level=None)
        try:
            connection.execute("begin immediate")
            connection.execute("rollback")
        except sqlite3.OperationalError:
            return True
        finally:
            connection.close()
        return False
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        asked = "select count(*) from pg_locks where mode = 'ExclusiveLock' and relation = '\"user\"'::regclass"
        return bool(connection.execute(asked).fetchone()[0])


def _content(url):
    engine = make_engine(url)
    try:
        return list(dump(engine))
    finally:
        engine.dispose()


@pytest.mark.sqlite_only
def test_a_load_killed_half_way_leaves_the_database_as_it_was(told, empty_database_url, tmp_path):
    """The process reads from a pipe that stops before the end; by then megabytes of rows are in the database."""
    make_schema(empty_database_url)
    before = _content(empty_database_url)
    head, padding = json.loads(told[0]), 20_000
    audited = head["rows"]["audit"]
    head["rows"]["audit"] += padding
    *rows, end = told[1:]
    more = [
        json.dumps({"table": "audit", "row": {"id": audited + n, "at": "2025-12-14T10:00:00Z", "actor_id": None,
                                              "did": "noted " * 50, "target": ""}}) + "\n"
        for n in range(1, padding + 1)
    ]  # fmt: skip
    pipe = tmp_path / "d.jsonl"
    os.mkfifo(pipe)
    loading = subprocess.Popen(
        [sys.executable, "manage.py", "load", str(pipe)],
        cwd=ROOT, env={"DATABASE_URL": empty_database_url, "PATH": ""}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with pipe.open("w", encoding="utf-8") as into:
            into.writelines(
                [json.dumps(head) + "\n", *rows, *more[: padding // 2]]
            )  # waits until all but 64 kB is read
            into.flush()
            assert _is_being_written(empty_database_url)
            assert loading.poll() is None
            loading.send_signal(signal.SIGKILL)
            assert loading.wait(10) == -signal.SIGKILL
    finally:
        loading.kill()
        loading.wait()
    deadline = time.monotonic() + 20  # PostgreSQL notices when it next writes to the connection
    while _is_being_written(empty_database_url) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _content(empty_database_url) == before
    whole = tmp_path / "whole.jsonl"
    whole.write_text(
        "".join([json.dumps(head) + "\n", *rows, *more, json.dumps({"end": json.loads(end)["end"] + padding})])
    )
    loaded = call("load", str(whole), database_url=empty_database_url)
    assert loaded.returncode == 0, loaded.stderr


@pytest.mark.sqlite_only
def test_a_backup_is_made_and_refused_by_a_sentence(told, database_url, tmp_path):
    made = call("backup", "--out", str(tmp_path / "b.db"), database_url=database_url)
    assert made.returncode == 0, made.stderr
    assert _content(f"sqlite:///{tmp_path}/b.db") == told
    again = call("backup", "--out", str(tmp_path / "b.db"), database_url=database_url)
    assert again.returncode == 1
    assert "is already there. Choose another name." in again.stderr


@pytest.mark.sqlite_only
def test_a_restored_backup_is_signed_out(told, wired, database_url, tmp_path):
    """The way that docs/operations.md describes: what was signed in when the copy was made is not any more."""
    run(OpenSession(user_id=1))
    token = run(OpenSession(user_id=1)).token
    assert call("backup", "--out", str(tmp_path / "b.db"), database_url=database_url).returncode == 0
    restored = f"sqlite:///{tmp_path}/b.db"
    assert call("db", "check", database_url=restored).returncode == 0
    ended = call("user", "sign-out", database_url=restored)
    assert (ended.returncode, ended.stdout) == (0, "2 sessions ended.\n"), ended.stderr
    assert call("user", "sign-out", database_url=restored).stdout == "0 sessions ended.\n"
    key = token_hash(token)
    assert sessions_behind(frozenset({key})).get(key) is not None  # those of the running app go on
    assert call("user", "sign-out", database_url=database_url).returncode == 0
    assert sessions_behind(frozenset({key})).get(key) is None
