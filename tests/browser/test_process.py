"""The process in a browser: read, followed, ticked by keyboard, approved."""

import re

import pytest
from playwright.sync_api import expect

from pmcore.domain.vocabulary import Language, OnboardingStep, Role
from pmcore.usecases.onboarding import BeginOnboarding
from pmcore.words import label
from tests.browser.conftest import NARROW, WIDE
from tests.browser.watch import assert_accessible, settled, visit
from tests.factories import make_policy, make_user, make_workspace
from wiring import acting, run

PARTS = ("/process", "/process?part=checklist", "/process?part=template")


@pytest.fixture
def people(wired, rows):
    """The manager and the newcomer, in English."""
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        manager = make_user(session, "Maria Kim", Role.ENGINEERING_MANAGER).id
        newcomer = make_user(session, "Anna Petrova", Role.ENGINEER).id
    with acting.as_user(manager):
        run(BeginOnboarding(user_id=newcomer))
    return manager, newcomer


def test_a_newcomer_is_led_to_the_checklist_and_ticks_it_by_keyboard(people, context_for):
    manager, newcomer = people
    page = context_for(newcomer).new_page()
    visit(page, "/")
    page.get_by_role("link", name=re.compile("Begin")).click()
    settled(page)
    box = page.get_by_role("checkbox", name=label(OnboardingStep.READ_PROCESS))
    box.focus()
    page.keyboard.press("Space")
    settled(page)
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    expect(page.get_by_text("1 of 11 steps")).to_be_visible()
    page.keyboard.press("Space")
    settled(page)
    expect(box).not_to_be_checked()
    page.keyboard.press("Space")
    settled(page)
    page.reload()
    settled(page)
    expect(box).to_be_checked()

    seen = context_for(manager).new_page()
    visit(seen, "/process?part=checklist")
    seen.locator(f".st-key-newcomer-open-{newcomer} button").click()
    settled(seen)
    expect(seen.get_by_role("checkbox", name=label(OnboardingStep.READ_PROCESS))).to_be_checked()
    assert seen.url.endswith(f"who={newcomer}")


def test_links_lead_to_pages_and_parts(people, context_for):
    page = context_for(people[1]).new_page()
    visit(page, "/process")
    link = page.get_by_test_id("stMarkdown").get_by_role("link", name="onboarding checklist").first
    with page.context.expect_page() as opened:
        link.click()
    settled(opened.value)
    expect(opened.value.get_by_role("heading", name="Your checklist")).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("link", name="Metrics").first.click()
    expect(page.get_by_role("heading", name="Metrics")).to_be_in_viewport()


def test_a_manager_approves_what_is_there(people, context_for):
    page = context_for(people[0]).new_page()
    visit(page, "/process")
    page.get_by_role("button", name="Approve version").click()
    settled(page)
    expect(page.get_by_text("by Maria Kim on")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    settled(page)
    expect(page.get_by_text("Not approved yet")).to_be_visible()


@pytest.mark.parametrize(("viewport", "language"), [(WIDE, Language.ENGLISH), (NARROW, Language.RUSSIAN)])
def test_every_part_can_be_used_by_everybody(people, rows, context_for, viewport, language):
    with rows() as session:
        someone = make_user(session, "Olga Second", Role.ENGINEERING_MANAGER, language=language).id
    page = context_for(someone, viewport=viewport).new_page()
    for part in (*PARTS, f"/process?part=checklist&who={people[1]}"):
        visit(page, part)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert_accessible(page)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), part
