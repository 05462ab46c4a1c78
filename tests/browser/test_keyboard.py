"""Report, log and writing without a mouse: whatever is needed can be reached with Tab and done with keys."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from db.models import ActionItemRow, IncidentRow, LogEntryRow, SectionRow
from pmcore.domain.vocabulary import SectionKey
from tests import reviewed, scene
from tests.browser.watch import is_saved, settled, visit

_NAME = """() => {
  const one = document.activeElement;
  const by = (one.getAttribute("aria-labelledby") || "").split(" ").map(id => document.getElementById(id));
  const said = by.map(label => label?.innerText || label?.ariaLabel || "").join(" ").trim();
  const labels = [...(one.labels || [])].map(label => label.innerText).join(" ").trim();
  return (one.ariaLabel || said || labels || one.innerText || one.placeholder || "").trim();
}"""


def focused(page: Page) -> str:
    """What a screen reader would call the element that has the focus."""
    return str(page.evaluate(_NAME))


def tab_to(page: Page, name: str, *, most: int = 90) -> None:
    """Press Tab until this is reached; an icon's own word before its name and a state after it do not count."""
    passed = []
    for _stop in range(most):
        page.keyboard.press("Tab")
        found = " ".join(focused(page).split())
        if re.fullmatch(rf"([a-z_]+ )?{re.escape(name)}( .*)?", found):
            return
        passed.append(found)
    raise AssertionError(f"{name} is not reached; passed {passed}")


def do(page: Page, name: str, key: str = "Enter") -> None:
    tab_to(page, name)
    page.keyboard.press(key)
    settled(page)


def fill(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.type(text)


@pytest.fixture
def story(wired, clock):
    story = reviewed.begun(wired)
    clock.now = datetime.now(UTC)
    return story


@pytest.fixture
def opened(story, context_for):
    def opened(section: SectionKey) -> Page:
        page = context_for(story.author).new_page()
        return visit(page, f"/write?id={story.id}&section={section}")

    return opened


@pytest.fixture
def stored(wired, story):
    def stored(key: SectionKey):
        with Session(wired) as session:
            return session.get(SectionRow, (story.id, key)).content

    return stored


def test_an_incident_is_reported_logged_and_resolved(rows, wired, context_for):
    anna = scene.set_up(rows).anna
    page = visit(context_for(anna).new_page(), "/report")
    fill(page, "What do people see?", "Mail fails")
    do(page, "P0", "Space")
    tab_to(page, "Service")
    page.keyboard.type("email")
    page.keyboard.press("Enter")
    settled(page)
    do(page, "Report")
    expect(page.get_by_role("heading", level=1)).to_contain_text("P0-001")
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible()
    settled(page)
    page.keyboard.press("Tab")
    for _stop in range(90):
        if page.evaluate("document.activeElement.dataset.testid") == "stChatInputTextArea":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("/fix Restarted it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Restarted it")).to_be_visible()
    settled(page)
    do(page, "Resolved now")
    expect(page.get_by_role("button", name="Resolved now")).to_have_count(0)
    with Session(wired) as session:
        assert session.query(IncidentRow).one().resolved_at is not None
        assert session.query(LogEntryRow).filter_by(text="Restarted it").one().kind == "fix"


def test_a_text_is_written_and_saved(opened, stored):
    page = opened(SectionKey.RESOLUTION)
    fill(page, "Immediate Fix", "Raised the pool")
    fill(page, "Validation", "No more errors")
    do(page, "Save now")
    is_saved(page)
    assert stored(SectionKey.RESOLUTION) == {"immediate_fix": "Raised the pool", "validation": "No more errors"}


def test_a_row_is_added_to_the_timeline(opened, stored):
    page = opened(SectionKey.TIMELINE)
    do(page, "Add a row")
    fill(page, "Time", "10:01")
    fill(page, "Event", "Somebody called")
    page.keyboard.press("Control+Enter")
    settled(page)
    expect(page.get_by_role("textbox", name="Event")).to_have_count(0)
    assert "Somebody called" in [row["event"] for row in stored(SectionKey.TIMELINE)["entries"]]


def test_a_why_is_asked_and_answered(opened, stored):
    page = opened(SectionKey.ROOT_CAUSE)
    do(page, "Ask the first why")
    fill(page, "Why 1", "Why did mails fail?")
    fill(page, "Answer", "The pool was empty")
    fill(page, "Stop here because", "We own it")
    do(page, "Done")
    do(page, "Save now")
    is_saved(page)
    (why,) = stored(SectionKey.ROOT_CAUSE)["whys"]
    assert (why["question"], why["answer"]) == ("Why did mails fail?", "The pool was empty")


def test_an_action_item_is_promised(wired, story, opened):
    page = opened(SectionKey.ACTION_ITEMS)
    do(page, "Add an action item")
    fill(page, "What will be done", "Alert at 80 %")
    tab_to(page, "Owner")
    page.keyboard.type("Anna")
    page.keyboard.press("Enter")
    settled(page)
    fill(page, "Success criterion", "Seen on the dashboard")
    do(page, "Commit")
    expect(page.get_by_role("button", name="Commit", exact=True)).to_have_count(0)
    with Session(wired) as session:
        item = session.query(ActionItemRow).filter_by(title="Alert at 80 %").one()
        assert (item.state, item.owner_id) == ("committed", story.author)


def test_another_section_is_opened_and_left_again(opened):
    page = opened(SectionKey.RESOLUTION)
    do(page, "Lessons Learned")
    expect(page.get_by_role("heading", name="8. Lessons Learned")).to_be_visible()
