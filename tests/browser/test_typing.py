"""What is typed is saved by itself, and survives whatever happens to the tab, the network, the server, the session."""

import re
import threading
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session
from streamlit.proto.BackMsg_pb2 import BackMsg

from db.models import SectionRow, SessionRow
from pmcore.domain.vocabulary import Language, MemberRole, SectionKey
from pmcore.usecases.account import ChangeProfile
from pmcore.usecases.identity import OpenSession
from pmcore.usecases.members import AddMember
from pmcore.usecases.writing import SaveSection
from tests import reviewed
from tests.browser import proxy
from tests.browser.conftest import NARROW
from tests.browser.server import started
from tests.browser.watch import assert_accessible, settled, visit
from web.browser import cookie_name
from wiring import ask, run

#: Types into the first box of the section the moment it is drawn, as somebody does whose machine is slow.
TYPE_AS_SOON_AS_IT_IS_THERE = """
new MutationObserver((_changes, observer) => {
  const box = document.querySelector('textarea[aria-label="Immediate Fix"]');
  if (!box) return;
  observer.disconnect();
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, "Typed at once");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}).observe(document, { subtree: true, childList: true });
"""


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
def cut():
    """Set, and nothing that is typed from then on reaches the server."""
    return threading.Event()


@pytest.fixture
def opened(story, context_for, cut):
    def opened(user_id=None, section="resolution", *, can_be_cut=False, by_timer=True, **options) -> Page:
        context = context_for(user_id or story.author, **options)
        if not by_timer:
            context.route_web_socket(re.compile("/_stcore/stream"), _without_timers)
        if can_be_cut:
            context.route_web_socket(re.compile("/_stcore/stream"), _until(cut))
        page = context.new_page()
        visit(page, f"/write?id={story.id}&section={section}")
        return page

    return opened


def _until(cut):
    def carry(browser):
        server = browser.connect_to_server()
        browser.on_message(lambda message: None if cut.is_set() else server.send(message))

    return carry


def _without_timers(browser):
    server = browser.connect_to_server()

    def carry(frame):
        message = BackMsg()
        message.ParseFromString(frame)
        if not message.rerun_script.is_auto_rerun:
            server.send(frame)

    browser.on_message(carry)


@pytest.fixture
def write_as_egor(story, as_user):
    def write(**content):
        with as_user(story.bystander):
            now = ask.section(story.id, SectionKey.RESOLUTION).version
            run(SaveSection(postmortem_id=story.id, key=SectionKey.RESOLUTION, base_version=now, content=content))

    return write


@pytest.fixture
def until(stored):
    """Wait for the database to say so."""

    def until(text, *, field="immediate_fix", seconds=20.0):
        deadline = time.monotonic() + seconds
        while (now := stored()[field]) != text and time.monotonic() < deadline:
            time.sleep(0.1)
        assert now == text

    return until


def copies(page: Page) -> dict[str, str]:
    return page.evaluate("Object.fromEntries(Object.entries(localStorage).filter(([k]) => k.startsWith('pm-typed:')))")


def fix(page: Page):
    return page.get_by_role("textbox", name="Immediate Fix")


def said(page: Page):
    return page.get_by_text(re.compile(r"^Saved \d\d:\d\d:\d\d$"))


def said_together(page: Page):
    return page.get_by_text(re.compile(r"^Saved, together with somebody else's change, \d\d:\d\d:\d\d$"))


