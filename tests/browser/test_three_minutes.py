"""Two authors and a reviewer on one post-mortem for three minutes; the server is killed in between.

Each writes words that occur once in the whole test. A word counts as accepted when the box that it was typed into says
it. In the end every accepted word stands in the final text or in a revision.
"""

import json
import re
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import CommentRow, RevisionRow, SectionRow, SignatureRow
from pmcore.domain.vocabulary import MemberRole, SectionKey, SignRole
from pmcore.usecases.members import AddMember
from tests import reviewed
from tests.browser.server import started
from tests.browser.watch import settled, visit
from wiring import run

SECONDS = 180
KILLED_AFTER = 80
DOWN_SECONDS = 6
SAVED_WITHIN_SECONDS = 60
PAUSES_MS = (200, 900, 1_900, 4_000)  #: around what saves by itself; four, so that each comes after each kind of round
KEPT = "Object.fromEntries(Object.entries(localStorage).filter(([name]) => name.startsWith('pm-typed:')))"
BETWEEN = "\n".join(f"Line {number} of what was there before" for number in range(12))


class Writer:
    """One author's browser. `accepted` are the words that a box has shown."""

    def __init__(self, page: Page, address: str, initial: str) -> None:
        self.page, self.accepted = page, list[str]()
        self.is_alone = False  # the server is away: nothing that is pressed is answered
        self._address, self._initial, self._numbers = address, initial, count(1)
        self._sections: list[str] = []  # the one on the screen is the last

    def go(self, section: str) -> None:
        self._sections = [*(each for each in self._sections if each != section), section]
        visit(self.page, f"{self._address}&section={section}")

    def write(self, name: str, *, at: str = "Control+End", before: str = " ", after: str = "") -> None:
        """A word at one end of a box, key by key."""
        word = f"{self._initial}{next(self._numbers):03}{self._initial}"
        if not self.is_alone:
            self._settle()
        box = self.page.get_by_role("textbox", name=name, exact=True)
        if not self._is_there(box):
            return
        box.focus()
        self.page.keyboard.press(at)
        self.page.keyboard.type(f"{before}{word}{after}", delay=15)
        if word in box.input_value():
            self.accepted.append(word)

    def finish(self) -> None:
        """Everything is saved: on the page as it stands, then what was left in mid-sentence, once that is back."""
        self._finish(self._sections[-1])
        for section in self._sections[:-1]:
            self.go(section)
            self._finish(section)

    def _finish(self, section: str) -> None:
        """Leave the box, answer what is asked, and wait until nothing is waiting any more."""
        self.page.locator("h1").first.click()
        waiting = self.page.get_by_text("Not saved yet")
        deadline = time.monotonic() + SAVED_WITHIN_SECONDS
        while (kept := self._kept(section)) or waiting.count():
            assert time.monotonic() < deadline, kept or "Not saved yet"
            self._settle()
            self.page.wait_for_timeout(500)

    def _kept(self, section: str) -> dict[str, str]:
        """What this browser has copies of."""
        kept: dict[str, str] = self.page.evaluate(KEPT)
        return {name: copy for name, copy in kept.items() if f":{section}:" in name}

    def _is_there(self, box: Locator) -> bool:
        try:
            box.wait_for(timeout=1_500)
        except Error:
            return False
        return True

    def _settle(self) -> None:
        """What a person does who is asked: choose where both changed the same lines, and put back what is offered."""
        compare = self.page.get_by_role("button", name="Compare and choose")
        choices = self.page.get_by_role("button", name="Save these choices")
        offered = self.page.get_by_role("button", name="Put it back")
        while compare.count() + choices.count() + offered.count():
            # In this order, but the page may have moved on meanwhile: what overlapped may be saved together by now.
            for button in (choices, compare, offered):
                if button.count():
                    button.first.click()
                    settled(self.page)
                    break


