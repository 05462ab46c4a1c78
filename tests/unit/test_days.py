from datetime import UTC, date, datetime, timedelta

import pytest

from pmcore.domain.days import DayState, DayStep, Happened, rail
from tests.factories import NOON

ZONE = "Europe/Moscow"


def states(happened, now=NOON):
    return {day.step: day.state for day in rail(happened, zone=ZONE, now=now)}


def test_counts_days_of_the_incidents_zone():
    late_evening = datetime(2025, 12, 14, 22, 30, tzinfo=UTC)  # the 15th in Moscow
    days = {day.step: day for day in rail(Happened(resolved_at=late_evening), zone=ZONE, now=late_evening)}
    assert days[DayStep.RESOLVE].first_on == date(2025, 12, 15)
    assert (days[DayStep.DRAFT].first_on, days[DayStep.DRAFT].last_on) == (date(2025, 12, 16), date(2025, 12, 17))
    assert days[DayStep.RETROSPECTIVE].last_on == date(2026, 1, 14)


def test_everything_lies_ahead_while_the_incident_goes_on():
    found = states(Happened(resolved_at=None))
    assert found.pop(DayStep.RESOLVE) is DayState.NOW
    assert set(found.values()) == {DayState.AHEAD}


@pytest.mark.parametrize(
    ("days", "draft", "meeting"),
    [
        (0, DayState.AHEAD, DayState.AHEAD),
        (1, DayState.NOW, DayState.AHEAD),
        (1.99, DayState.NOW, DayState.AHEAD),
        (2, DayState.NOW, DayState.NOW),
        (3, DayState.LATE, DayState.NOW),
        (7, DayState.LATE, DayState.NOW),
        (8, DayState.LATE, DayState.LATE),
    ],
)
def test_a_step_is_due_on_its_days_and_late_after_them(days, draft, meeting):
    found = states(Happened(resolved_at=NOON), now=NOON + timedelta(days=days))
    assert (found[DayStep.DRAFT], found[DayStep.MEETING]) == (draft, meeting)


def test_a_meeting_that_has_a_date_has_until_its_day():
    happened = Happened(resolved_at=NOON, meeting_on=NOON + timedelta(days=6))
    found = [states(happened, now=NOON + timedelta(days=days))[DayStep.MEETING] for days in (3, 7, 8)]
    assert found == [DayState.AHEAD, DayState.NOW, DayState.LATE]


def test_marks_come_from_what_happened():
    happened = Happened(
        resolved_at=NOON, shared_at=NOON, signed_off_at=NOON, meeting_held_at=NOON, followed_up_at=NOON, closed_at=NOON
    )
    assert set(states(happened, now=NOON + timedelta(days=60)).values()) == {DayState.DONE}


def test_what_is_closed_is_not_late_for_a_meeting_that_nobody_noted():
    happened = Happened(resolved_at=NOON, closed_at=NOON)
    assert states(happened, now=NOON + timedelta(days=60))[DayStep.MEETING] is DayState.UNMARKED