class TestByItself:
    def test_text_is_saved_after_a_pause_and_typing_goes_on_where_it_was(self, opened, stored):
        page = opened()
        fix(page).click()
        page.keyboard.type("Raised the pol")
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_text("Not saved yet")).to_be_visible()
        expect(page.get_by_text("to apply")).not_to_be_visible()
        expect(said(page)).to_be_visible()
        assert stored()["immediate_fix"] == "Raised the pol"
        expect(fix(page)).to_be_focused()
        page.keyboard.type("o")
        expect(fix(page)).to_have_value("Raised the pool")
        expect(page.get_by_text("Not saved yet")).to_be_visible()
        expect(said(page)).to_be_visible()
        assert stored()["immediate_fix"] == "Raised the pool"
        assert_accessible(page)

    def test_what_is_typed_before_anything_listens_is_kept(self, context_for, story, until):
        page = context_for(story.author).new_page()
        page.add_init_script(TYPE_AS_SOON_AS_IT_IS_THERE)
        visit(page, f"/write?id={story.id}&section=resolution")
        until("Typed at once")
        expect(fix(page)).to_have_value("Typed at once")
        expect(said(page)).to_be_visible()
        assert copies(page) == {}

    def test_leaving_the_box_saves_at_once(self, opened, stored, until):
        page = opened()
        fix(page).fill("Raised the pool")
        fix(page).blur()
        until("Raised the pool", seconds=1.4)
        expect(said(page)).to_be_visible()
        assert copies(page) == {}

    def test_the_list_of_sections_follows_and_typing_goes_on(self, opened, write_as_egor, until):
        write_as_egor(immediate_fix="", validation="Egor checked")
        page = opened()
        entry = page.locator(".st-key-open-resolution")
        expect(entry).to_contain_text("Needs you")
        fix(page).click()
        page.keyboard.type("R", delay=20)
        for letter in "aised the pool by a factor of five":  # for longer than the page around needs to be shown anew
            page.keyboard.type(letter)
            page.wait_for_timeout(1_700 if letter == " " else 30)
        expect(entry).not_to_contain_text("Needs you")
        expect(fix(page)).to_be_focused()
        until("Raised the pool by a factor of five")

    def test_leaving_warns_while_something_is_not_saved(self, opened):
        page = opened()
        is_warned = """() => {
            const leaving = new Event("beforeunload", { cancelable: true });
            return !window.dispatchEvent(leaving);
        }"""
        assert page.evaluate(is_warned) is False
        fix(page).click()
        page.keyboard.type("Raised")
        assert page.evaluate(is_warned) is True
        expect(said(page)).to_be_visible()
        assert page.evaluate(is_warned) is False

    def test_a_clean_box_follows_what_somebody_else_wrote(self, opened, write_as_egor):
        page = opened(by_timer=False)  # before the page has asked what others wrote
        write_as_egor(immediate_fix="", validation="Egor checked")
        validation = page.get_by_role("textbox", name="Validation")
        fix(page).click()
        page.keyboard.type("Raised")
        expect(said_together(page)).to_be_visible()
        expect(validation).to_have_value("Egor checked")
        expect(fix(page)).to_be_focused()

    def test_a_box_with_focus_follows_when_it_is_left(self, opened, write_as_egor, stored):
        page = opened()
        fix(page).fill("Raised")
        expect(said(page)).to_be_visible()
        fix(page).click()
        write_as_egor(immediate_fix="by Egor\n", validation="")
        page.keyboard.press("End")
        page.keyboard.type(" it")
        expect(page.get_by_text("Somebody changed the same lines")).to_be_visible()
        expect(fix(page)).to_have_value("Raised it")
        page.get_by_role("button", name="Compare and choose").click()
        expect(page.get_by_text("by Egor")).to_be_visible()
        assert_accessible(page)


