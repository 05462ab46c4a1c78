"""The language is switched below every page; page, filters and what was being typed stay."""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from tests import reviewed, scene
from tests.browser.conftest import NARROW
from tests.browser.watch import settled, visit


def test_the_filters_of_the_tracker_stay(rows, server, context_for):
    anna = scene.set_up(rows).anna
    page = visit(context_for(anna, viewport=NARROW).new_page(), "/tracker?sort=duration")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="P1", exact=True).click()
    expect(page).to_have_url(re.compile("severity=P1"))
    settled(page)
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("heading", name="Трекер", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    settled(page)
    expect(page).to_have_url(re.compile(r"/tracker\?severity=P1&sort=duration$"))
    expect(page.get_by_role("button", name="P1", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Tracker", exact=True)).to_be_visible()


def test_what_is_being_typed_stays(wired, clock, server, context_for):
    story = reviewed.begun(wired)
    clock.now = datetime.now(UTC)
    page = visit(context_for(story.author).new_page(), f"/write?id={story.id}&section=resolution")
    page.get_by_role("textbox", name="Immediate Fix").click()
    page.keyboard.type("Raised the pool")
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("heading", name="6. Устранение")).to_be_visible()
    expect(page.get_by_role("textbox", name="Срочное исправление")).to_have_value("Raised the pool")
