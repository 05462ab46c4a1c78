"""The survey as a file follows the rules of the page, whoever asks and in whichever way."""

import csv

import pytest
from openpyxl import load_workbook

import manage
from pmcore.domain.permissions import Forbidden
from pmcore.domain.vocabulary import Role
from tests.factories import make_user, make_workspace
from tests.surveyed import AFTER_CLOSING, OPENED, answer, answered, looked, past_round, staff
from wiring import exporting


@pytest.fixture
def people(wired, clock, rows):
    """Six answers in the first quarter, four in the second, six in a round that is open."""
    clock.now = OPENED
    found = staff(rows)
    with rows() as session:
        past_round(session, *[answer(4, keep="Stay")] * 6, number=1)
        past_round(session, *[answer(4, keep="Found out")] * 4, number=2)
    answered(found.engineers, lambda place: answer(1, keep="Not yet"))
    return found


def sheets(path):
    return {sheet.title: list(sheet.values) for sheet in load_workbook(path)}


def test_tells_closed_rounds_with_answers_enough(people, as_user, tmp_path):
    with as_user(people.manager):
        assert exporting.write_survey(tmp_path / "s.xlsx", format="xlsx") == 2
    book = sheets(tmp_path / "s.xlsx")
    assert [row[:3] for row in book["Rounds"][1:]] == [("2025-Q2", 12, 4), ("2025-Q1", 12, 6)]
    assert book["Rounds"][1][4:] == (None, None, None, None)
    assert {row[0] for row in book["Questions"][1:]} == {"2025-Q1"}
    assert {row[2] for row in book["In their own words"][1:]} == {"Stay"}
    assert "Found out" not in str(book)
    assert "Not yet" not in str(book)


def test_texts_are_for_managers(people, as_user, tmp_path):
    for user_id in (people.engineers[0], people.viewer, people.administrator):
        with as_user(user_id):
            exporting.write_survey(tmp_path / "s.xlsx", format="xlsx")
        assert "Stay" not in str(sheets(tmp_path / "s.xlsx"))


def test_the_open_round_follows_when_it_has_closed(people, clock, as_user, tmp_path):
    clock.now = AFTER_CLOSING
    looked(people.viewer)
    with as_user(people.viewer):
        assert exporting.write_survey(tmp_path / "s.csv", format="csv") == 3
    rows = list(csv.reader((tmp_path / "s.csv").open(encoding="utf-8-sig", newline="")))
    assert rows[1][:3] == ["2025-Q4", "8", "6"]


def test_nobody_without_a_role_and_no_other_format(wired, rows, as_user, tmp_path):
    with rows() as session:
        make_workspace(session)
        nobody = make_user(session, "Nobody").id
        reader = make_user(session, "Reader", Role.VIEWER).id
    with as_user(nobody), pytest.raises(Forbidden):
        exporting.write_survey(tmp_path / "s.csv", format="csv")
    with as_user(reader), pytest.raises(exporting.UnknownFormat):
        exporting.write_survey(tmp_path / "s.pdf", format="pdf")


def test_from_the_command_line(people, tmp_path, capsys):
    manage.export_survey(tmp_path / "s.csv", as_="maria.kim")
    assert "2 rounds written to" in capsys.readouterr().out
