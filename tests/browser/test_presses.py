"""A press is heard once, and done, whatever the timers of the page ask for in the same moment."""

import re
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from pmcore.domain.vocabulary import MemberRole, SectionKey
from pmcore.usecases.members import AddMember
from tests import reviewed
from tests.browser.watch import settled, visit
from wiring import run

LINES = "08:10:00 Monitor saw the queue grow\n08:40:00 Mail goes out again"


class Held:
    """What the browser says to the server; held back while `is_held`."""

    def __init__(self, page: Page) -> None:
        self.is_held = False
        self.frames: list[bytes] = []
        self._page = page
        page.route_web_socket(re.compile("/_stcore/stream"), self._carry)

    def _carry(self, browser):
        self._server = browser.connect_to_server()
        browser.on_message(lambda frame: self.frames.append(frame) if self.is_held else self._server.send(frame))

    def until(self, is_there):
        deadline = time.monotonic() + 20
        while not is_there(self.frames) and time.monotonic() < deadline:
            self._page.wait_for_timeout(50)
        assert is_there(self.frames)

    def release(self, *frames):
        self.is_held = False
        for frame in frames:
            self._server.send(frame)


def asked(frame):
    message = BackMsg()
    message.ParseFromString(frame)
    return message.rerun_script


def of_timers(frames):
    return [frame for frame in frames if asked(frame).is_auto_rerun]


def of_people(frames):
    return [frame for frame in frames if not asked(frame).is_auto_rerun]


@pytest.fixture
def story(wired, clock, as_user):
    story = reviewed.begun(wired)
    with as_user(story.author):
        run(AddMember(postmortem_id=story.id, user_id=story.bystander, role=MemberRole.CO_AUTHOR))
    clock.now = datetime.now(UTC)
    return story


@pytest.mark.parametrize("order", ["the timer first", "the press first"])
def test_a_press_while_the_server_is_busy_and_the_page_is_to_be_renewed(wired, story, context_for, order):
    page = context_for(story.author).new_page()
    held = Held(page)
    visit(page, f"/write?id={story.id}&section=timeline")
    page.get_by_text("Paste a block").click()
    box = page.get_by_placeholder("Paste here, then press Ctrl+Enter")
    box.fill("08:05:00 not this one")
    box.press("Control+Enter")
    expect(page.get_by_test_id("stDataFrame").locator("canvas").first).to_be_visible()
    settled(page)

    held.is_held = True
    reviewed.write(wired, story, SectionKey.TIMELINE, entries=[{
        "id": "t9", "at": "2025-12-14T07:05:00+00:00", "kind": "other", "event": "Egor's row", "actor": "",
    }])  # fmt: skip
    box.fill(LINES)
    box.press("Control+Enter")
    held.until(of_people)
    page.get_by_role("button", name=re.compile("^Take over")).click()
    held.until(lambda frames: len(of_people(frames)) == 2 and of_timers(frames))
    typed, pressed = of_people(held.frames)
    timer = of_timers(held.frames)[-1]
    held.release(typed, *((timer, pressed) if order == "the timer first" else (pressed, timer)))

    rows = page.locator(".st-key-timeline-rows")
    for event in ("Egor's row", "Monitor saw the queue grow", "Mail goes out again"):
        expect(rows.get_by_text(event)).to_be_visible()
    page.wait_for_timeout(2_000)
    expect(rows.get_by_text("Monitor saw the queue grow")).to_have_count(1)
