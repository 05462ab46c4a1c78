"""The tracker on the command line: in, out, and its sentences."""

import csv

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

import manage
from db.models import PostmortemRow
from pmcore.documents.tracker_sheet import columns
from pmcore.domain.errors import Refusals
from pmcore.domain.permissions import Forbidden
from pmcore.domain.vocabulary import Role
from pmcore.readmodels.tracker import BadFilter
from tests.factories import make_policy, make_user, make_workspace
from wiring.exporting import CannotWrite, UnknownFormat

pytestmark = pytest.mark.sqlite_only
ROW = ["P0-001", "2025-06-14", "mail", "12", "", "Anna", "Published", "2", "50", "2025-06-16", "https://d.example/1"]


@pytest.fixture
def people(wired, rows, monkeypatch):
    monkeypatch.setattr("wiring.console.require_current", lambda _engine: None)
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        make_user(session, "Ada Min", Role.ADMINISTRATOR)
        make_user(session, "Eva Engineer", Role.ENGINEER)


@pytest.fixture
def old(tmp_path):
    def written(*lines):
        path = tmp_path / "old.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([columns(), *lines])
        return str(path)

    return written


def call(*arguments):
    return CliRunner().invoke(manage.app, list(arguments))


def count(rows):
    with rows() as session:
        return session.scalar(select(func.count()).select_from(PostmortemRow))


def test_looking_stores_nothing_and_importing_does(people, old, rows):
    path = old(ROW, ["P1-2", *ROW[1:]])
    assert call("import", "tracker", path, "--look").output == "2 rows can be imported.\n"
    assert count(rows) == 0
    assert call("import", "tracker", path).output == "2 rows imported.\n"
    assert count(rows) == 2


def test_problems_come_with_row_and_column(people, old, rows):
    result = call("import", "tracker", old(ROW, ["x", *ROW[1:]], ROW))
    assert isinstance(result.exception, Refusals)
    said = [str(problem) for problem in result.exception.problems]
    assert said[0].startswith("Row 3, Incident ID: “x” is no incident id.")
    assert said[1].startswith("Row 4, Incident ID: P0-001 stands in row 2 already.")
    assert count(rows) == 0


def test_who_may_not_import_is_refused_and_a_missing_file_is_said(people, old):
    assert isinstance(call("import", "tracker", old(ROW), "--as", "eva.engineer").exception, Forbidden)
    assert "nothing.csv cannot be read" in str(call("import", "tracker", "nothing.csv").exception)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_tracker_is_written_and_read_again(people, old, rows, tmp_path, ending):
    call("import", "tracker", old(ROW, ["P1-2", *ROW[1:]]))
    out = tmp_path / f"out.{ending}"
    result = call("export", "tracker", "--out", str(out), "--filter", "severity=P0")
    assert result.output == f"1 post-mortem written to {out}.\n"
    looked = call("import", "tracker", str(out), "--look")
    assert "P0-001 is here already" in str(looked.exception)


def test_other_endings_filters_and_folders_are_refused(people, tmp_path):
    assert isinstance(call("export", "tracker", "--out", str(tmp_path / "t.pdf")).exception, UnknownFormat)
    assert isinstance(
        call("export", "tracker", "--out", str(tmp_path / "t.csv"), "--filter", "mood=good").exception, BadFilter
    )
    assert isinstance(call("export", "tracker", "--out", str(tmp_path / "no" / "t.csv")).exception, CannotWrite)
