"""Comments: what is kept, who is called, who may take what back."""

from datetime import timedelta

import pytest

from pmcore.domain import comment as rules
from pmcore.domain.comment import MAX_COMMENT, BadComment, Comment, Nameable, NotYours
from pmcore.domain.content import BadText
from pmcore.domain.vocabulary import SectionKey
from tests.factories import NOON

PEOPLE = [
    Nameable(user_id=1, username="anna.petrova", name="Anna Petrova"),
    Nameable(user_id=2, username="ivan", name="Ivan Orlov"),
    Nameable(user_id=3, username="ivan.k", name="Ivan Kuznetsov"),
    Nameable(user_id=4, username="maria", name="Мария Смирнова"),
]


def comment(**named):
    return Comment(
        **{"id": 7, "postmortem_id": 1, "section": SectionKey.SUMMARY, "thread_id": None, "by_id": 1, "text": "?",
           "at": NOON, **named}
    )  # fmt: skip


class TestWritten:
    def test_is_trimmed_and_clean(self):
        assert rules.written("  Why?\r\nHow?\x00 ") == "Why?\nHow?"

    @pytest.mark.parametrize("nothing", ["", "  \n "])
    def test_says_something(self, nothing):
        with pytest.raises(BadComment):
            rules.written(nothing)

    def test_is_no_novel(self):
        with pytest.raises(BadText):
            rules.written("x" * (MAX_COMMENT + 1))


class TestMentioned:
    @pytest.mark.parametrize(
        ("text", "called"),
        [
            ("@anna.petrova, why?", {1}),
            ("Ask @Anna.", {1}),
            ("ask @ANNA PETROVA!", {1}),
            ("@ivan and @ivan.k", {2, 3}),
            ("@Ivan Kuznetsov knows", {3}),
            ("@Мария, посмотрите", {4}),
            ("@мария смирнова", {4}),
            ("mail anna@ivan.example", set()),
            ("@ivanhoe", set()),
            ("@nobody", set()),
            ("no call at all", set()),
            ("@ivan.", {2}),
        ],
    )
    def test_by_name(self, text, called):
        assert rules.mentioned(text, PEOPLE) == called

    def test_a_first_name_of_two_calls_neither(self):
        people = [Nameable(user_id=2, username="orlov", name="Ivan Orlov"),
                  Nameable(user_id=3, username="kuz", name="Ivan Kuznetsov"),
                  Nameable(user_id=5, username="", name="")]  # fmt: skip
        assert rules.mentioned("@Ivan", people) == frozenset()
        assert rules.mentioned("@Ivan Orlov", people) == {2}


class TestThreads:
    def test_the_first_who_resolves_is_remembered(self):
        once = rules.resolve(comment(), by_id=2, at=NOON)
        again = rules.resolve(once, by_id=3, at=NOON + timedelta(hours=1))
        assert (again.resolved_by_id, again.resolved_at) == (2, NOON)

    def test_open_again(self):
        assert rules.reopen(rules.resolve(comment(), by_id=2, at=NOON)) == comment()

    def test_only_its_author_deletes_and_brings_back(self):
        gone = rules.delete(comment(), by_id=1, at=NOON)
        assert gone.deleted_at == NOON
        assert rules.bring_back(gone, by_id=1) == comment()
        with pytest.raises(NotYours):
            rules.delete(comment(), by_id=2, at=NOON)
        with pytest.raises(NotYours):
            rules.bring_back(gone, by_id=2)

    def test_a_reply_is_not_the_first(self):
        assert comment().is_first
        assert not comment(thread_id=3).is_first
