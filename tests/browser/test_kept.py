"""What a button saves is kept in the browser until then: after a reload, a closed tab and a killed server."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ActionItemRow, CommentRow, SectionRow
from pmcore.domain.vocabulary import MemberRole, SectionKey
from pmcore.usecases.comments import WriteComment
from pmcore.usecases.members import AddMember
from tests import reviewed
from tests.browser.server import started
from tests.browser.watch import assert_accessible, settled, visit
from wiring import acting, run

BACK = "What you typed before is back."
KEPT = "Kept in this browser until you save it."
EVENT = "The queue grew."


@pytest.fixture
def story(wired, clock, as_user):
    story = reviewed.submitted(wired)
    with as_user(story.author):
        run(AddMember(postmortem_id=story.id, user_id=story.bystander, role=MemberRole.CO_AUTHOR))
    clock.now = datetime.now(UTC)
    return story


@pytest.fixture
def opened(story, context_for):
    def opened(section: str) -> Page:
        return visit(context_for(story.author).new_page(), f"/write?id={story.id}&section={section}")

    return opened


def copies(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('pm-typed:'))")


def nothing_is_kept(page: Page) -> None:
    for _ in range(40):
        if not copies(page):
            break
        page.wait_for_timeout(250)
    assert copies(page) == []


def box(page: Page, name: str):
    return page.get_by_role("textbox", name=name, exact=True)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settled(page)


def entries(engine, story):
    with Session(engine) as session:
        return session.get(SectionRow, (story.id, SectionKey.TIMELINE)).content["entries"]


def begin_a_row(page: Page) -> None:
    press(page, "Add a row")
    box(page, "Time").fill("10:05")
    box(page, "Event").click()
    page.keyboard.type(EVENT)


class TestARowOfTheTimeline:
    def test_a_new_one_survives_a_reload_and_is_saved_once(self, wired, story, opened):
        page = opened("timeline")
        begin_a_row(page)
        expect(page.get_by_text(KEPT)).to_be_visible()
        assert_accessible(page)
        page.reload()
        settled(page)
        expect(box(page, "Event")).to_have_value(EVENT)
        expect(box(page, "Time")).to_have_value("10:05")
        press(page, "Save")
        expect(page.locator(".st-key-timeline-rows").get_by_text(EVENT)).to_be_visible()
        assert [entry["event"] for entry in entries(wired, story)].count(EVENT) == 1
        expect(page.get_by_text(KEPT)).to_have_count(0)
        nothing_is_kept(page)
        page.reload()
        settled(page)
        expect(page.locator(".st-key-timeline-rows").get_by_text(EVENT)).to_have_count(1)
        expect(box(page, "Event")).to_have_count(0)

    def test_an_old_one_survives_a_closed_tab(self, wired, story, opened):
        page = opened("timeline")
        page.locator(".st-key-timeline-row-t1 button").first.click()
        box(page, "Event").click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" from everywhere")
        page.close()
        again = visit(page.context.new_page(), f"/write?id={story.id}&section=timeline")
        expect(box(again, "Event")).to_have_value("500s from everywhere")
        press(again, "Save")
        expect(again.locator(".st-key-timeline-rows").get_by_text("500s from everywhere")).to_be_visible()
        nothing_is_kept(again)

    def test_is_offered_where_somebody_changed_the_row(self, wired, story, opened):
        page = opened("timeline")
        page.locator(".st-key-timeline-row-t1 button").first.click()
        box(page, "Event").fill("500s from everywhere")
        page.close()
        (row,) = entries(wired, story)
        reviewed.write(wired, story, SectionKey.TIMELINE, entries=[{**row, "event": "501s"}])
        again = visit(page.context.new_page(), f"/write?id={story.id}&section=timeline")
        expect(again.get_by_text("You typed this here, it was not saved")).to_be_visible()
        expect(again.locator(".st-key-timeline-rows").get_by_text("501s")).to_be_visible()
        again.get_by_role("button", name="Put it back").click()
        expect(box(again, "Event")).to_have_value("500s from everywhere")

    def test_stays_while_somebody_adds_rows_around_it(self, wired, story, opened):
        page = opened("timeline")
        page.locator(".st-key-timeline-row-t1 button").first.click()
        box(page, "Event").click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" from")
        (row,) = entries(wired, story)
        others = [{**row, "id": f"t{n}", "at": f"2025-12-14T06:5{n}:00+00:00", "event": f"Before {n}"} for n in (2, 3)]
        reviewed.write(wired, story, SectionKey.TIMELINE, entries=[*others, row])
        expect(page.get_by_text("Before 3")).to_be_visible()
        expect(box(page, "Event")).to_have_value("500s from")
        box(page, "Event").click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" everywhere")
        press(page, "Save")
        for event in ("Before 2", "Before 3", "500s from everywhere"):
            expect(page.locator(".st-key-timeline-rows").get_by_text(event)).to_be_visible()

    def test_is_given_up_by_cancelling(self, opened):
        page = opened("timeline")
        begin_a_row(page)
        press(page, "Cancel")
        expect(box(page, "Event")).to_have_count(0)
        page.reload()
        settled(page)
        page.wait_for_timeout(1_500)
        expect(box(page, "Event")).to_have_count(0)
        assert copies(page) == []


def test_a_form_survives_a_killed_server(wired, server, story, opened, database_url, tmp_path, problems):
    page = opened("timeline")
    begin_a_row(page)
    server.process.kill()
    server.process.wait()
    page.keyboard.type(" And grew")
    page.wait_for_timeout(1_000)
    with started(database_url, tmp_path / "again.log", port=urlsplit(server.url).port):
        settled(page, timeout_ms=60_000)
        expect(box(page, "Event")).to_have_value(f"{EVENT} And grew", timeout=30_000)
        expect(box(page, "Time")).to_have_value("10:05")
        press(page, "Save")
        expect(page.locator(".st-key-timeline-rows").get_by_text(f"{EVENT} And grew")).to_be_visible()
        page.context.close()
    problems.clear()


def test_a_pasted_block_survives_a_reload(wired, story, opened):
    page = opened("timeline")
    page.get_by_text("Paste a block").click()
    page.get_by_placeholder("Paste here, then press Ctrl+Enter").fill(f"10:05:00 {EVENT}\nwhat is this line")
    page.reload()
    settled(page)
    expect(page.get_by_placeholder("Paste here, then press Ctrl+Enter")).to_have_value(
        f"10:05:00 {EVENT}\nwhat is this line"
    )
    page.get_by_role("button", name="Take over 1 row").click()
    expect(page.locator(".st-key-timeline-rows").get_by_text(EVENT)).to_be_visible()


def test_a_new_action_item_survives_a_reload_and_is_saved_once(wired, story, opened):
    page = opened("action_items")
    press(page, "Add an action item")
    box(page, "What will be done").fill("Watch the queue")
    box(page, "Success criterion").click()
    page.keyboard.type("An alert fires")
    page.reload()
    settled(page)
    expect(box(page, "What will be done")).to_have_value("Watch the queue")
    expect(box(page, "Success criterion")).to_have_value("An alert fires")
    assert_accessible(page)
    press(page, "Keep as a proposal")
    expect(page.get_by_text("Watch the queue").first).to_be_visible()
    page.reload()
    settled(page)
    page.wait_for_timeout(1_500)
    expect(box(page, "What will be done")).to_have_count(0)
    with Session(wired) as session:
        said = session.scalars(select(ActionItemRow).filter_by(title="Watch the queue")).all()
        assert [row.criterion for row in said] == ["An alert fires"]


def test_the_reasons_of_a_return_survive_a_reload(story, context_for):
    page = visit(context_for(story.lead).new_page(), f"/read?id={story.id}")
    page.locator(".st-key-return-open-tech_lead summary").click()
    box(page, "What should change?").click()
    page.keyboard.type("Say with a number that it was over.")
    page.reload()
    settled(page)
    expect(box(page, "What should change?")).to_be_visible()
    expect(box(page, "What should change?")).to_have_value("Say with a number that it was over.")
    press(page, "Return as Tech Lead")
    expect(page.get_by_text("Say with a number that it was over.")).to_be_visible()
    nothing_is_kept(page)


def test_a_comment_survives_a_reload(wired, story, opened):
    page = opened("resolution")
    comments = page.locator(".st-key-comments-resolution")
    for text in ("Why fifty?", "And for how long?"):
        if not comments.get_by_role("textbox", name="New comment").is_visible():
            comments.locator("summary").click()
        comments.get_by_role("textbox", name="New comment").fill(text)
        page.reload()
        settled(page)
        expect(comments.get_by_role("textbox", name="New comment")).to_have_value(text)
        comments.get_by_role("button", name="Comment", exact=True).click()
        expect(comments.get_by_text(text)).to_be_visible()
        expect(comments.get_by_role("textbox", name="New comment")).to_have_value("")
    with Session(wired) as session:
        assert session.scalars(select(CommentRow.text).order_by(CommentRow.id)).all() == [
            "Why fifty?",
            "And for how long?",
        ]


def test_a_comment_that_was_said_does_not_come_back(wired, story, opened):
    page = opened("resolution")
    page.evaluate(
        """([name, text]) => localStorage.setItem(name, JSON.stringify({ text, base: "", row: {}, round: 0 }))""",
        [f"pm-typed:{story.author}:{story.id}:comments-resolution:{story.id}-resolution/text", "Why fifty?"],
    )  # as it stays where the answer never came
    with acting.as_user(story.author):
        run(WriteComment(postmortem_id=story.id, section=SectionKey.RESOLUTION, text="Why fifty?"))
    page.reload()
    settled(page)
    nothing_is_kept(page)
    expect(page.get_by_role("textbox", name="New comment")).to_have_value("")
