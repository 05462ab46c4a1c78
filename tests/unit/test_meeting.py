from dataclasses import replace
from datetime import timedelta

import pytest

from pmcore.domain.content import BadText
from pmcore.domain.meeting import (
    SHARES,
    AgendaStep,
    Attendee,
    BadMeeting,
    NotYourMeeting,
    Plan,
    agenda,
    attendance,
    begin,
    end,
    minutes_gone,
    noted,
    require_invited,
    resume,
    runs,
    schedule,
    share_gone,
    step_at,
)
from tests.factories import NOON

PLAN = Plan(
    starts_at=NOON + timedelta(days=5), minutes=60, presenter_id=1, facilitator_id=2, required_ids=(3,),
    optional_ids=(4, 3), place=" Room \n 5 ",
)  # fmt: skip


def made(plan=PLAN, known=None, **changes):
    given = {"postmortem_id": 7, "uid": "u", "since": NOON, "now": NOON}
    return schedule(known, plan, **(given | changes))


class TestSchedule:
    def test_everybody_once_and_those_with_a_part_required(self):
        meeting = made()
        assert [(each.user_id, each.required) for each in meeting.attendees] == [
            (1, True), (2, True), (3, True), (4, False),
        ]  # fmt: skip
        assert (meeting.place, meeting.sequence, meeting.scheduled_at, meeting.uid) == ("Room 5", 0, NOON, "u")

    def test_moving_keeps_who_it_is_and_who_was_ticked(self):
        known = made()
        known = replace(known, attendees=(Attendee(user_id=4, required=False, attended=True),))
        later = made(replace(PLAN, minutes=30), known, uid="other", now=NOON + timedelta(hours=1))
        assert (later.uid, later.sequence, later.scheduled_at) == ("u", 1, NOON)
        assert later.changed_at == NOON + timedelta(hours=1)
        assert [each.user_id for each in later.attendees if each.attended] == [4]

    @pytest.mark.parametrize("minutes", [15, 60])
    def test_an_hour_at_most(self, minutes):
        assert made(replace(PLAN, minutes=minutes)).minutes == minutes

    @pytest.mark.parametrize(
        "change",
        [
            {"minutes": 14}, {"minutes": 61}, {"starts_at": NOON - timedelta(seconds=1)},
            {"starts_at": NOON + timedelta(days=366)},
        ],
    )  # fmt: skip
    def test_what_cannot_be(self, change):
        with pytest.raises(BadMeeting):
            made(replace(PLAN, **change))

    def test_one_that_has_begun_is_not_moved(self):
        with pytest.raises(BadMeeting, match="begun"):
            made(known=begin(made(), now=NOON))

    def test_a_place_is_no_novel(self):
        with pytest.raises(BadText):
            made(replace(PLAN, place="x" * 3000))


class TestRun:
    def test_begins_once(self):
        first = begin(made(), now=NOON)
        assert begin(first, now=NOON + timedelta(hours=1)) is first

    def test_ends_once_with_somebody_there(self):
        with pytest.raises(BadMeeting, match="Begin"):
            end(made(), now=NOON)
        running = begin(made(), now=NOON)
        with pytest.raises(BadMeeting, match="Tick"):
            end(running, now=NOON)
        running = replace(running, attendees=(Attendee(user_id=1, required=True, attended=True),))
        over = end(running, now=NOON)
        assert over.held_at == NOON
        assert end(over, now=NOON + timedelta(hours=1)) is over
        assert resume(over, now=NOON).held_at is None

    def test_only_the_invited_are_ticked(self):
        require_invited(made(), 4)
        with pytest.raises(BadMeeting):
            require_invited(made(), 5)

    @pytest.mark.parametrize(
        ("user_id", "is_author", "manages", "expected"),
        [(1, False, False, True), (3, False, False, False), (3, True, False, True), (3, False, True, True)],
    )
    def test_who_runs_it(self, user_id, is_author, manages, expected):
        assert runs((1, 2), user_id, is_author=is_author, manages=manages) is expected

    def test_says_who_may(self):
        assert "facilitator" in str(NotYourMeeting())

    def test_notes(self):
        assert noted("a\r\nb \n") == "a\nb"
        with pytest.raises(BadText):
            noted("x" * 20_001)

    def test_counts_those_who_should_be_there(self):
        there = (
            Attendee(user_id=1, required=True, attended=True), Attendee(user_id=2, required=True),
            Attendee(user_id=3, required=False, attended=True),
        )  # fmt: skip
        assert attendance(there) == (1, 2)


class TestClock:
    def test_the_timeline_comes_first_and_the_shares_are_an_hour(self):
        assert next(iter(AgendaStep)) is AgendaStep.TIMELINE
        assert sum(SHARES.values()) == 60
        assert tuple(SHARES) == tuple(AgendaStep)

    def test_of_a_shorter_meeting_is_in_proportion(self):
        assert [ends for _, ends in agenda(60)] == [15, 30, 35, 50, 60]
        assert [ends for _, ends in agenda(30)] == [8, 15, 18, 25, 30]

    @pytest.mark.parametrize(
        ("minute", "step"),
        [(0, AgendaStep.TIMELINE), (15, AgendaStep.ROOT_CAUSE), (59, AgendaStep.NEXT_TIME), (80, AgendaStep.NEXT_TIME)],
    )
    def test_where_it_should_be(self, minute, step):
        assert step_at(minute, minutes=60) is step

    def test_minutes(self):
        assert minutes_gone(began_at=NOON, until=NOON + timedelta(seconds=119)) == 1
        assert minutes_gone(began_at=NOON, until=NOON - timedelta(seconds=5)) == 0
        assert (share_gone(30, minutes=60), share_gone(90, minutes=60)) == (0.5, 1.0)
