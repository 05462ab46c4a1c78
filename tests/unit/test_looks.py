"""What is new to a reader."""

from datetime import timedelta

from pmcore.domain.looks import NEVER, VISIT, Look, compare_with, noted, unseen
from pmcore.domain.vocabulary import SectionKey
from tests.factories import NOON

KEY = SectionKey.TIMELINE
LATER = NOON + VISIT + timedelta(seconds=1)


def a_look(number=3, before=NEVER, at=NOON):
    return Look(key=KEY, number=number, before=before, at=at)


class TestNoted:
    def test_the_first_time_there_is_nothing_before(self):
        assert noted(None, key=KEY, number=3, now=NOON) == a_look()

    def test_the_same_text_is_known_already_and_an_older_one_says_nothing(self):
        assert noted(a_look(), key=KEY, number=3, now=LATER) is None
        assert noted(a_look(), key=KEY, number=2, now=LATER) is None

    def test_at_another_visit_the_last_text_becomes_the_one_before(self):
        assert noted(a_look(), key=KEY, number=4, now=LATER) == a_look(4, before=3, at=LATER)

    def test_within_a_visit_news_add_up(self):
        soon = NOON + VISIT
        assert noted(a_look(3, before=2), key=KEY, number=4, now=soon) == a_look(4, before=2, at=soon)


class TestCompareWith:
    def test_what_was_never_seen_is_all_new(self):
        assert compare_with(None, number=3, now=NOON) == NEVER

    def test_what_was_shown_a_moment_ago_stays_new_until_the_visit_ends(self):
        assert compare_with(a_look(before=2), number=3, now=NOON + VISIT) == 2
        assert compare_with(a_look(before=2), number=3, now=LATER) is None

    def test_a_change_is_compared_with_the_last_text(self):
        assert compare_with(a_look(before=2), number=4, now=LATER) == 3

    def test_a_clock_that_went_back_ends_a_visit(self):
        assert compare_with(a_look(before=2), number=3, now=NOON - timedelta(seconds=1)) is None


def test_unseen_are_sections_with_a_newer_revision_than_the_one_shown():
    numbers = {KEY: 3, SectionKey.SUMMARY: 1, SectionKey.IMPACT: 2}
    looks = {KEY: a_look(3), SectionKey.IMPACT: a_look(1)}
    assert unseen(looks, numbers) == {SectionKey.SUMMARY, SectionKey.IMPACT}
