"""The review of five minutes on a phone: only my sections, only the changes, sign or return."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import LookRow, SignatureRow
from pmcore.domain.vocabulary import SectionKey, SignRole
from tests import reviewed
from tests.browser.conftest import NARROW
from tests.browser.watch import assert_accessible, settled, visit


@pytest.fixture
def story(wired, clock):
    story = reviewed.submitted(wired)
    reviewed.sign(wired, story, SignRole.TECH_LEAD)
    clock.now = datetime.now(UTC)
    return story


def looks(engine):
    with Session(engine) as session:
        return {row.section_key: row.number for row in session.scalars(select(LookRow))}


def until_looked(page, engine, count):
    for _ in range(60):
        if len(looks(engine)) == count:
            return
        page.wait_for_timeout(250)
    assert len(looks(engine)) == count


def test_only_my_sections_only_the_changes_on_a_phone(wired, story, context_for, tmp_path):
    reviewed.write(wired, story, SectionKey.RESOLUTION, validation="`curl` said 0.999 twice, from two places.")
    page = context_for(story.lead, viewport=NARROW).new_page()
    visit(page, "/")
    page.get_by_role("link", name="Read the changes").click()
    settled(page)
    card = page.locator(".st-key-review-tech_lead")
    expect(card.get_by_role("heading", name="Resolution")).to_be_visible()
    expect(card.get_by_text("twice, from two places")).to_be_visible()
    expect(card.get_by_role("heading", name="Timeline")).to_have_count(0)
    expect(card.get_by_text("Unchanged since you signed")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert_accessible(page)
    page.screenshot(path=tmp_path / "changes.png", full_page=True)
    until_looked(page, wired, 4)
    card.get_by_text("Return it with reasons").click()
    expect(card.get_by_role("button", name="Return as Tech Lead")).to_be_visible()
    card.get_by_role("button", name="Confirm again as Tech Lead").click()
    expect(page.get_by_text("Signed as Tech Lead.")).to_be_visible()
    with Session(wired) as session:
        assert len(session.scalars(select(SignatureRow)).all()) == 2


def test_what_was_on_the_screen_is_remembered_and_a_reload_keeps_the_marks(wired, story, context_for, tmp_path):
    page = context_for(story.bystander).new_page()
    visit(page, f"/read?id={story.id}")
    expect(page.get_by_text("Changed since you last looked")).to_have_count(0)
    until_looked(page, wired, 11)
    before = looks(wired)
    with Session(wired.execution_options(writes=True)) as session, session.begin():  # it was yesterday
        session.execute(update(LookRow).values(at=datetime(2026, 1, 1, tzinfo=UTC)))
    reviewed.write(wired, story, SectionKey.RESOLUTION, validation="`curl` said 0.999 twice, from two places.")
    visit(page, f"/read?id={story.id}")
    mark = page.locator(".st-key-news-resolution")
    expect(mark).to_contain_text("Changed")
    mark.get_by_text(re.compile("Resolution")).click()
    expect(mark.get_by_text("twice, from two places")).to_be_visible()
    assert_accessible(page)
    page.screenshot(path=tmp_path / "news.png", full_page=True)
    for _ in range(60):
        if looks(wired)["resolution"] > before["resolution"]:
            break
        page.wait_for_timeout(250)
    visit(page, f"/read?id={story.id}")
    expect(mark).to_contain_text("Changed")
