"""Files to take away: who gets them, what is in them, and what happens when many ask."""

import asyncio
import csv
import io
import sys
import time

import pytest
from openpyxl import load_workbook

from pmcore.domain.vocabulary import Role
from tests.surveyed import answer, past_round
from tests.tracked import make_tracked
from web import downloads

pytestmark = pytest.mark.usefixtures("workspace", "quick_exports")


@pytest.fixture
def put(rows, person):
    """Put a post-mortem of Boris there."""
    from tests.factories import make_service

    boris = person("Борис Иванов", Role.ENGINEER, username="boris")
    with rows() as session:
        service = make_service(session).id

    def made(public_id, **changes):
        with rows() as session:
            make_tracked(session, public_id, author=boris, service=service, **changes)

    return made


@pytest.fixture
def anna(person, session_of):
    user_id = person("Anna Petrova", Role.VIEWER)
    session_of(user_id)
    return user_id


PYTHON = sys.executable


def ids(response):
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    return [row[0] for row in rows[1:]]


def test_the_workbook_comes_with_its_name_type_and_rows(client, put, anna):
    put("P0-001", items_total=4, items_done=1)
    response = client.get("/download/tracker.xlsx")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/vnd.openxmlformats")
    name = response.headers["content-disposition"]
    assert name.startswith('attachment; filename="post-mortem-tracker-20')
    assert name.endswith('.xlsx"')
    assert int(response.headers["content-length"]) == len(response.content)
    assert response.headers["cache-control"] == "no-store"
    book = load_workbook(io.BytesIO(response.content))
    assert book["Tracker"]["A2"].value == "P0-001"
    assert book["Tracker"]["K2"].hyperlink.target.endswith("/read?id=1")
    assert dict(book["About"].values)["By"] == "Anna Petrova"


@pytest.mark.sqlite_only
def test_the_workbook_is_made_by_another_process(client, put, anna, monkeypatch):
    """So that a large one takes the processor from nobody's page."""

    def here(*_arguments, **_values):
        raise AssertionError

    put("P0-001")
    monkeypatch.setattr(downloads.sys, "executable", PYTHON)
    monkeypatch.setattr("pmcore.documents.xlsx.write", here)
    assert client.get("/download/tracker.xlsx").status_code == 200


def test_the_filter_of_the_address_counts(client, put, anna):
    put("P0-001")
    put("P1-002")
    put("P0-003", dry_run=True)
    assert sorted(ids(client.get("/download/tracker.csv"))) == ["P0-001", "P1-002"]
    assert ids(client.get("/download/tracker.csv?severity=P1")) == ["P1-002"]
    assert len(ids(client.get("/download/tracker.csv?dry_runs=1"))) == 3


@pytest.mark.sqlite_only
def test_a_filter_that_cannot_be_read_gives_no_file(client, put, anna):
    response = client.get("/download/tracker.csv?severity=P9")
    assert response.status_code == 403
    assert "“severity”" in response.text
    assert "content-disposition" not in response.headers


@pytest.mark.sqlite_only
@pytest.mark.parametrize("path", ["/download/tracker.xlsx", "/download/tracker.csv", "/download/import-template.xlsx"])
def test_an_anonymous_visitor_gets_nothing(client, put, path):
    put("P0-001")
    response = client.get(path)
    assert response.status_code in (302, 303, 401)
    assert b"P0-001" not in response.content


@pytest.mark.sqlite_only
def test_a_session_that_has_ended_gets_nothing(client, put, anna):
    put("P0-001")
    client.post("/logout")
    assert client.get("/download/tracker.csv").status_code in (302, 303, 401)


@pytest.mark.parametrize("query", ["", "?text=P0-001"])
def test_restricted_rows_are_in_no_file_of_others(client, put, anna, query):
    put("P0-001", restricted=True)
    put("P0-002")
    assert "P0-001" not in ids(client.get(f"/download/tracker.csv{query}"))
    book = load_workbook(io.BytesIO(client.get(f"/download/tracker.xlsx{query}").content))
    assert "P0-001" not in [cell.value for page in book for row in page for cell in row]


