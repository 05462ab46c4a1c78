"""A meeting in a browser, from its date to its end, by two people; on a phone; nothing for axe to find."""

import re

import pytest
from playwright.sync_api import expect

from pmcore.domain.vocabulary import Language
from pmcore.usecases.account import ChangeProfile
from pmcore.usecases.meeting import BeginMeeting
from tests import reviewed
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_every_page import complaints
from tests.browser.watch import settled, visit
from tests.rail import scheduled
from wiring import acting, run


def test_from_its_date_to_its_end(wired, server, context_for):
    story = reviewed.begun(wired)
    author = context_for(story.author).new_page()
    visit(author, f"/read?id={story.id}")
    author.get_by_role("link", name="Schedule the meeting").click()
    settled(author)
    author.get_by_role("combobox", name="Who facilitates?").click()
    author.get_by_role("option", name="Egor Engineer").click()
    settled(author)
    author.get_by_role("button", name="Schedule", exact=True).click()
    expect(author.get_by_text("Egor Engineer facilitates.")).to_be_visible()

    page = context_for(story.bystander).new_page()
    visit(page, "/")
    page.locator(".st-key-box-meetings").get_by_role("link", name="Open").click()
    settled(page)
    with page.expect_download() as kept:
        page.get_by_role("link", name="Add to my calendar").click()
    assert kept.value.suggested_filename == "P0-001-meeting.ics"
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_text(re.compile("Minute 0 of 60"))).to_be_visible()
    box = page.get_by_role("checkbox", name="Egor Engineer")
    box.focus()
    page.keyboard.press("Space")
    settled(page)
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    page.get_by_role("textbox", name="Notes").fill("The alert came late")
    page.get_by_role("button", name="Save the notes").click()
    settled(page)
    page.get_by_label("What will be done").fill("Alert at 80 %")
    page.get_by_role("button", name="Propose").click()
    settled(page)
    expect(page.get_by_label("What will be done")).to_have_value("")
    page.get_by_role("button", name="End the meeting").click()
    expect(page.get_by_text(re.compile("1 of 2 required people were there"))).to_be_visible()

    visit(author, f"/meeting?id={story.id}")
    expect(author.get_by_role("textbox", name="Notes")).to_have_value("The alert came late")
    visit(author, f"/write?id={story.id}&section=action_items")
    expect(author.get_by_text("Alert at 80 %").first).to_be_visible()


@pytest.mark.parametrize(
    ("viewport", "scheme", "language"),
    [
        pytest.param(WIDE, "light", Language.ENGLISH, id="wide"),
        pytest.param(NARROW, "dark", Language.RUSSIAN, id="narrow-dark"),
    ],
)
def test_everybody_can_use_it(viewport, scheme, language, wired, server, context_for, problems):
    story = scheduled(wired)
    with acting.as_user(story.author):
        run(ChangeProfile(name="Anna Petrova", language=language))
    page = context_for(story.author, viewport=viewport, color_scheme=scheme).new_page()
    wrong = []
    for address in (f"/meeting?id={story.id}", f"/read?id={story.id}", "/", f"/feedback?id={story.id}"):
        visit(page, address)
        wrong += [f"{address}: {complaint}" for complaint in complaints(page)]
    with acting.as_user(story.author):
        run(BeginMeeting(postmortem_id=story.id))
    visit(page, f"/meeting?id={story.id}")
    wrong += [f"running: {complaint}" for complaint in complaints(page)]
    assert not wrong, "\n".join(wrong)
