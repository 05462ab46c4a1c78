"""Reporting with one thumb, logging together, and the ledger, in a real browser."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from pmcore.domain.vocabulary import Severity
from pmcore.usecases.incidents import MoreFacts, ReportIncident
from pmcore.usecases.log import AddLogEntry
from tests import scene
from tests.browser.conftest import NARROW, WIDE
from tests.browser.watch import assert_accessible, settled, violations, visit
from wiring import acting, run

HOUR = timedelta(hours=1)
TOAST = ("aria-dialog-name",)  #: Streamlit's toast names itself by an id that is not there


@pytest.fixture
def people(rows):
    return scene.set_up(rows)


@pytest.fixture
def report(wired, people):
    def reported(severity=Severity.P1, *, ago=HOUR, **facts):
        started = datetime.now(UTC) - ago
        with acting.as_user(people.anna):
            return run(
                ReportIncident(
                    title="Mail fails <b>loudly</b> :red[x] $y$", severity=severity, service="email-service",
                    started_at=started, facts=MoreFacts(**facts),
                )
            )  # fmt: skip

    return reported


def line(page: Page, text: str) -> None:
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(text)
    box.press("Enter")
    settled(page)


def no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_report_at_390_px_takes_at_most_six_taps_beside_the_typing(people, context_for):
    page = visit(context_for(people.anna, viewport=NARROW, has_touch=True).new_page(), "/report")
    no_sideways_scrolling(page)
    taps = 0

    def tap(target) -> None:
        nonlocal taps
        taps += 1
        target.tap()

    tap(page.get_by_label("What do people see?"))
    page.keyboard.type("Mail fails")
    tap(page.get_by_role("radio", name="P1").or_(page.get_by_role("button", name="P1", exact=True)).first)
    tap(page.get_by_label("Service"))
    tap(page.get_by_role("option", name="email-service"))
    tap(page.get_by_role("button", name="Report", exact=True))
    expect(page.get_by_role("heading", level=1)).to_contain_text("P1-001")
    settled(page)
    assert taps <= 6
    assert "/log?id=" in page.url
    no_sideways_scrolling(page)


def test_a_line_appears_in_the_other_browser_by_itself(people, report, context_for):
    number = report()
    anna = visit(context_for(people.anna, viewport=NARROW).new_page(), f"/log?id={number}")
    boris = visit(context_for(people.boris).new_page(), f"/log?id={number}")
    line(anna, "/fix -3m Raised the pool <i>50</i>")
    expect(anna.get_by_text("Raised the pool <i>50</i>")).to_be_visible()
    expect(boris.get_by_text("Raised the pool <i>50</i>")).to_be_visible(timeout=10_000)
    expect(boris.get_by_text("Fix applied").first).to_be_visible()
    no_sideways_scrolling(anna)


def test_a_refused_line_stands_in_the_input_again(people, report, context_for):
    page = visit(context_for(people.anna).new_page(), f"/log?id={report()}")
    line(page, "25:99 the pool is empty")
    expect(page.get_by_text("This is not a time that can be read")).to_be_visible()
    expect(page.get_by_test_id("stChatInputTextArea")).to_have_value("25:99 the pool is empty")
    line(page, "The pool is empty")
    expect(page.get_by_text("This is not a time that can be read")).to_have_count(0)
    expect(page.get_by_test_id("stChatInputTextArea")).to_have_value("")


def test_a_kind_by_one_tap_and_undo_after_deleting(people, report, context_for):
    number = report()
    with acting.as_user(people.anna):
        run(AddLogEntry(incident_id=number, line="It fired"))
    page = visit(context_for(people.anna).new_page(), f"/log?id={number}")
    page.get_by_role("button", name="Change").click()
    page.locator("[class*=st-key-entry-actions]").get_by_text("Alert fired").click()
    settled(page)
    expect(page.locator(".stMarkdownBadge", has_text="Alert fired")).to_be_visible()
    page.get_by_role("button", name="Change").click()
    page.get_by_role("button", name="Delete the line").click()
    expect(page.get_by_text("It fired")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It fired")).to_be_visible()


def test_resolved_now_and_what_is_owed(people, report, context_for):
    page = visit(context_for(people.anna).new_page(), f"/log?id={report(Severity.P0)}")
    page.get_by_role("button", name="Resolved now").click()
    expect(page.get_by_role("button", name="Start the post-mortem")).to_be_visible()
    page.get_by_text("What is owed").click()
    expect(page.get_by_text("A post-mortem is required: every P0.")).to_be_visible()
    page.mouse.move(0, 0)  # a chosen pill under the pointer is shaded by Streamlit
    settled(page)
    assert_accessible(page, but=TOAST)


def test_a_typing_in_the_facts_survives_the_live_refresh(people, report, context_for):
    page = visit(context_for(people.anna).new_page(), f"/log?id={report()}")
    page.get_by_text("Edit the facts").click()
    name = page.get_by_label("Alert name")
    name.fill("EmailServiceDown")
    page.wait_for_timeout(7_000)
    expect(name).to_have_value("EmailServiceDown")
    page.get_by_label("Detected", exact=True).fill("-30m")
    page.get_by_role("button", name="Save the facts").click()
    expect(page.get_by_role("button", name="Save the facts")).to_have_count(0)


def test_the_ledger_from_a_row_to_a_waiver(people, report, context_for):
    ended = datetime.now(UTC) - HOUR / 2
    number = report(Severity.P1, resolved_at=ended, sla_breach=True)
    page = visit(context_for(people.manager).new_page(), "/incidents")
    page.locator(".stDataFrameGlideDataEditor").first.click(position={"x": 16, "y": 52})
    settled(page)
    assert f"open={number}" in page.url
    panel = page.locator(".st-key-incident-panel")
    expect(panel.get_by_text("A post-mortem is required: the SLA was breached.")).to_be_visible()
    expect(panel.get_by_text("Mail fails <b>loudly</b> :red[x] $y$")).to_be_visible()
    panel.get_by_text("Waive", exact=True).click()
    panel.get_by_label("Why is no post-mortem needed?").fill("A drill that went wrong")
    panel.get_by_role("button", name="Waive").last.click()
    expect(page.get_by_text("Waiver noted for P1-001.")).to_be_visible()
    settled(page)
    assert_accessible(page, but=TOAST)


def test_filters_come_back(people, report, context_for):
    report(Severity.P0)
    report(Severity.P1)
    page = visit(context_for(people.manager).new_page(), "/incidents?severity=P0")
    expect(page.get_by_text("1 incident ·")).to_be_visible()
    page.reload()
    settled(page)
    expect(page.get_by_text("1 incident ·")).to_be_visible()
    page.goto("/tracker")
    settled(page)
    page.go_back()
    settled(page)
    assert "severity=P0" in page.url
    expect(page.get_by_text("1 incident ·")).to_be_visible()


def test_every_page_is_accessible_and_does_not_scroll_sideways(people, report, context_for):
    number = report(Severity.P0, resolved_at=datetime.now(UTC) - HOUR / 2)
    with acting.as_user(people.anna):
        run(AddLogEntry(incident_id=number, line="/alert -30m EmailServiceDown"))
    page = context_for(people.manager).new_page()
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)
        for path in ("/report", "/incidents", f"/log?id={number}"):
            visit(page, path)
            no_sideways_scrolling(page)
            assert violations(page) == [], (path, viewport)