@pytest.mark.sqlite_only
def test_a_person_without_a_role_is_refused_with_a_sentence(client, rows, person, session_of, put):
    from db.models import UserRoleRow

    user_id = person("No Body", Role.VIEWER)
    session_of(user_id)
    with rows() as session:
        session.query(UserRoleRow).filter_by(user_id=user_id).delete()
    response = client.get("/download/tracker.xlsx")
    assert response.status_code == 403
    assert "role does not allow" in response.text


@pytest.mark.sqlite_only
def test_another_ending_is_nothing(client, anna):
    assert client.get("/download/tracker.exe").status_code == 404


@pytest.mark.sqlite_only
@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_the_empty_file_for_an_import(client, anna, format):
    response = client.get(f"/download/import-template.{format}")
    assert response.status_code == 200
    assert f'filename="tracker-import-template.{format}"' in response.headers["content-disposition"]


@pytest.mark.sqlite_only
class TestManyAsk:
    def test_an_export_that_takes_too_long_is_stopped(self, client, put, anna, monkeypatch):
        monkeypatch.setattr(downloads, "MAX_SECONDS", 0.05)
        started = time.monotonic()
        response = client.get("/download/tracker.xlsx")
        assert (response.status_code, time.monotonic() - started < 5) == (504, True)
        assert "took too long" in response.text

    def test_an_export_that_breaks_says_so_and_leaves_no_file(self, client, put, anna, monkeypatch, tmp_path):
        monkeypatch.setattr(downloads.sys, "executable", "/bin/false")
        monkeypatch.setattr(downloads.tempfile, "tempdir", str(tmp_path))
        response = client.get("/download/tracker.xlsx")
        assert response.status_code == 500
        assert "could not be made" in response.text
        assert list(tmp_path.glob("pm-export-*")) == []

    def test_no_file_stays_behind(self, client, put, anna, monkeypatch, tmp_path):
        monkeypatch.setattr(downloads.tempfile, "tempdir", str(tmp_path))
        assert client.get("/download/tracker.csv").status_code == 200
        assert list(tmp_path.glob("pm-export-*")) == []

    def test_beyond_a_full_queue_there_is_a_sentence_at_once(self, client, put, anna, monkeypatch):
        class Full:
            def locked(self):
                return True

        monkeypatch.setattr(downloads._queue, "slots", lambda: Full())
        monkeypatch.setattr(downloads._queue, "waiting", downloads.MAX_WAITING)
        response = client.get("/download/tracker.xlsx")
        assert response.status_code == 503
        assert "Several exports" in response.text

    def test_only_so_many_run_at_once(self, monkeypatch):
        running, most = 0, 0

        async def slow(_order):
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.02)
            running -= 1
            return

        class Somebody:
            user_id, language = 1, "en"

        class Asked:
            path_params = {"format": "csv"}
            query_params: dict[str, str] = {}

        monkeypatch.setattr(downloads, "_answered", slow)
        monkeypatch.setattr(downloads, "found", lambda _request: Somebody)

        async def all_of_them():
            return await asyncio.gather(*(downloads.tracker(Asked()) for _ in range(7)))

        responses = asyncio.run(all_of_them())
        assert most == downloads.AT_ONCE
        assert {response.status_code for response in responses} == {504}


def test_the_survey_comes_as_a_file_too(client, anna, rows):
    with rows() as session:
        past_round(session, *[answer(4, keep="Stay")] * 6)
    response = client.get("/download/survey.xlsx")
    assert response.headers["content-disposition"].startswith('attachment; filename="survey-20')
    book = load_workbook(io.BytesIO(response.content))
    assert book["Rounds"]["A2"].value == "2025-Q1"
    assert "In their own words" not in book.sheetnames
    assert ids(client.get("/download/survey.csv")) == ["2025-Q1"]
    assert client.get("/download/survey.pdf").status_code == 404