class TestSurvives:
    def test_a_reload_in_mid_sentence(self, opened, until):
        page = opened()
        fix(page).click()
        page.keyboard.type("Raised the po")
        page.reload()
        settled(page)
        expect(fix(page)).to_have_value("Raised the po")
        expect(page.get_by_text("What you typed before is back.")).to_be_visible()
        until("Raised the po")
        expect(said(page)).to_be_visible()
        assert copies(page) == {}

    def test_a_reload_in_a_row_that_was_never_saved(self, opened, stored):
        page = opened(section="lessons")
        page.get_by_role("textbox", name="Lesson 1").nth(1).click()
        page.keyboard.type("Nobody was pag")
        page.reload()
        settled(page)
        expect(page.get_by_role("textbox", name="Lesson 1").nth(1)).to_have_value("Nobody was pag")
        expect(said(page)).to_be_visible()
        (row,) = stored(SectionKey.LESSONS)["lessons"]
        assert (row["kind"], row["text"]) == ("went_badly", "Nobody was pag")

    def test_a_closed_tab(self, opened, story, until):
        page = opened()
        fix(page).click()
        page.keyboard.type("Raised the pool")
        until("Raised the pool")
        page.keyboard.type(" to 5")
        page.close()
        again = visit(page.context.new_page(), f"/write?id={story.id}&section=resolution")
        expect(fix(again)).to_have_value("Raised the pool to 5")
        until("Raised the pool to 5")

    def test_a_cut_connection(self, server, story, context_for, problems, until):
        with proxy.before(urlsplit(server.url).port) as network:
            page = visit(context_for(story.author).new_page(), f"{network.url}/write?id={story.id}&section=resolution")
            fix(page).click()
            page.keyboard.type("Raised the")
            until("Raised the")
            network.cut()
            page.keyboard.type(" pool")
            expect(page.get_by_text("No connection. What you type is kept in this browser.")).to_be_visible()
            page.wait_for_timeout(2_000)  # longer than the pause: a save was tried, or was put off
            page.keyboard.type(" to 50")
            until("Raised the", seconds=0)
            network.mend()
            until("Raised the pool to 50", seconds=40)
            expect(fix(page)).to_have_value("Raised the pool to 50")
            expect(said(page)).to_be_visible()
        problems.clear()  # the proxy is another host, and it was cut

    def test_a_server_that_is_killed(self, server, story, opened, until, database_url, tmp_path, problems):
        page = opened()
        fix(page).click()
        page.keyboard.type("Raised the")
        until("Raised the")
        page.keyboard.type(" pool")
        server.process.kill()
        server.process.wait()
        page.keyboard.type(" to 50")
        page.wait_for_timeout(2_500)
        with started(database_url, tmp_path / "again.log", port=urlsplit(server.url).port):
            until("Raised the pool to 50", seconds=60)
            expect(fix(page)).to_have_value("Raised the pool to 50")
            page.context.close()
        problems.clear()

    def test_a_server_that_is_killed_before_anything_was_saved(
        self, server, opened, cut, until, database_url, tmp_path, problems
    ):
        page = opened(can_be_cut=True)
        cut.set()  # however slow the machine is: it is not saved
        fix(page).click()
        page.keyboard.type("Raised the pool")
        page.wait_for_timeout(2_000)
        server.process.kill()
        server.process.wait()
        cut.clear()
        with started(database_url, tmp_path / "again.log", port=urlsplit(server.url).port):
            expect(said(page)).to_be_visible(timeout=60_000)  # the browser handed it over long ago, and does so again
            until("Raised the pool", seconds=0)
            assert copies(page) == {}
            page.context.close()
        problems.clear()

    def test_a_message_that_never_arrived(self, opened, cut, until):
        page = opened(can_be_cut=True)
        cut.set()
        fix(page).click()
        page.keyboard.type("Raised the pool")
        page.wait_for_timeout(2_500)  # it was handed over, and nobody says that it was lost
        until("", seconds=0)
        cut.clear()
        expect(said(page)).to_be_visible()
        until("Raised the pool", seconds=0)
        expect(fix(page)).to_be_focused()

    def test_a_database_that_is_busy(self, wired, opened, until):
        page = opened()
        with Session(wired.execution_options(writes=True)) as another:
            another.connection()
            fix(page).click()
            page.keyboard.type("Raised the pool")
            expect(page.get_by_text("The database is busy")).to_be_visible()
        until("Raised the pool")
        expect(said(page)).to_be_visible()
        expect(page.get_by_text("The database is busy")).to_have_count(0)

    def test_a_session_that_ended_overnight(self, wired, server, story, opened, context_for, until, problems):
        page = opened()
        fix(page).click()
        page.keyboard.type("Raised the pool")
        until("Raised the pool")
        with Session(wired) as session:
            session.execute(update(SessionRow).values(expires_at=datetime.now(UTC) - timedelta(minutes=1)))
            session.commit()
        page.keyboard.type(" to 5")
        page.wait_for_timeout(3_000)
        until("Raised the pool", seconds=0)
        page.goto(f"/write?id={story.id}&section=resolution")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        elsewhere = visit(context_for(story.author).new_page(), f"/write?id={story.id}&section=resolution")
        expect(fix(elsewhere)).to_have_value("Raised the pool")
        token = run(OpenSession(user_id=story.author)).token
        page.context.add_cookies([{"name": cookie_name(), "value": token, "url": server.url, "httpOnly": True}])
        visit(page, f"/write?id={story.id}&section=resolution")
        expect(fix(page)).to_have_value("Raised the pool to 5")
        until("Raised the pool to 5")
        problems.clear()  # the tab was refused while nobody was signed in


