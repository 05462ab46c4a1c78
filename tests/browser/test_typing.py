"""What is typed is saved by itself, and survives whatever happens to the tab, the network, the server, the session."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from db.models import SectionRow
from pmcore.domain.vocabulary import MemberRole, SectionKey
from pmcore.usecases.members import AddMember
from tests import reviewed
from tests.browser.watch import assert_accessible, visit
from wiring import run


@pytest.fixture
def story(wired, clock, as_user):
    """Anna writes with Egor. The server's clock is the real one, and so is the test's from here on."""
    story = reviewed.begun(wired)
    with as_user(story.author):
        run(AddMember(postmortem_id=story.id, user_id=story.bystander, role=MemberRole.CO_AUTHOR))
    clock.now = datetime.now(UTC)
    return story


@pytest.fixture
def stored(wired, story):
    def stored(key=SectionKey.RESOLUTION):
        with Session(wired) as session:
            return session.get(SectionRow, (story.id, key)).content

    return stored


@pytest.fixture
def opened(story, context_for):
    def opened(user_id=None, section="resolution", **options) -> Page:
        page = context_for(user_id or story.author, **options).new_page()
        visit(page, f"/write?id={story.id}&section={section}")
        return page

    return opened


def fix(page: Page):
    return page.get_by_role("textbox", name="Immediate Fix")


def said(page: Page):
    return page.get_by_text(re.compile(r"^Saved \d\d:\d\d:\d\d$"))


class TestByItself:
    def test_text_is_saved_after_a_pause_and_typing_goes_on_where_it_was(self, opened, stored):
        page = opened()
        fix(page).click()
        page.keyboard.type("Raised the pol")
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_text("Not saved yet")).to_be_visible()
        expect(said(page)).to_be_visible()
        assert stored()["immediate_fix"] == "Raised the pol"
        expect(fix(page)).to_be_focused()
        page.keyboard.type("o")
        expect(fix(page)).to_have_value("Raised the pool")
        expect(page.get_by_text("Not saved yet")).to_be_visible()
        expect(said(page)).to_be_visible()
        assert stored()["immediate_fix"] == "Raised the pool"
        assert_accessible(page)
