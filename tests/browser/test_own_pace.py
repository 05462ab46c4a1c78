"""The timeline, the whys and the promises in a real browser: by keyboard alone, without a violation behind them."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests import reviewed
from tests.browser.conftest import NARROW, WIDE
from tests.browser.watch import settled, violations, visit


@pytest.fixture
def story(wired, clock):
    story = reviewed.drafted(wired)
    reviewed.write(
        wired, story, reviewed.SectionKey.TIMELINE,
        entries=[{"id": "a", "at": "2025-12-14T07:00:00+00:00", "kind": "alert", "event": "Fired", "actor": "System"}],
    )  # fmt: skip
    clock.now = datetime.now(UTC)  # the server has the real time, and so must the session
    return story


def test_everybody_can_use_them(story, context_for):
    page = context_for(story.author).new_page()
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)
        for section in ("timeline", "root_cause", "action_items"):
            visit(page, f"/write?id={story.id}&section={section}")
            if section == "root_cause":  # while it draws, Streamlit's placeholder has a label that it may not have
                picture = page.get_by_alt_text("The whys as a tree")
                expect(picture).to_be_visible()
                assert picture.evaluate("img => img.naturalWidth") > 100
            # sections use small headings below a large one
            assert violations(page, but=["heading-order"]) == [], (section, viewport)
        visit(page, "/actions?state=all")
        expect(page.get_by_text("P0-001/AI-1")).not_to_have_count(0)
        assert violations(page) == [], ("actions", viewport)


def test_a_row_is_added_by_keyboard_alone(story, context_for):
    page = visit(context_for(story.author).new_page(), f"/write?id={story.id}&section=timeline")
    page.get_by_role("button", name="Add a row").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Time", exact=True).focus()
    page.keyboard.type("10:01")
    for _stop in ("help", "kind", "actor"):
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Actor":
            break
        page.keyboard.press("Tab")
    page.get_by_label("Event", exact=True).focus()
    page.keyboard.type("Somebody called")
    page.keyboard.press("Control+Enter")
    settled(page)
    expect(page.get_by_text("Somebody called")).to_be_visible()
    expect(page.get_by_label("Event", exact=True)).to_have_count(0)
