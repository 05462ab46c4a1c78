"""The tracker in a real browser: sort by a heading, open a row, find the filter again on Back, take files away."""

import io
import re
import time

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from pmcore.documents.tracker_sheet import columns
from pmcore.domain.vocabulary import Role
from tests.browser.conftest import NARROW
from tests.browser.test_every_page import OF_COLOURS, repaint
from tests.browser.watch import assert_accessible, settled, violations, visit
from tests.factories import NOON, make_policy, make_service, make_user, make_workspace
from tests.tracked import make_tracked


@pytest.fixture
def people(rows):
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        service = make_service(session).id
        anna = make_user(session, "Anna Petrova", Role.ENGINEER).id
        boris = make_user(session, "Борис Иванов", Role.ENGINEER, username="boris").id
        maria = make_user(session, "Maria Sokolova", Role.ENGINEERING_MANAGER).id
        make_tracked(session, "P0-001", author=anna, service=service, drafted=9, first_published_at=NOON)
        make_tracked(session, "P1-002", author=anna, service=service, impact_seconds=9_000)
        make_tracked(session, "P0-003", author=boris, service=service, restricted=True)
        return {"anna": anna, "maria": maria}


def shows(page, *wanted):
    """The incident ids of the grid, from its accessible table (the picture itself is a canvas), in a moment."""
    deadline = time.monotonic() + 10
    found = None
    while found != list(wanted) and time.monotonic() < deadline:
        cells = page.locator("[data-testid=stDataFrame] [role=gridcell]").all_text_contents()
        found = [cell for cell in cells if re.fullmatch(r"P\d-\d+", cell)]
        page.wait_for_timeout(50)
    assert found == list(wanted)


def click_cell(page, *, column, row):
    """By place, because the grid is a canvas: columns after the row markers, row 0 is the heading."""
    box = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    page.mouse.click(box["x"] + column, box["y"] + 18 + 35 * row)
    settled(page)


def test_a_heading_sorts_a_row_opens_and_back_finds_the_filter_again(people, server, context_for):
    page = visit(context_for(people["anna"]).new_page(), "/tracker")
    shows(page, "P1-002", "P0-001")
    assert_accessible(page)
    page.get_by_role("button", name="P1", exact=True).click()
    settled(page)
    expect(page).to_have_url(re.compile("severity=P1"))
    shows(page, "P1-002")
    click_cell(page, column=150, row=0)
    expect(page).to_have_url(re.compile("order=up"))
    click_cell(page, column=15, row=1)
    expect(page).to_have_url(re.compile(r"/read\?id=2"))
    page.go_back()
    expect(page).to_have_url(re.compile("severity=P1"))
    settled(page)
    shows(page, "P1-002")


def test_the_workbook_is_downloaded_by_who_is_signed_in(people, server, context_for, tmp_path):
    context = context_for(people["anna"], accept_downloads=True)
    page = visit(context.new_page(), "/tracker?severity=P0")
    link = page.get_by_role("link", name="Excel")
    assert link.get_attribute("href").endswith("/download/tracker.xlsx?severity=P0")
    with page.expect_download() as download:
        link.click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.suffix == ".xlsx"
    book = load_workbook(path)
    cells = [cell.value for sheet in book for row in sheet for cell in row]
    assert "P0-001" in cells
    assert not {"P1-002", "P0-003"} & set(cells)


def test_nothing_is_downloaded_by_an_anonymous_visitor_or_of_what_is_restricted(people, server, context_for, problems):
    nobody = context_for().request.get(f"{server.url}/download/tracker.xlsx")
    assert nobody.status == 401
    assert b"P0-001" not in nobody.body()
    anna = context_for(people["anna"]).request
    for query in ("text=P0-003", "severity=P0", ""):
        found = anna.get(f"{server.url}/download/tracker.csv?{query}")
        assert found.ok
        assert "P0-003" not in found.text()


def test_on_a_phone_nothing_sticks_out(people, server, context_for):
    page = visit(context_for(people["maria"], viewport=NARROW, color_scheme="light").new_page(), "/tracker")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.get_by_text("Import the old tracker").first.click()
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert_accessible(page, but=["presentation-role-conflict"])  # the upload box is made so
    repaint(page, "dark")
    assert violations(page, only=OF_COLOURS) == []


def test_an_old_tracker_is_looked_at_and_imported(people, server, context_for, tmp_path):
    book = Workbook()
    book.active.append(columns())
    book.active.append(
        ["P2-077", "2025-06-14", "kafka", 12, "", "Zoe", "Published", 2, 50, "2025-06-16", "https://docs.example/1"]
    )
    out = io.BytesIO()
    book.save(out)
    page = visit(context_for(people["maria"]).new_page(), "/tracker")
    page.get_by_text("Import the old tracker").first.click()
    settled(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "old.xlsx", "mimeType": "application/octet-stream", "buffer": out.getvalue()}
    )
    page.get_by_role("button", name="Import 1 post-mortem").click()
    expect(page.get_by_text("1 post-mortem imported")).to_be_visible()  # at once: a toast stays for four seconds
    settled(page)
    visit(page, "/tracker")  # the grid may take the focus that the file box gave up for a choice of its first heading
    shows(page, "P1-002", "P0-001", "P2-077")


def test_pictures_are_drawn_under_the_policy(people, server, context_for):
    page = visit(context_for(people["anna"]).new_page(), "/tracker")
    for picture in ("drafted", "published"):
        expect(page.locator(f".st-key-tracker-{picture} .vega-embed svg.marks")).to_be_visible()
    assert "Traceback" not in server.log()


def test_tables_offer_no_file_of_their_own(people, server, context_for):
    """Streamlit's own CSV of a table would leave formulas as they are."""
    page = visit(context_for(people["anna"]).new_page(), "/tracker")
    page.locator("[data-testid=stDataFrame]").hover()
    expect(page.get_by_role("button", name="Search: Post-mortems")).to_be_visible()
    expect(page.get_by_role("button", name="Download as CSV")).to_have_count(0)


def test_folded_filters_show_what_the_address_says_even_after_another_run(people, server, context_for):
    page = visit(context_for(people["anna"]).new_page(), "/tracker?sort=duration&since=2025-01-02")
    page.get_by_role("button", name="P1", exact=True).click()
    settled(page)
    page.get_by_text("More filters and sorting (1)").click()
    expect(page.get_by_role("combobox", name="Sort by")).to_have_value("Duration (minutes)")
    expect(page.get_by_role("switch", name="Largest or latest first")).to_be_checked()
    page.locator(".st-key-tracker-dry").get_by_text("Show dry runs").click()
    settled(page)
    expect(page).to_have_url(re.compile("severity=P1&since=2025-01-02&dry_runs=1&sort=duration$"))
