"""The script that watches the boxes, alone on a page: the server answers what and when a test says."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WAITS_MS

SCRIPT = Path(__file__).parents[2] / "static" / "typed.js"
BOX = '<div class="st-key-draft-fix"><div class="stTextArea"><textarea aria-label="Fix"></textarea></div></div>'
PAGE = f"""<!doctype html><title>Alone</title>
<div data-testid="stApp" data-test-connection-state="CONNECTED"><div id="boxes">{BOX}</div>
<div id="piece"><div class="offers"></div><p class="said"></p><p class="told"></p></div></div>"""
PREFIX = "pm-typed:1:1:resolution:"
#: As Streamlit does it: a box hands its text over once, by a key; a piece is begun with each answer of the server.
STREAMLIT = """async (source) => {
  window.sent = []; window.told = []; window.ends = [];
  const { default: watch } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) window.sent.push(event.target.value);
  });
  window.answer = (data) => window.ends.push(watch({
    parentElement: document.querySelector("#piece"), data: [data],
    setTriggerValue: (name, value) => window.told.push([name, value]),
  }));
}"""


class Alone:
    """The page, and what happened on it."""

    def __init__(self, page) -> None:
        self.page = page
        self.box = page.get_by_role("textbox", name="Fix")

    def answer(
        self,
        known="",
        *,
        typed=None,
        session="today",
        settled=0,
        asks=False,
        kept=False,
        is_open=True,
        row=None,
        reopens=True,
        name="fix",
    ) -> None:
        """The server says how things stand."""
        box = {
            "box": name, "key": f"draft-{name}", "row": row, "known": known, "typed": known if typed is None else typed,
            "shown": known, "news": None, "is_kept": kept, "is_open": is_open,
        }  # fmt: skip
        words = dict.fromkeys(("offline", "back", "offer"), "")
        words |= {"saved": "Saved", "waiting": "Not saved yet", "put": "Put it back", "drop": "Drop it"}
        data = {
            "copies": PREFIX, "boxes": [box], "version": 1, "settled": settled, "saved_at": "", "around": False,
            "asks": asks, "words": words, "rounds": {} if kept else None, "session": session, "idle_seconds": 1.5,
            "language": "en", "reopens": reopens,
        }  # fmt: skip
        self.page.evaluate("(data) => window.answer(data)", data)

    def disappear(self) -> None:
        self.page.evaluate("document.querySelector('#boxes').replaceChildren()")

    def appear(self, text: str) -> None:
        """The box comes on the screen."""
        self.page.evaluate("([box, text]) => { document.querySelector('#boxes').innerHTML = box; "
                           "document.querySelector('textarea').value = text; }", [BOX, text])  # fmt: skip

    def redraw(self, text: str) -> None:
        self.page.evaluate("(text) => { document.querySelector('textarea').value = text; }", text)

    def type(self, text: str) -> None:
        self.box.focus()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(text)

    def wait(self, seconds: float) -> None:
        self.page.clock.run_for(int(seconds * 1_000))

    def keep(self, text: str, *, base: str = "", session="yesterday", name: str = "fix", row=None) -> None:
        """As an earlier page left it in this browser."""
        copy = json.dumps({"text": text, "base": base, "session": session, "round": 0, "row": row})
        self.page.evaluate("([name, copy]) => localStorage.setItem(name, copy)", [PREFIX + name, copy])

    @property
    def copies(self) -> set[str]:
        return {json.loads(each)["text"] for each in self.page.evaluate("Object.values(localStorage)")}

    @property
    def sent(self) -> list[str]:
        return self.page.evaluate("window.sent")

    @property
    def told(self) -> list[str]:
        return [name for name, _value in self.page.evaluate("window.told")]

    @property
    def offered(self) -> list[str]:
        return self.page.locator("blockquote").all_inner_texts()

    def put_back(self, number: int = 0) -> None:
        self.page.get_by_role("button", name="Put it back").nth(number).click()


@pytest.fixture
def alone(browser):
    context = browser.new_context()
    context.set_default_timeout(WAITS_MS)
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.clock.install()
    page.goto("http://alone.test/")
    page.evaluate(STREAMLIT, SCRIPT.read_text(encoding="utf-8"))
    yield Alone(page)
    context.close()


def test_text_is_kept_at_once_and_handed_over_after_a_pause(alone):
    alone.answer()
    alone.type("Raised the pool")
    assert alone.copies == {"Raised the pool"}
    assert alone.sent == []
    alone.wait(1.6)
    assert alone.sent == ["Raised the pool"]
    alone.answer("Raised the pool")
    assert alone.copies == set()
    expect(alone.page.get_by_text("Not saved yet")).to_have_count(0)


def test_two_answers_that_follow_closely_leave_somebody_watching(alone):
    alone.answer()
    alone.answer()
    alone.page.evaluate("window.ends[0]()")  # Streamlit ends the first one when the second one has begun
    alone.type("Raised the pool")
    assert alone.copies == {"Raised the pool"}
    alone.wait(1.6)
    assert alone.sent == ["Raised the pool"]
    alone.page.evaluate("window.ends[1]()")  # off the screen
    alone.type(" by five")
    assert alone.copies == {"Raised the pool"}


class TestSaysItAgain:
    def test_until_it_is_heard(self, alone):
        alone.answer()
        alone.type("Raised the pool")
        alone.wait(6)
        assert alone.told == []
        alone.wait(1)
        assert alone.told == ["again"]
        alone.answer("Raised the pool")
        alone.wait(60)
        assert alone.told == ["again"]

    def test_more_and_more_seldom_while_it_is_refused(self, alone):
        alone.answer()
        alone.type("Raised the pool")
        alone.wait(2)
        alone.answer(typed="Raised the pool")
        alone.wait(5)
        assert alone.told == ["again"]
        alone.wait(10 + 20 + 40)
        assert alone.told == ["again"] * 4

    def test_not_while_a_person_is_asked(self, alone):
        alone.answer()
        alone.type("Raised the pool")
        alone.wait(2)
        alone.answer(typed="Raised the pool", asks=True)
        alone.wait(60)
        assert alone.told == []

    def test_not_what_a_button_saves(self, alone):
        alone.answer(kept=True)
        alone.type("Raised the pool")
        alone.wait(60)
        assert (alone.sent, alone.told) == ([], [])


class TestAnOffer:
    def test_is_one_of_several(self, alone):
        alone.keep("of Monday", base="before", name="~fix")
        alone.keep("of Tuesday", base="before")
        alone.appear("of Egor")
        alone.answer("of Egor")
        assert sorted(alone.offered) == ["of Monday", "of Tuesday"]
        assert alone.copies == {"of Monday", "of Tuesday"}
        alone.put_back(alone.offered.index("of Monday"))
        assert alone.offered == ["of Tuesday"]
        expect(alone.box).to_have_value("of Monday")
        ((name, (back,)),) = alone.page.evaluate("window.told")
        assert (name, back["box"], back["text"], back["base"]) == ("back", "fix", "of Monday", "before")

    def test_is_in_its_box_before_the_server_answers(self, alone):
        alone.keep("Raised", base="before")
        alone.appear("of Egor")
        alone.answer("of Egor")
        alone.put_back()
        alone.type(" the pool")
        expect(alone.box).to_have_value("Raised the pool")
        alone.answer("before", typed="Raised")
        expect(alone.box).to_have_value("Raised the pool")
        alone.wait(1.6)
        assert alone.sent == ["Raised the pool"]
        assert alone.copies == {"Raised the pool"}

    def test_waits_for_what_was_typed_meanwhile(self, alone):
        alone.keep("Raised", base="before")
        alone.appear("of Egor")
        alone.answer("of Egor")
        alone.type(" and of mine")
        alone.put_back()
        alone.put_back()  # nothing seems to happen
        alone.wait(0.3)
        assert set(alone.sent) == {"of Egor and of mine"}
        expect(alone.box).to_have_value("of Egor and of mine")
        assert alone.copies == {"Raised", "of Egor and of mine"}
        alone.answer("of Egor and of mine")
        alone.wait(0.3)
        expect(alone.box).to_have_value("Raised")
        assert alone.told == ["back"]
        alone.type(" it")
        alone.wait(1)
        expect(alone.box).to_have_value("Raised it")

    def test_is_offered_in_exchange_where_a_button_saves(self, alone):
        alone.keep("Raised", base="before")
        alone.appear("of Egor")
        alone.answer("of Egor", kept=True)
        alone.type(" and of mine")
        alone.put_back()
        expect(alone.box).to_have_value("Raised")
        assert alone.offered == ["of Egor and of mine"]

    def test_is_over_when_the_overlap_that_it_made_is_settled(self, alone):
        alone.keep("Raised", base="before")
        alone.appear("of Egor")
        alone.answer("of Egor")
        alone.put_back()
        alone.answer("of both", settled=1)
        assert alone.copies == set()
        assert alone.offered == []

    def test_is_taken_when_its_box_comes_before_the_answer(self, alone):
        alone.disappear()
        alone.keep("500s from everywhere", base="500s")
        alone.answer("501s", kept=True, is_open=False)
        alone.put_back()
        assert alone.told == ["back"]
        alone.appear("500s from everywhere")
        alone.wait(1.1)
        expect(alone.box).to_have_value("500s from everywhere")
        assert alone.offered == []
        assert alone.copies == {"500s from everywhere"}

    def test_stays_when_another_overlap_is_settled(self, alone):
        alone.answer()
        alone.keep("Raised", base="before", session="today", name="~fix")
        alone.answer("of both", settled=1)
        assert alone.copies == {"Raised"}


def test_a_box_that_is_typed_into_before_it_is_known_keeps_that_and_offers_its_copy(alone):
    alone.disappear()
    alone.answer()
    alone.keep("Raised")
    alone.page.evaluate(
        "(box) => document.querySelector('#boxes').innerHTML = box.replace('draft-fix', 'draft-new')", BOX
    )  # the server was started again: the same box under another name
    alone.type("typed at once")
    alone.page.evaluate("document.querySelector('.st-key-draft-new').className = 'st-key-draft-fix'")
    alone.answer()
    expect(alone.box).to_have_value("typed at once")
    assert alone.offered == ["Raised"]
    assert alone.copies == {"Raised", "typed at once"}
    alone.wait(1.6)
    assert alone.sent == ["typed at once"]


@pytest.mark.parametrize("kept", [False, True])
def test_what_is_typed_before_the_script_is_there_stays(alone, kept):
    alone.type("typed at once")
    alone.keep("Raised")
    alone.answer(kept=kept)
    expect(alone.box).to_have_value("typed at once")
    assert alone.offered == ["Raised"]
    assert alone.copies == {"Raised", "typed at once"}


def test_what_is_typed_into_a_box_that_came_back_before_it_was_looked_at_offers_nothing(alone):
    alone.disappear()
    alone.answer(kept=True)
    alone.keep("Raised")
    alone.appear("Raised")
    alone.type(" the pool")
    assert alone.copies == {"Raised the pool"}
    alone.answer(typed="Raised", kept=True)
    assert (alone.offered, alone.copies) == ([], {"Raised the pool"})
    expect(alone.box).to_have_value("Raised the pool")


class TestABoxThatIsDrawnAnew:
    @pytest.mark.parametrize("kept", [False, True])
    def test_in_its_old_element_says_again_what_was_typed(self, alone, kept):
        alone.answer(kept=kept)
        alone.type("Raised the pool")
        alone.redraw("")
        alone.wait(1)
        expect(alone.box).to_have_value("")
        alone.wait(1)
        expect(alone.box).to_have_value("Raised the pool")
        assert alone.copies == {"Raised the pool"}

    def test_stays_empty_once_a_button_has_saved_it(self, alone):
        alone.answer(kept=True)
        alone.type("Raised the pool")
        alone.redraw("")
        alone.wait(1.1)
        alone.answer(kept=True, settled=1)
        alone.wait(5)
        expect(alone.box).to_have_value("")
        assert alone.copies == set()

    def test_says_nothing_that_another_tab_was_told(self, alone):
        alone.answer(kept=True)
        alone.keep("Raised", session="of another tab")
        alone.wait(5)
        expect(alone.box).to_have_value("")

    def test_says_nothing_that_was_overtaken(self, alone):
        alone.answer("before")
        alone.appear("before")
        alone.type(" and after")
        alone.redraw("of Egor")
        alone.answer("of Egor")
        alone.wait(5)
        expect(alone.box).to_have_value("of Egor")


class TestTheSameBoxInAnotherTab:
    @pytest.mark.parametrize("kept", [False, True])
    def test_each_keeps_its_own_text_when_the_server_is_started_again(self, alone, kept):
        alone.answer(kept=kept)
        alone.type("Why fifty?")
        alone.keep("For how long?", session="of another tab")
        alone.answer(kept=kept, session="after the restart")
        expect(alone.box).to_have_value("Why fifty?")
        assert (alone.offered, alone.copies) == ([], {"Why fifty?"})

    def test_what_the_other_one_wrote_over_is_kept_besides_when_the_page_goes(self, alone):
        alone.answer(kept=True)
        alone.type("Why fifty?")
        alone.keep("For how long?", session="of another tab")
        alone.page.evaluate("window.dispatchEvent(new Event('pagehide'))")
        assert alone.copies == {"Why fifty?", "For how long?"}

    @pytest.mark.parametrize("kept", [False, True])
    def test_what_is_typed_there_stays_whatever_is_answered_here(self, alone, kept):
        alone.answer(kept=kept)
        alone.keep("For how long?", session="of another tab")
        alone.answer(kept=kept)
        alone.answer(kept=kept, session="after the restart")
        assert alone.copies == {"For how long?"}

    def test_what_was_typed_before_a_restart_is_over_once_it_is_stored_with_somebody_elses(self, alone):
        alone.answer()
        alone.type("Raised the pool")
        alone.answer(typed="Raised the pool", session="after the restart")
        alone.redraw("Raised the pool. Of Egor")
        alone.answer("Raised the pool. Of Egor", session="after the restart")
        assert (alone.offered, alone.copies) == ([], set())

    def test_one_that_was_sent_leaves_nothing_behind(self, alone):
        alone.answer(kept=True)
        alone.type("Why fifty?")
        alone.redraw("")
        alone.answer(kept=True, settled=1)
        alone.page.evaluate("window.dispatchEvent(new Event('pagehide'))")
        assert alone.copies == set()


class TestACopyWithoutABox:
    def test_is_asked_for_when_the_server_was_started_again(self, alone):
        alone.answer()
        alone.type("Nobody was paged")
        alone.answer(session="after the restart", name="again")  # a row that was never stored has another name
        assert alone.told == ["back"]
        assert alone.copies == {"Nobody was paged"}

    def test_is_asked_for_while_the_form_of_an_ended_session_is_still_on_the_screen(self, alone):
        alone.answer(kept=True, session="before the restart")
        alone.type("500s from everywhere")
        alone.answer(kept=True, is_open=False)
        alone.disappear()
        assert alone.told == ["back"]
        alone.appear("500s from everywhere")
        alone.answer(typed="500s from everywhere", kept=True)
        alone.wait(60)
        assert alone.told == ["back"]
        assert (alone.offered, alone.copies) == ([], {"500s from everywhere"})

    def test_is_asked_for_until_its_box_is_there(self, alone):
        alone.disappear()
        alone.keep("500s from everywhere")
        alone.answer(kept=True, is_open=False)
        assert alone.told == ["back"]
        alone.wait(6.1)
        assert alone.told == ["back", "back"]
        alone.appear("500s from everywhere")
        alone.wait(60)
        assert alone.told == ["back", "back"]
        assert alone.copies == {"500s from everywhere"}

    def test_is_over_once_the_row_that_was_new_is_stored(self, alone):
        alone.disappear()
        alone.answer(kept=True)
        alone.keep("10:05", row={"is_new": True})
        alone.answer("10:05:00", kept=True, is_open=False, row={"is_new": False})
        assert (alone.copies, alone.told) == (set(), [])

    def test_is_not_asked_for_for_ever(self, alone):
        alone.disappear()
        alone.keep("500s from everywhere")
        alone.answer(kept=True, is_open=False)
        alone.wait(600)
        assert alone.told == ["back"] * 4
        assert alone.copies == {"500s from everywhere"}

    def test_is_left_alone_where_only_listed_forms_can_be_brought(self, alone):
        alone.disappear()
        alone.keep("An answer to a thread that was resolved", name="other")
        alone.keep("Why fifty?")
        alone.answer(kept=True, is_open=False, reopens="listed")
        alone.wait(1)
        asked = alone.page.evaluate("window.told")
        assert [[copy["box"] for copy in value] for name, value in asked if name == "back"] == [["fix"]]
        assert alone.copies == {"An answer to a thread that was resolved", "Why fifty?"}
