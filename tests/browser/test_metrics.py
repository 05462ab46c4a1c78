"""The metrics in a real browser: from a figure to its rows and a document, tables for charts, one sheet of paper."""

import io
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from pmcore.domain.vocabulary import Language, Role
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_every_page import complaints
from tests.browser.test_tracker import click_cell, shows
from tests.browser.watch import settled, visit
from tests.factories import NOON, make_policy, make_service, make_user, make_workspace
from tests.tracked import make_tracked

PERIOD = "from=2025-12-01&to=2025-12-31"


@pytest.fixture
def people(rows):
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        service = make_service(session).id
        anna = make_user(session, "Anna Petrova", Role.ENGINEER).id
        pavel = make_user(session, "Павел Громов", Role.ENGINEERING_MANAGER, username="p", language=Language.RUSSIAN).id
        for number in range(1, 9):
            make_tracked(
                session, f"P0-00{number}", author=anna, service=service, drafted=60 if number == 7 else 2,
                detected_at=NOON, started_at=NOON, resolved_at=NOON,
            )  # fmt: skip
        return {"anna": anna, "pavel": pavel}


def test_from_a_figure_to_its_rows_to_the_document_and_back(people, server, context_for):
    page = visit(context_for(people["anna"]).new_page(), f"/metrics?{PERIOD}")
    card = page.locator(".st-key-metric-p0_completion")
    expect(card.get_by_text("88 %", exact=True)).to_be_visible()
    expect(card.get_by_text("misses the target")).to_be_visible()
    card.get_by_role("button", name="How this is counted, row by row").click()
    expect(page).to_have_url(re.compile("metric=p0_completion"))
    settled(page)
    expect(page.get_by_text("P0 post-mortems whose draft was shared by its deadline")).to_be_visible()
    page.get_by_role("radio", name="Count against it").or_(page.get_by_role("button", name="Count against it")).click()
    expect(page).to_have_url(re.compile("which=against"))
    settled(page)
    shows(page, "P0-007")
    page.locator("[data-testid=stDataFrame]").scroll_into_view_if_needed()
    click_cell(page, column=15, row=1)
    expect(page).to_have_url(re.compile(r"/read\?id=7"))
    page.go_back()
    expect(page).to_have_url(re.compile("which=against"))
    settled(page)
    shows(page, "P0-007")


@pytest.mark.parametrize(
    ("viewport", "scheme", "who"),
    [
        pytest.param(WIDE, "light", "anna", id="wide"),
        pytest.param(NARROW, "dark", "pavel", id="narrow-dark-russian"),
    ],
)
def test_everybody_can_use_it(people, server, context_for, viewport, scheme, who):
    page = context_for(people[who], viewport=viewport, color_scheme=scheme).new_page()
    wrong = []
    for address in (
        f"/metrics?{PERIOD}",
        f"/metrics?{PERIOD}&metric=time_to_resolve",
        "/metrics?from=2001-01-01&to=2001-02-01",
    ):
        visit(page, address)
        wrong += [f"{address}: {complaint}" for complaint in complaints(page)]
    visit(page, f"/metrics?{PERIOD}")
    expect(page.locator(".st-key-metric-p0_completion canvas, .st-key-metric-p0_completion svg").first).to_be_visible()
    page.locator(".st-key-metrics-speed summary").click()
    expect(
        page.locator(".st-key-metric-time_to_detect canvas, .st-key-metric-time_to_detect svg").first
    ).to_be_visible()
    settled(page)
    wrong += [f"dots: {complaint}" for complaint in complaints(page)]
    page.locator(".st-key-metrics-tables label >> nth=0").click()
    settled(page)
    expect(page.locator(".st-key-metric-p0_completion [data-testid=stDataFrame]")).to_be_visible()
    wrong += [f"tables: {complaint}" for complaint in complaints(page)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", ["anna", "pavel"])
def test_the_report_is_one_sheet_of_paper(people, server, context_for, who):
    page = context_for(people[who]).new_page()
    page.goto(f"/print/metrics?{PERIOD}")
    sheets = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheets)) == 1
    page.emulate_media(media="print")
    cut = page.evaluate(
        "(() => { const s = document.querySelector('.sheet'); return s.scrollHeight - s.clientHeight; })()"
    )
    assert cut <= 1
    expect(page.get_by_text("P0-007")).to_be_visible()
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_the_workbook_is_downloaded_by_who_is_signed_in(people, server, context_for, tmp_path):
    page = visit(context_for(people["anna"]).new_page(), f"/metrics?{PERIOD}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert book["Figures"]["B2"].value == '=IF(D2=0,"",C2/D2)'
    assert book["Rows"].max_row > 8
