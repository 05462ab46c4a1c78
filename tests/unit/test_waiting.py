"""Where the time until publication went."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain.vocabulary import SignRole
from pmcore.domain.waiting import Happening, Step, split

START = datetime(2025, 12, 14, 7, tzinfo=UTC)
LEAD, MANAGER, CTO = SignRole.TECH_LEAD, SignRole.ENGINEERING_MANAGER, SignRole.CTO
HOUR = 3600


def step(what, hours, role=None):
    return Step(what=Happening(what), at=START + timedelta(hours=hours), role=role)


def of(*steps, end=48, required=(LEAD, MANAGER)):
    return split(steps, required=required, start=START, end=START + timedelta(hours=end))


def test_nobody_waits_for_what_was_never_submitted():
    assert of() is None
    assert of(step("submitted", 50)) is None


def test_writing_then_each_role_then_the_author_again():
    took = of(step("submitted", 20), step("signed", 23, LEAD), step("signed", 40, MANAGER))
    assert (took.writing, took.review, took.signed, took.whole) == (20 * HOUR, 20 * HOUR, 8 * HOUR, 48 * HOUR)
    assert took.waited_for == ((MANAGER, 20 * HOUR), (LEAD, 3 * HOUR))


def test_a_return_is_writing_until_it_is_submitted_again():
    took = of(
        step("submitted", 10), step("signed", 12, LEAD), step("signed", 13, MANAGER), step("returned", 15, LEAD),
        step("submitted", 25), step("signed", 26, LEAD),
    )  # fmt: skip
    assert (took.writing, took.review, took.signed) == (20 * HOUR, 4 * HOUR, 24 * HOUR)
    assert took.waited_for == ((LEAD, 3 * HOUR), (MANAGER, 3 * HOUR))


def test_a_signature_taken_back_is_waited_for_again():
    took = of(step("submitted", 1), step("signed", 2, LEAD), step("withdrawn", 4, LEAD), required=(LEAD,), end=6)
    assert took.waited_for == ((LEAD, 3 * HOUR),)
    assert took.signed == 2 * HOUR


def test_what_happened_before_the_clock_counts_nothing():
    took = of(step("submitted", -5), step("signed", -1, CTO), step("signed", 2, LEAD), required=(LEAD,))
    assert (took.writing, took.review, took.signed) == (0, 2 * HOUR, 46 * HOUR)


@given(st.lists(st.tuples(st.sampled_from(list(Happening)), st.integers(-9, 60), st.sampled_from(list(SignRole)))))
def test_the_parts_are_the_whole(steps):
    took = of(step("submitted", 1), *(step(what, hours, role) for what, hours, role in steps))
    assert took.whole == 48 * HOUR
    assert all(0 < waited <= took.review for _role, waited in took.waited_for)