class Reviewer:
    """Reads, comments, and signs again and again."""

    def __init__(self, page: Page, story: reviewed.Story) -> None:
        self.page, self.said, self._story = page, list[str](), story

    def comment(self) -> None:
        word = f"R{len(self.said):03}R"
        visit(self.page, f"/write?id={self._story.id}&section=resolution")
        comments = self.page.locator(".st-key-comments-resolution")
        box = comments.get_by_role("textbox", name="New comment")
        while not box.is_visible():  # folded, or about to unfold
            comments.locator("summary").click()
            self.page.wait_for_timeout(1_000)
        box.fill(word)
        comments.get_by_role("button", name="Comment", exact=True).click()
        expect(comments.get_by_test_id("stMarkdown").get_by_text(word)).to_be_visible()
        self.said.append(word)

    def sign(self) -> None:
        visit(self.page, f"/read?id={self._story.id}")
        wanted = re.compile("^(Sign|Confirm again) as Tech Lead$")
        button = self.page.get_by_role("button", name=wanted).first
        if button.count():
            button.click()
            settled(self.page)


@pytest.fixture
def story(wired, clock, as_user):
    story = reviewed.submitted(wired)
    with as_user(story.author):
        run(AddMember(postmortem_id=story.id, user_id=story.bystander, role=MemberRole.CO_AUTHOR))
    reviewed.write(wired, story, SectionKey.RESOLUTION, immediate_fix=BETWEEN)
    clock.now = datetime.now(UTC)
    return story


def everything(engine, story):
    """The final text and every revision, as one text."""
    with Session(engine) as session:
        contents = [
            *session.scalars(select(SectionRow.content).filter_by(postmortem_id=story.id)),
            *session.scalars(select(RevisionRow.content).filter_by(postmortem_id=story.id)),
        ]
    return json.dumps(contents, ensure_ascii=False)


@pytest.mark.minutes
@pytest.mark.timeout(900)
def test_two_authors_and_a_reviewer_lose_no_word(wired, server, story, context_for, database_url, tmp_path, problems):
    address = f"/write?id={story.id}"
    anna = Writer(context_for(story.author).new_page(), address, "A")
    egor = Writer(context_for(story.bystander).new_page(), address, "E")
    boris = Reviewer(context_for(story.lead).new_page(), story)
    anna.go("resolution")
    egor.go("resolution")
    boris.sign()

    port, again = urlsplit(server.url).port, ExitStack()
    is_killed = False
    began = time.monotonic()
    rounds = 0
    with again:
        while (gone := time.monotonic() - began) < SECONDS:
            rounds += 1
            if not is_killed and gone > KILLED_AFTER:
                anna.write("Immediate Fix", at="Control+Home", before="", after=" ")
                server.process.kill()  # before the pause that saves
                server.process.wait()
                anna.is_alone = egor.is_alone = True
                for _ in range(DOWN_SECONDS):
                    anna.write("Immediate Fix", at="Control+Home", before="", after=" ")
                    egor.write("Immediate Fix")
                    egor.page.wait_for_timeout(500)
                again.enter_context(started(database_url, tmp_path / "again.log", port=port))
                is_killed = True
                settled(anna.page)
                settled(egor.page)
                anna.is_alone = egor.is_alone = False
            elif rounds % 9 == 4:
                anna.write("Validation")
                egor.write("Validation", at="Control+Home", before="", after=" ")  # the same line: they overlap
            elif rounds % 9 == 6:
                anna.page.reload()  # in mid-sentence
                settled(anna.page)
                egor.go("summary" if rounds % 2 else "resolution")
            elif rounds % 9 == 8:
                boris.comment()
                boris.sign()
                egor.go("resolution")
            else:
                anna.write("Immediate Fix", at="Control+Home", before="", after="\n" if rounds % 9 == 1 else " ")
                egor.write("Immediate Fix", before="\n" if rounds % 9 == 2 else " ")
                egor.write("Impact")
            anna.page.wait_for_timeout(PAUSES_MS[rounds % len(PAUSES_MS)])

        for each in (anna, egor, anna):  # whoever settles an overlap may cause one
            each.finish()
        assert is_killed
        found = everything(wired, story)
        assert [word for word in (*anna.accepted, *egor.accepted) if word not in found] == []
        assert len(anna.accepted) > 15
        assert len(egor.accepted) > 15
        with Session(wired) as session:
            assert set(boris.said) <= set(session.scalars(select(CommentRow.text)))
            assert session.scalars(select(SignatureRow).filter_by(role=SignRole.TECH_LEAD)).all()
        for page in (anna.page, egor.page, boris.page):
            page.context.close()
    problems.clear()  # the server was away
