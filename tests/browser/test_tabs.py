"""One person writes in several tabs: what is typed half-way comes back in the one in which it was typed."""

import json
import re
import threading
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from db.models import SectionRow
from pmcore.domain.vocabulary import SectionKey
from tests import reviewed
from tests.browser.test_kept import copies, nothing_is_kept, press
from tests.browser.watch import settled, visit

SAVED = re.compile(r"^Saved \d\d:\d\d:\d\d$")


@pytest.fixture
def story(wired, clock):
    story = reviewed.begun(wired)
    clock.now = datetime.now(UTC)
    return story


@pytest.fixture
def cut():
    """Set, and nothing that is typed from then on reaches the server."""
    return threading.Event()


@pytest.fixture
def tab(story, context_for, cut):
    """Of one browser, a new one for each section."""
    context = context_for(story.author)

    def carry(browser):
        server = browser.connect_to_server()
        browser.on_message(lambda message: None if cut.is_set() else server.send(message))

    context.route_web_socket(re.compile("/_stcore/stream"), carry)

    def tab(section: str) -> Page:
        page = visit(context.new_page(), f"/write?id={story.id}&section={section}")
        page.wait_for_function(
            "() => window.pmTypedHere?.size"
        )  # else it takes what is typed elsewhere for an earlier page's
        return page

    return tab


@pytest.fixture
def stored(wired, story):
    def stored(key):
        with Session(wired) as session:
            return session.get(SectionRow, (story.id, key)).content

    return stored


def box(page: Page, name: str):
    return page.get_by_role("textbox", name=name, exact=True)


def write(field, text: str) -> None:
    field.focus()
    field.page.keyboard.type(text)


def texts(page: Page) -> list[str]:
    """Of all boxes that say something."""
    return page.evaluate("[...document.querySelectorAll('textarea')].map((box) => box.value).filter(Boolean)")


def test_each_has_its_own_text_after_the_server_was_killed(server, tab, cut, again, stored, problems):
    fix, lesson, row = tab("resolution"), tab("lessons"), tab("timeline")
    press(row, "Add a row")
    box(row, "Time").fill("10:05")
    cut.set()  # half-way: however slow the machine is, nothing is saved
    write(box(fix, "Immediate Fix"), "Raised the pool")
    write(box(lesson, "Lesson 1").nth(1), "Nobody was paged")
    write(box(row, "Event"), "The queue grew")
    assert len(copies(fix)) == 4
    server.process.kill()
    server.process.wait()
    cut.clear()
    with again():
        for page in (fix, lesson):
            expect(page.get_by_text(SAVED)).to_be_visible(timeout=60_000)
        settled(row, timeout_ms=60_000)
        expect(box(row, "Event")).to_have_value("The queue grew")
        assert [texts(page) for page in (fix, lesson, row)] == [
            ["Raised the pool"], ["Nobody was paged"], ["The queue grew"],
        ]  # fmt: skip
        press(row, "Save")
        expect(row.locator(".st-key-timeline-rows").get_by_text("The queue grew")).to_have_count(1)
        assert stored(SectionKey.RESOLUTION)["immediate_fix"] == "Raised the pool"
        assert [each["text"] for each in stored(SectionKey.LESSONS)["lessons"]] == ["Nobody was paged"]
        assert [each["event"] for each in stored(SectionKey.TIMELINE)["entries"]].count("The queue grew") == 1
        nothing_is_kept(row)
        said = json.dumps([stored(key) for key in SectionKey if key is not SectionKey.SIGN_OFF])
        assert [said.count(text) for text in ("Raised the pool", "Nobody was paged", "The queue grew")] == [1, 1, 1]
        row.context.close()
    problems.clear()


def test_two_of_one_section_are_not_confused(server, tab, cut, again, stored, problems):
    fix, validation = tabs = tab("resolution"), tab("resolution")
    for page in tabs:  # its box is drawn once somebody asks for it
        page.locator(".st-key-comments-resolution summary").click()
        expect(box(page, "New comment")).to_be_visible()
    cut.set()
    write(box(fix, "Immediate Fix"), "Raised the pool")
    write(box(validation, "Validation"), "The graph is flat")
    comments = ["Why fifty?", "And for how long?"]
    for page, text in zip(tabs, comments, strict=True):
        write(box(page, "New comment"), text)
    server.process.kill()
    server.process.wait()
    cut.clear()
    with again():
        for page in tabs:
            expect(box(page, "Immediate Fix")).to_have_value("Raised the pool", timeout=60_000)
            expect(box(page, "Validation")).to_have_value("The graph is flat", timeout=60_000)
        for _ in range(40):
            if all("comments" in name for name in copies(fix)):
                break
            fix.wait_for_timeout(250)  # until all else is stored
        for page, text in zip(tabs, comments, strict=True):
            assert texts(page) == ["Raised the pool", "The graph is flat", text]
            expect(page.locator("blockquote")).to_have_count(0)
        assert stored(SectionKey.RESOLUTION)["immediate_fix"] == "Raised the pool"
        assert stored(SectionKey.RESOLUTION)["validation"] == "The graph is flat"
        fix.reload()  # in the browser the text of the one that was typed into last is kept, besides that of the other
        expect(box(settled(fix), "New comment")).not_to_have_value("")
        assert comments[0] in [*texts(fix), *fix.locator("blockquote").all_inner_texts()]
        fix.context.close()
    problems.clear()