class TestKeptCopies:
    def test_are_offered_where_the_text_was_changed_since(self, opened, story, until, write_as_egor, cut):
        page = opened(can_be_cut=True)
        fix(page).click()
        cut.set()  # however slow the machine is: it is not saved
        page.keyboard.type("Raised the po")
        page.close()
        cut.clear()
        write_as_egor(immediate_fix="Egor's way", validation="")
        again = visit(page.context.new_page(), f"/write?id={story.id}&section=resolution")
        expect(again.get_by_text("You typed this here, it was not saved")).to_be_visible()
        expect(fix(again)).to_have_value("Egor's way")
        assert_accessible(again)
        again.get_by_role("button", name="Put it back").click()
        expect(again.get_by_text("Somebody changed the same lines")).to_be_visible()
        expect(fix(again)).to_have_value("Raised the po")
        until("Egor's way", seconds=0)

    def test_are_offered_in_the_reader_s_language_on_a_phone_in_the_dark(
        self, opened, story, as_user, write_as_egor, cut
    ):
        page = opened(can_be_cut=True)
        cut.set()
        fix(page).fill("Raised the po")
        page.close()
        cut.clear()
        write_as_egor(immediate_fix="Egor's way", validation="")
        with as_user(story.author):
            run(ChangeProfile(language=Language.RUSSIAN))
        again = page.context.new_page()
        again.set_viewport_size(NARROW)
        again.emulate_media(color_scheme="dark")
        visit(again, f"/write?id={story.id}&section=resolution")
        expect(again.get_by_text("Вы набрали это здесь")).to_be_visible()
        assert_accessible(again)
        again.get_by_role("button", name="Вернуть").click()
        expect(again.get_by_role("button", name="Сравнить и выбрать")).to_be_visible()
        expect(again.get_by_text("Ещё не сохранено")).to_be_visible()
        assert_accessible(again)

    def test_are_over_when_an_overlap_is_settled(self, opened, write_as_egor, stored):
        page = opened()
        fix(page).fill("Raised")
        expect(said(page)).to_be_visible()
        fix(page).click()
        write_as_egor(immediate_fix="by Egor\n", validation="Egor checked")
        page.keyboard.press("End")
        page.keyboard.type(" it")
        page.get_by_role("button", name="Compare and choose").click()
        page.get_by_text("Both, mine first").click()
        settled(page)
        page.get_by_role("button", name="Save these choices").click()
        settled(page)
        expect(page.get_by_role("textbox", name="Validation")).to_have_value("Egor checked")
        page.wait_for_timeout(1_500)
        assert stored()["immediate_fix"].split() == ["Raised", "it", "by", "Egor"]
        expect(page.get_by_text("You typed this here")).to_have_count(0)
        assert copies(page) == {}

    def test_can_be_dropped(self, opened, story, until, write_as_egor, cut):
        page = opened(can_be_cut=True)
        fix(page).click()
        cut.set()
        page.keyboard.type("Raised the po")
        page.close()
        cut.clear()
        write_as_egor(immediate_fix="Egor's way", validation="")
        again = visit(page.context.new_page(), f"/write?id={story.id}&section=resolution")
        fix(again).fill("typed while it is offered")
        again.get_by_role("button", name="Drop it").click()
        expect(again.get_by_text("You typed this here")).to_have_count(0)
        until("typed while it is offered")
        expect(said(again)).to_be_visible()
        assert copies(again) == {}

    def test_go_when_the_person_signs_out_and_stay_for_others(self, opened, story):
        page = opened()
        page.evaluate("localStorage.setItem('pm-typed:999:1:resolution:validation', '{}')")
        page.evaluate(f"localStorage.setItem('pm-typed:{story.author}:1:summary:impact', '{{}}')")
        visit(page, "/account")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        page.wait_for_load_state("load")
        assert list(copies(page)) == ["pm-typed:999:1:resolution:validation"]
        assert "pm-left" not in page.evaluate("document.cookie")
        assert_accessible(page)


#: The boxes in which a person can type, and no script watches.
UNWATCHED = """() => {
  const watches = [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")]
    .map((each) => each.shadowRoot?.pmWatch).filter(Boolean);
  return [...document.querySelectorAll("[data-testid=stMain] textarea")]
    .filter((box) => !box.disabled && !watches.some((watch) => watch.data.boxes.some((each) =>
      watch.element(each) === box))).map((box) => box.ariaLabel);
}"""


def test_no_text_area_of_any_section_is_left_alone(opened, story, wired):
    page = opened()
    wrong = []
    for key in SectionKey:
        visit(page, f"/write?id={story.id}&section={key}")
        page.wait_for_timeout(1_500)
        wrong += [f"{key}: {name}" for name in page.evaluate(UNWATCHED)]
    assert wrong == []
