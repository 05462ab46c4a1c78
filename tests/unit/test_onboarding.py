"""The checklist of somebody new."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pmcore.domain.onboarding import (
    CannotOnboard,
    NotOnboarded,
    begin,
    end,
    is_for,
    require_may_tick,
    tick,
    untick,
)
from pmcore.domain.permissions import Actor, Forbidden
from pmcore.domain.vocabulary import OnboardingStep, Role
from tests.factories import NOON

FIRST, SECOND, *_ = OnboardingStep
LATER = NOON + timedelta(days=1)


def begun(known=None, *, active=True):
    return begin(known, user_id=3, name="Anna", active=active, by_id=9, now=NOON)


def ticked(*steps):
    onboarding = begun()
    for step in steps:
        onboarding = tick(onboarding, step, by_id=3, now=LATER)
    return onboarding


@pytest.mark.parametrize(("role", "expected"), [(Role.ENGINEER, True), (Role.CTO, True), (Role.VIEWER, False)])
def test_is_for_those_who_will_write(role, expected):
    assert is_for({role}) is expected


class TestBeginning:
    def test_is_empty(self):
        assert begun().ticks == ()
        assert begun().is_open

    def test_takes_out_what_was_put_away(self):
        onboarding = end(ticked(FIRST), now=LATER)
        assert not onboarding.is_open
        assert begun(onboarding) == ticked(FIRST)

    def test_happens_once(self):
        with pytest.raises(CannotOnboard, match="already"):
            begun(begun())

    def test_needs_somebody_active(self):
        with pytest.raises(CannotOnboard, match="deactivated"):
            begun(active=False)


class TestTicking:
    def test_says_who_and_when(self):
        (one,) = ticked(FIRST).ticks
        assert (one.step, one.by_id, one.at) == (FIRST, 3, LATER)

    def test_keeps_the_first_tick(self):
        assert tick(ticked(FIRST), FIRST, by_id=9, now=LATER + timedelta(days=1)) == ticked(FIRST)

    def test_is_in_the_order_of_the_list(self):
        assert [one.step for one in ticked(SECOND, FIRST).ticks] == [FIRST, SECOND]

    def test_of_the_last_step_finishes(self):
        assert ticked(*list(OnboardingStep)[1:]).finished_at is None
        assert ticked(*OnboardingStep).finished_at == LATER

    def test_of_a_list_that_grew_later_leaves_it_finished(self):
        grown = replace(ticked(FIRST), finished_at=NOON)
        assert tick(grown, SECOND, by_id=3, now=LATER).finished_at == NOON

    def test_is_undone(self):
        done = ticked(*OnboardingStep)
        undone = untick(done, FIRST)
        assert undone.finished_at is None
        assert FIRST not in {one.step for one in undone.ticks}
        assert untick(undone, FIRST) == undone

    def test_needs_an_open_list(self):
        away = end(ticked(FIRST), now=LATER)
        for change in (
            lambda: tick(away, SECOND, by_id=3, now=LATER),
            lambda: untick(away, FIRST),
            lambda: end(away, now=LATER),
            lambda: end(ticked(*OnboardingStep), now=LATER),
        ):
            with pytest.raises(NotOnboarded):
                change()


@pytest.mark.parametrize(
    ("role", "whose", "may"),
    [
        (Role.ENGINEER, 3, True),
        (Role.VIEWER, 3, True),
        (Role.ENGINEER, 4, False),
        (Role.TECH_LEAD, 4, False),
        (Role.ENGINEERING_MANAGER, 4, True),
        (Role.ADMINISTRATOR, 4, True),
    ],
)
def test_everybody_ticks_their_own_and_managers_anybodys(role, whose, may):
    actor = Actor(user_id=3, name="", roles=frozenset({role}))
    if may:
        require_may_tick(actor, user_id=whose)
    else:
        with pytest.raises(Forbidden):
            require_may_tick(actor, user_id=whose)
