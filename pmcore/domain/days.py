"""The process as a rail of days: when each step is due, counted from the resolution, and what has happened.

Nothing here is stored; the rail is derived from what people did anyway.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pmcore.domain.meeting import SCHEDULE_WITHIN


class DayStep(StrEnum):
    RESOLVE = "resolve"
    DRAFT = "draft"
    REVIEW = "review"
    MEETING = "meeting"
    FOLLOW_UP = "follow_up"
    RETROSPECTIVE = "retrospective"


class DayState(StrEnum):
    DONE = "done"
    NOW = "now"
    LATE = "late"
    AHEAD = "ahead"
    UNMARKED = "unmarked"  #: the post-mortem is closed, and nobody noted that it happened


#: First and last day of each step, counted from the day of the resolution.
SPANS: dict[DayStep, tuple[int, int]] = {
    DayStep.RESOLVE: (0, 0),
    DayStep.DRAFT: (1, 2),
    DayStep.REVIEW: (3, 5),
    DayStep.MEETING: (7, 7),
    DayStep.FOLLOW_UP: (10, 10),
    DayStep.RETROSPECTIVE: (30, 30),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    step: DayStep
    first: int  #: days after the resolution
    last: int
    first_on: date | None  #: None while the incident is unresolved
    last_on: date | None
    done_at: datetime | None
    state: DayState


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What the done-marks come from."""

    resolved_at: datetime | None
    shared_at: datetime | None = None
    signed_off_at: datetime | None = None  #: the last required signature, while all are valid; else the publication
    meeting_on: datetime | None = None  #: that date
    meeting_held_at: datetime | None = None
    followed_up_at: datetime | None = None  #: every open item has had a word since the publication
    closed_at: datetime | None = None


def rail(happened: Happened, *, zone: str, now: datetime) -> tuple[Day, ...]:
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    start = happened.resolved_at.astimezone(local).date() if happened.resolved_at else None
    done = {
        DayStep.RESOLVE: happened.resolved_at,
        DayStep.DRAFT: happened.shared_at,
        DayStep.REVIEW: happened.signed_off_at,
        DayStep.MEETING: happened.meeting_held_at,
        DayStep.FOLLOW_UP: happened.followed_up_at,
        DayStep.RETROSPECTIVE: happened.closed_at,
    }
    days = tuple(_day(step, start=start, today=today, done_at=done[step]) for step in DayStep)
    return tuple(_meeting(day, happened, now=now) if day.step is DayStep.MEETING else day for day in days)


def _meeting(day: Day, happened: Happened, *, now: datetime) -> Day:
    """Due from the hour on by which its date should be set; a date that is set has until it is over."""
    if day.state is DayState.DONE:
        return day
    if happened.closed_at is not None:
        return replace(day, state=DayState.UNMARKED)
    if day.state is DayState.AHEAD and happened.resolved_at is not None and happened.meeting_on is None:
        return replace(day, state=DayState.NOW if now >= schedule_by(happened.resolved_at) else DayState.AHEAD)
    return day


def schedule_by(resolved_at: datetime) -> datetime:
    """When the date of the meeting should be set."""
    return resolved_at + SCHEDULE_WITHIN


def _day(step: DayStep, *, start: date | None, today: date, done_at: datetime | None) -> Day:
    first, last = SPANS[step]
    first_on = start + timedelta(days=first) if start else None
    last_on = start + timedelta(days=last) if start else None
    return Day(
        step=step,
        first=first,
        last=last,
        first_on=first_on,
        last_on=last_on,
        done_at=done_at,
        state=_state(step, first_on=first_on, last_on=last_on, today=today, is_done=done_at is not None),
    )


def _state(step: DayStep, *, first_on: date | None, last_on: date | None, today: date, is_done: bool) -> DayState:
    if is_done:
        return DayState.DONE
    if first_on is None or last_on is None:
        return DayState.NOW if step is DayStep.RESOLVE else DayState.AHEAD
    if today < first_on:
        return DayState.AHEAD
    return DayState.NOW if today <= last_on else DayState.LATE
