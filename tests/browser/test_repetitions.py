"""Whether it happened before: decided by another person beside the text, taken back, said on both documents."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from pmcore.domain.vocabulary import Severity
from pmcore.usecases.incidents import MoreFacts, ReportIncident
from pmcore.usecases.review import ShareDraft
from tests import reviewed
from tests.browser.test_kept import nothing_is_kept
from tests.browser.watch import assert_accessible, settled, visit
from tests.factories import NOON
from wiring import run

DAY = timedelta(days=1)


@pytest.fixture
def story(wired, as_user):
    """A draft, and nine days after its incident the like of it."""
    story = reviewed.begun(wired)
    with as_user(story.bystander):
        start = NOON + 9 * DAY
        story.again = run(
            ReportIncident(
                title="Mail is down", severity=Severity.P1, service="email-service", started_at=start,
                facts=MoreFacts(resolved_at=start + timedelta(minutes=9)),
            )
        )  # fmt: skip
    return story


def test_confirmed_in_one_click_and_taken_back(story, as_user, server, context_for):
    with as_user(story.author):
        run(ShareDraft(postmortem_id=story.id))
    page = context_for(story.manager).new_page()
    visit(page, f"/write?id={story.id}")
    line = page.locator(".st-key-repeats-line-2-1")
    expect(line).to_contain_text("Repeated by P1-001?")
    line.get_by_role("button", name="Why, and what was done").click()
    card = page.get_by_test_id("stPopoverBody")
    expect(card).to_contain_text("similar title: Mail, down")
    assert_accessible(page)
    reason = card.locator(".st-key-repeats-decide-2-1-note input")
    reason.fill("The same pool")
    page.reload()
    settled(page)
    line.get_by_role("button", name="Why, and what was done").click()
    expect(reason).to_have_value("The same pool")
    card.locator(".st-key-repeats-decide-2-1-yes button").click()
    settled(page)
    nothing_is_kept(page)
    expect(line).to_contain_text("Confirmed")
    page.locator(".st-key-undo-button button").click()
    settled(page)
    expect(line).to_contain_text("Undecided")
    visit(page, f"/log?id={story.again}")
    expect(page.locator(".st-key-repeats-2-1")).to_contain_text("Repeats P0-001?")
    assert_accessible(page)
