"""Two people have one post-mortem open: each sees where the other is and what the other wrote."""

import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from pmcore.domain.vocabulary import MemberRole, SectionKey
from pmcore.usecases.members import AddMember
from tests import reviewed
from tests.browser.conftest import NARROW
from tests.browser.watch import assert_accessible, visit
from wiring import run


@pytest.fixture
def story(wired, clock, as_user):
    story = reviewed.begun(wired)
    with as_user(story.author):
        run(AddMember(postmortem_id=story.id, user_id=story.bystander, role=MemberRole.CO_AUTHOR))
    reviewed.write(wired, story, SectionKey.RESOLUTION, immediate_fix="A\n" * 12 + "end", validation="Not yet")
    clock.now = datetime.now(UTC)
    return story


@pytest.fixture
def opened(story, context_for):
    def opened(user_id, section="resolution", **options) -> Page:
        page = context_for(user_id, **options).new_page()
        visit(page, f"/write?id={story.id}&section={section}")
        return page

    return opened


def here(page: Page):
    return page.locator(".st-key-around")


def box(page: Page, name: str):
    return page.get_by_role("textbox", name=name)


def test_who_is_in_a_section_is_seen_within_three_seconds(story, opened, tmp_path):
    anna = opened(story.author)
    expect(here(anna)).to_contain_text("Nobody else is writing here now.")
    egor = opened(story.bystander, "timeline", viewport=NARROW)
    began = time.monotonic()
    expect(here(anna)).to_contain_text("Elsewhere: Egor Engineer (Timeline)")
    assert time.monotonic() - began < 3
    expect(here(egor)).to_contain_text("Elsewhere: Anna Petrova (Resolution)")
    egor.goto(egor.url.replace("timeline", "resolution"))
    expect(here(anna)).to_contain_text("In this section: Egor Engineer")
    expect(here(egor)).to_contain_text("In this section: Anna Petrova")
    assert_accessible(anna)
    assert_accessible(egor)
    anna.screenshot(path=tmp_path / "here.png")
    egor.screenshot(path=tmp_path / "here_narrow.png")


def test_what_nobody_edits_here_is_renewed_and_neither_focus_nor_scroll_moves(story, opened):
    anna, egor = opened(story.author), opened(story.bystander)
    box(anna, "Immediate Fix").click()
    anna.keyboard.press("Control+End")
    anna.keyboard.type(" and mine")
    anna.wait_for_timeout(2_500)
    anna.mouse.wheel(0, 120)
    anna.wait_for_timeout(500)
    where = "[document.querySelector('[data-testid=stMain]').scrollTop, document.activeElement.selectionStart]"
    before = anna.evaluate(where)
    for text in ("Egor looked", "Egor looked twice"):
        box(egor, "Validation").fill(text)
        expect(box(anna, "Validation")).to_have_value(text)
    expect(box(anna, "Immediate Fix")).to_be_focused()
    assert anna.evaluate(where) == before
    anna.keyboard.type(", too")
    expect(box(egor, "Immediate Fix")).to_have_value("A\n" * 12 + "end and mine, too")


def test_the_list_of_sections_follows_what_others_write(story, opened):
    anna, egor = opened(story.author), opened(story.bystander, "summary")
    summary = anna.locator(".st-key-open-summary")
    box(anna, "Immediate Fix").click()
    expect(summary).to_contain_text("Needs you")
    for name in ("Impact", "Root Cause", "Resolution", "Prevention"):
        box(egor, name).fill(f"{name} in a sentence")
        box(egor, name).blur()
    expect(summary).not_to_contain_text("Needs you")
    expect(box(anna, "Immediate Fix")).to_be_focused()
