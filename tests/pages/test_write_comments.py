"""Beside a section: threads, calls by name, and hints that one click puts away."""

import pytest

from pmcore.domain.vocabulary import SectionKey
from pmcore.usecases.comments import WriteComment
from tests import reviewed
from wiring import ask, run

NASTY = "<script>alert(1)</script> :red[x] $x$ @Anna"


@pytest.fixture
def story(wired, clock):
    return reviewed.submitted(wired)


@pytest.fixture
def opened(story, page):
    def opened(user, section="root_cause"):
        shown = page("write.py", user, query={"id": str(story.id), "section": section})
        assert not shown.exception
        return shown

    return opened


@pytest.fixture
def threads(story, as_user):
    def threads(section=SectionKey.ROOT_CAUSE):
        with as_user(story.author):
            return ask.discussion(story.id, section).threads

    return threads


@pytest.fixture
def thread(story, as_user):
    with as_user(story.lead):
        return run(WriteComment(postmortem_id=story.id, section=SectionKey.ROOT_CAUSE, text="@Anna, why ten?"))


def area(shown, word):
    return next(box for box in shown.text_area if box.placeholder and word in box.placeholder)


def press(shown, key):
    next(button for button in shown.button if button.key and button.key.startswith(key)).click()
    return shown.run()


class TestThreads:
    def test_a_reviewer_asks(self, story, opened, threads):
        shown = opened(story.lead)
        area(shown, "question").input(NASTY)
        press(shown, f"say-{story.id}-root_cause")
        (thread,) = threads()
        assert [comment.text for comment in thread.comments] == [NASTY]
        assert not any("<script>" in markdown.value for markdown in shown.markdown)
        assert area(shown, "question").value == ""

    def test_an_empty_one_is_refused_in_words(self, story, opened, threads):
        shown = press(opened(story.lead), f"say-{story.id}-root_cause")
        assert [error.value for error in shown.error] == ["Write what you want to say first."]
        assert threads() == ()

    def test_the_author_answers_and_resolves(self, story, opened, threads, thread):
        shown = opened(story.author)
        area(shown, "answer").input("It was the default.")
        shown = press(shown, f"answer-{thread}")
        assert [comment.text for comment in threads()[0].comments] == ["@Anna, why ten?", "It was the default."]
        shown = press(shown, f"resolve-{thread}")
        assert threads()[0].resolved_by == "Anna Petrova"
        next(box for box in shown.toggle if box.key == "resolved-root_cause").set_value(True)
        press(shown.run(), f"reopen-{thread}")
        assert threads()[0].resolved_at is None

    def test_only_ones_own_can_be_deleted(self, story, opened, thread, threads):
        assert not any((button.key or "").startswith("delete-comment") for button in opened(story.author).button)
        shown = press(opened(story.lead), f"delete-comment-{thread}")
        assert threads() == ()
        press(shown, "undo-button")
        assert len(threads()) == 1

    def test_the_section_list_counts_them(self, story, opened, thread):
        entry = next(button for button in opened(story.author, "summary").button if button.key == "open-root_cause")
        assert "forum: 1" in entry.label


class TestMentions:
    def test_stand_in_the_inbox_until_seen(self, story, page, thread):
        home = page("home.py", story.author)
        assert any("Called in a comment" in markdown.value for markdown in home.markdown)
        home = press(home, f"seen-{thread}")
        assert not any("Called in a comment" in markdown.value for markdown in home.markdown)


class TestHints:
    @pytest.fixture
    def blaming(self, wired, clock):
        story = reviewed.begun(wired)
        what = "Human error: the on-call engineer forgot the flag."
        reviewed.write(wired, story, SectionKey.ROOT_CAUSE, what_happened=what)
        return story

    @pytest.fixture
    def seen(self, blaming, page):
        return lambda section="root_cause", user=None: page(
            "write.py", user or blaming.author, query={"id": str(blaming.id), "section": section}
        )

    def hints(self, shown):
        return [markdown.value for markdown in shown.markdown if markdown.value.startswith(":material/lightbulb: **")]

    def test_stand_beside_the_text_and_ask_a_question(self, seen):
        first, second = self.hints(seen())
        assert "“Human error”" in first
        assert "What made it easy to make and hard to notice?" in first
        assert "forgot" in second
        assert "What in the system" in second

    def test_one_click_puts_one_away_for_good(self, seen):
        shown = press(seen(), "dismiss-root_cause-0")
        assert len(self.hints(shown)) == len(self.hints(seen())) == 1
        shown = press(seen(), "hints-back-root_cause")
        assert len(self.hints(shown)) == 2

    def test_are_for_those_who_write(self, blaming, seen, wired, as_user):
        from pmcore.usecases.review import ShareDraft

        with as_user(blaming.author):
            run(ShareDraft(postmortem_id=blaming.id))
        assert self.hints(seen(user=blaming.lead)) == []

    def test_speak_the_reader_s_language(self, blaming, seen, as_user):
        from pmcore.domain.vocabulary import Language
        from pmcore.usecases.account import ChangeProfile

        with as_user(blaming.author):
            run(ChangeProfile(name="Anna Petrova", language=Language.RUSSIAN))
        assert any("Что в системе" in hint for hint in self.hints(seen()))

    def test_tell_what_an_item_lacks(self, blaming, seen, as_user, page):
        from pmcore.domain.item_terms import Terms
        from pmcore.domain.vocabulary import ActionKind, ActionPriority
        from pmcore.usecases.action_items import ProposeItem

        for title in (
            "Improve monitoring",
            "Add alert for DB connection pool >80% usage (Owner: @devops, Due: Dec 21)",
        ):
            terms = Terms(title=title, kind=ActionKind.DETECTION, priority=ActionPriority.HIGH, owner_id=None,
                          due_on=None, criterion="")  # fmt: skip
            with as_user(blaming.author):
                run(ProposeItem(postmortem_id=blaming.id, terms=terms))
        shown = seen("action_items")
        (hint,) = self.hints(shown)
        assert "not specific, not measurable, no owner" in hint
        assert self.hints(press(shown, "dismiss-item")) == []
