"""One row of an old tracker: what each cell may hold."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pmcore.domain import old_tracker
from pmcore.domain.old_tracker import MAX_CELL, figures, read_row
from pmcore.domain.tracker import TrackerColumn as Column
from pmcore.domain.tracker import minutes, percent_done, share_done
from pmcore.domain.vocabulary import PostmortemStatus, Severity

GOOD = {
    Column.INCIDENT_ID: "P0-012", Column.DATE: date(2025, 6, 14), Column.SERVICE: "email-service",
    Column.DURATION: 12, Column.IMPACT: "500 users / $150", Column.AUTHOR: "Анна", Column.STATUS: "Published",
    Column.ITEMS: 6, Column.ITEMS_DONE: "50%", Column.PUBLISHED: "2025-06-16", Column.LINK: "https://docs.example/a",
}  # fmt: skip


def read(**changes):
    return read_row(7, GOOD | {Column(name): value for name, value in changes.items()})


def test_a_good_row_is_taken_as_it_is():
    row, problems = read()
    assert problems == ()
    assert (row.row, row.public_id, row.severity) == (7, "P0-012", Severity.P0)
    assert (row.on, row.published_on) == (date(2025, 6, 14), date(2025, 6, 16))
    assert (row.duration_seconds, row.items_total, row.items_done) == (720, 6, 3)
    assert (row.customers_affected, row.revenue_loss_usd) == (500, Decimal(150))
    assert (row.author, row.status, row.document_url) == (
        "Анна", PostmortemStatus.PUBLISHED, "https://docs.example/a",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("incident_id", "", "is empty"),
        ("incident_id", "INC-7", "no incident id"),
        ("incident_id", "P3-001", "no incident id"),
        ("incident_id", "P0-٠١٢", "no incident id"),
        ("date", "", "is empty"),
        ("date", None, "is empty"),
        ("date", "12/14/2025", "no date"),
        ("date", "2025-02-30", "no date"),
        ("date", 45000, "no date"),
        ("service", "  ", "is empty"),
        ("duration", "a while", "no number"),
        ("duration", -5, "negative"),
        ("duration", "nan", "no number"),
        ("duration", True, "no number"),
        ("duration", 600_000, "more than a year"),
        ("status", "", "is empty"),
        ("status", "Done", "no status"),
        ("items", 2.5, "no count"),
        ("items", "1001", "no count"),
        ("items_done", 120, "more than everything"),
        ("items_done", "-1%", "negative"),
        ("published", "", "day of its publication"),
        ("published", "2025-06-13", "before the incident"),
        ("link", "javascript:alert(1)", "no link"),
        ("link", "https://", "no link"),
        ("link", "https://[bad", "no link"),
        ("impact", "x" * (MAX_CELL + 1), "501 characters"),
    ],
)
def test_a_bad_cell_is_named_with_its_row_and_column(column, value, says):
    row, problems = read(**{column: value})
    assert row is None
    assert [(problem.row, problem.column) for problem in problems] == [(7, column)]
    assert says in str(problems[0])
    assert problems[0].heading


def test_everything_wrong_is_said_at_once():
    _, problems = read(incident_id="x", date="y", status="z")
    assert [problem.column for problem in problems] == ["incident_id", "date", "status"]


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"status": "Draft"}, Column.STATUS),
        ({"items": 0}, Column.ITEMS),
        ({"status": "Closed", "published": None}, Column.PUBLISHED),
    ],
)
def test_cells_that_contradict_each_other_are_refused(changes, at):
    row, problems = read(**changes)
    assert row is None
    assert [problem.column for problem in problems] == [at]


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("🟡 Draft", PostmortemStatus.DRAFT),
        ("✅ Reviewed", PostmortemStatus.IN_REVIEW),
        ("review", PostmortemStatus.IN_REVIEW),
        ("📝 Published", PostmortemStatus.PUBLISHED),
        ("CLOSED", PostmortemStatus.CLOSED),
    ],
)
def test_statuses_are_known_as_teams_write_them(written, status):
    out = status in (PostmortemStatus.PUBLISHED, PostmortemStatus.CLOSED)
    row, problems = read(status=written, published="2025-06-16" if out else None)
    assert problems == ()
    assert row.status is status


@pytest.mark.parametrize(
    ("written", "done"), [(0.5, 3), ("50", 3), (100, 6), ("100 %", 6), (None, 0), ("0,5", 3), ("33,4%", 2)]
)
def test_a_share_may_be_a_percentage_or_a_fraction(written, done):
    row, problems = read(items_done=written)
    assert problems == ()
    assert row.items_done == done


@pytest.mark.parametrize(
    "written", ["14.06.2025", "2025-06-14", "2025-06-14T00:00:00", datetime(2025, 6, 14, 9, tzinfo=UTC)]
)
def test_days_are_read_in_the_usual_ways(written):
    row, problems = read(date=written)
    assert problems == ()
    assert row.on == date(2025, 6, 14)


def test_unknown_stays_unknown():
    row, problems = read(duration="", impact="", author=None, items=None, items_done=None, link="")
    assert problems == ()
    assert (row.duration_seconds, row.impact, row.author, row.document_url) == (None, "", "", "")
    assert (row.items_total, row.items_done, row.customers_affected) == (0, 0, None)


@pytest.mark.parametrize(
    ("impact", "found"),
    [
        ("500 users", (500, None)),
        ("1 user / $1,150.50", (1, Decimal("1150.50"))),
        ("1,200 users / $0", (1200, Decimal(0))),
        ("$150", (None, Decimal(150))),
        ("~500 users (25%)", (None, None)),
        ("", (None, None)),
    ],
)
def test_figures_are_taken_only_from_our_own_way_of_writing(impact, found):
    assert figures(impact) == found


def test_nul_and_line_breaks_do_not_survive():
    row, _ = read(author="An\x00na\r\nP.")
    assert row.author == "Anna P."


@pytest.mark.parametrize(("seconds", "shown"), [(720, "12"), (0, "0"), (135, "2.2"), (None, None)])
def test_minutes_of_a_duration(seconds, shown):
    found = minutes(seconds)
    assert (found if found is None else str(found)) == shown


def test_no_items_are_no_share():
    assert share_done(total=0, done=0) is None
    assert share_done(total=3, done=1) == Decimal("0.3333")


def test_percent_on_the_screen_is_whole_and_never_says_all_too_early():
    assert [percent_done(total=300, done=done) for done in (0, 1, 299, 300)] == [0, 0, 99, 100]
    assert percent_done(total=0, done=0) is None


def test_a_number_in_a_text_column_reads_without_a_point():
    assert old_tracker._text(3.0) == "3"
