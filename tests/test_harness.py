"""The tests' own tools do what they promise."""

import os
import socket
import subprocess
import time
from unittest import mock

import pytest
from pytest_socket import SocketConnectBlockedError
from sqlalchemy import event, select, text
from streamlit.components.v2 import manifest_scanner

from db.models import UserRow
from db.transfer.dump import dump
from pmcore.domain.permissions import Right
from pmcore.domain.vocabulary import Role, Severity
from pmcore.usecases.incidents import MoreFacts, ReportIncident
from pmcore.usecases.log import AddLogEntry
from tests import forked, reviewed, told
from tests.databases import empty
from tests.factories import make_user, make_workspace
from wiring import acting, run


@pytest.mark.parametrize("again", [1, 2])
def test_every_test_has_its_own_database(again, db, rows):
    with rows() as session:
        make_user(session, "Anna Petrova")
    with db.connect() as connection:
        assert connection.scalar(select(UserRow.id)) == 1


@pytest.mark.parametrize("again", [1, 2])
def test_what_a_test_changed_of_the_schema_goes_with_it(again, db):
    with db.execution_options(writes=True).begin() as connection:
        connection.execute(text("create table left_behind (id integer)"))


_heard: set[int] = set()


@pytest.mark.parametrize("again", [1, 2])
def test_nobody_listens_to_the_engine_of_the_next_test(again, db):
    event.listen(db, "before_cursor_execute", lambda *_: _heard.add(again))
    _heard.clear()
    with db.connect() as connection:
        connection.execute(text("select 1"))
    assert _heard == {again}


def test_pages_look_once_for_installed_components(page):
    page()
    asked = manifest_scanner.scan_component_manifests.cache_info()
    page()
    again = manifest_scanner.scan_component_manifests.cache_info()
    assert (again.misses, again.hits) == (1, asked.hits + 1)


def test_both_engines_are_real(db):
    asked = "sqlite_version()" if db.dialect.name == "sqlite" else "version()"
    with db.connect() as connection:
        assert connection.scalar(text(f"select {asked}"))


def test_the_actor_has_the_roles_in_the_database(as_user, rows, clock):
    with rows() as session:
        make_workspace(session)
        user = make_user(session, "Anna Petrova", Role.ENGINEER)
    with as_user(user.id):
        assert acting.actor().may(Right.REPORT)
        assert not acting.actor().may(Right.WAIVE)


def test_statements_are_counted_without_the_frame(db, begin, statements):
    with statements() as said:
        with begin():
            pass
        with db.begin() as connection:
            connection.execute(text("select 1"))
    assert said == ["select 1"]


@pytest.mark.filterwarnings("ignore:A test tried")
def test_no_test_reaches_another_host():
    with pytest.raises(SocketConnectBlockedError), socket.socket() as there:
        there.connect(("192.0.2.1", 80))


@pytest.mark.parametrize("tell", [reviewed.begun, reviewed.published])
def test_a_remembered_story_is_the_one_that_was_told(tell, wired, clock):
    told.forget()
    says, rows = tell(wired), list(dump(wired))
    empty(wired)
    assert len(list(dump(wired))) < len(rows)
    with mock.patch.object(reviewed, "run", side_effect=AssertionError("it is told anew")):
        assert tell(wired) == says
    assert list(dump(wired)) == rows
    with acting.as_user(says.author):  # and it goes on with the next numbers
        assert run(AddLogEntry(incident_id=says.incident_id, line="Further")) == 1
        again = MoreFacts(repeats_id=says.incident_id)
        report = ReportIncident(
            title="Again", severity=Severity.P1, service="email-service", started_at=clock.now, facts=again
        )
        assert run(report) == says.incident_id + 1


def test_a_forked_python_says_how_a_program_ended(tmp_path):
    def ended(text: str, *arguments: str) -> tuple[int, str, str]:
        (tmp_path / "program.py").write_text(text)
        command = [forked.python(), "program.py", *arguments]
        said = subprocess.run(command, cwd=tmp_path, env={"WORD": "ö"}, input="in", capture_output=True, text=True)
        return said.returncode, said.stdout, said.stderr

    shown = "import os, sys; print(sys.argv, sys.stdin.read(), os.environ['WORD'], __name__); sys.exit(3)"
    assert ended(shown, "one") == (3, "['program.py', 'one'] in ö __main__\n", "")
    assert ended("import sys; sys.exit('No.')") == (1, "", "No.\n")
    assert ended("1 / 0")[0] == 1
    assert "ZeroDivisionError" in ended("1 / 0")[2]
    assert ended("import os; os.kill(os.getpid(), 9)")[0] == -9


def test_a_forked_program_ends_with_whoever_started_it(tmp_path):
    (tmp_path / "program.py").write_text("import os, time; print(os.getpid(), flush=True); time.sleep(60)")
    command = [forked.python(), str(tmp_path / "program.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        pid = int(started.stdout.readline())
        started.kill()
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    else:
        raise AssertionError("It runs on.")
