"""The meeting of day 7: when it is, who presents and facilitates, who was there, and what it goes through.

Scheduled within 48 hours and held by day 7 are what the process aims at: missing them is shown, never refused. Sixty
minutes are the most that a meeting may take.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pmcore.domain.content import clean, one_line
from pmcore.domain.errors import N_, PmError

MOST_MINUTES = 60
FEWEST_MINUTES = 15
SCHEDULE_WITHIN = timedelta(hours=48)  #: after the resolution
FURTHEST = timedelta(days=365)
MAX_NOTES = 20_000  #: characters


class BadMeeting(PmError):
    """Something about the meeting cannot be; the sentence says what."""


class NotYourMeeting(PmError):
    """The person neither writes the post-mortem nor runs its meeting."""

    def __init__(self) -> None:
        super().__init__(N_("Only the authors, the presenter, the facilitator, a Tech Lead or a manager can do this."))


class AgendaStep(StrEnum):
    """The timeline first: everybody hears the same story before anybody explains it."""

    TIMELINE = "timeline"
    ROOT_CAUSE = "root_cause"
    WENT_WELL = "went_well"
    ACTION_ITEMS = "action_items"
    NEXT_TIME = "next_time"


#: Sixtieths of the meeting that each step may take.
SHARES: dict[AgendaStep, int] = {
    AgendaStep.TIMELINE: 15,
    AgendaStep.ROOT_CAUSE: 15,
    AgendaStep.WENT_WELL: 5,
    AgendaStep.ACTION_ITEMS: 15,
    AgendaStep.NEXT_TIME: 10,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    user_id: int
    required: bool
    attended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the form says."""

    starts_at: datetime
    minutes: int
    presenter_id: int
    facilitator_id: int
    required_ids: tuple[int, ...] = ()  #: beside presenter and facilitator, who always are
    optional_ids: tuple[int, ...] = ()
    place: str = ""  #: a room, or the link of a call


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    postmortem_id: int
    uid: str  #: for calendars; never changes
    starts_at: datetime
    minutes: int
    place: str
    presenter_id: int
    facilitator_id: int
    scheduled_at: datetime  #: when a date was first set
    changed_at: datetime
    attendees: tuple[Attendee, ...] = ()
    sequence: int = 0  #: how often the plan was changed; calendars replace an older one
    began_at: datetime | None = None
    held_at: datetime | None = None  #: when it ended
    notes: str = ""
    notes_version: int = 1
    version: int = 1  #: of all but notes and attendance


def schedule(
    known: Meeting | None, plan: Plan, *, postmortem_id: int, uid: str, since: datetime, now: datetime
) -> Meeting:
    """The meeting as planned, or moved. `since` is the resolution, else the start of the incident.

    Raises BadMeeting, BadText.
    """
    if known is not None and known.began_at is not None:
        raise BadMeeting(N_("The meeting has begun already; its plan stays as it is."))
    if not FEWEST_MINUTES <= plan.minutes <= MOST_MINUTES:
        raise BadMeeting(
            N_("A meeting takes {least} to {most} minutes. What does not fit is discussed by those whom it concerns."),
            field="minutes", least=FEWEST_MINUTES, most=MOST_MINUTES,
        )  # fmt: skip
    if plan.starts_at < since:
        raise BadMeeting(N_("This is before the incident was over. Choose a later time."), field="starts")
    if plan.starts_at > now + FURTHEST:
        raise BadMeeting(N_("This is more than a year away. Check the date."), field="starts")
    before = known or Meeting(
        postmortem_id=postmortem_id, uid=uid, starts_at=plan.starts_at, minutes=plan.minutes, place="",
        presenter_id=plan.presenter_id, facilitator_id=plan.facilitator_id, scheduled_at=now, changed_at=now,
        sequence=-1,
    )  # fmt: skip
    return replace(
        before, starts_at=plan.starts_at, minutes=plan.minutes, place=one_line(plan.place, field="place"),
        presenter_id=plan.presenter_id, facilitator_id=plan.facilitator_id, attendees=_attendees(before, plan),
        sequence=before.sequence + 1, changed_at=now,
    )  # fmt: skip


def _attendees(before: Meeting, plan: Plan) -> tuple[Attendee, ...]:
    """Everybody once; required where somebody says so. Who was ticked already stays ticked."""
    required = {plan.presenter_id, plan.facilitator_id, *plan.required_ids}
    present = {each.user_id for each in before.attendees if each.attended}
    return tuple(
        Attendee(user_id=user_id, required=user_id in required, attended=user_id in present)
        for user_id in sorted(required | set(plan.optional_ids))
    )


def begin(meeting: Meeting, *, now: datetime) -> Meeting:
    """Start its clock; once."""
    return meeting if meeting.began_at else replace(meeting, began_at=now, changed_at=now)


def end(meeting: Meeting, *, now: datetime) -> Meeting:
    """It was held. Raises BadMeeting before it has begun, and when nobody is ticked."""
    if meeting.began_at is None:
        raise BadMeeting(N_("Begin the meeting first."))
    if not any(each.attended for each in meeting.attendees):
        raise BadMeeting(N_("Tick who was there first."), field="attendance")
    return meeting if meeting.held_at else replace(meeting, held_at=now, changed_at=now)


def resume(meeting: Meeting, *, now: datetime) -> Meeting:
    """It was ended by mistake."""
    return replace(meeting, held_at=None, changed_at=now)


def runs(named: Iterable[int], user_id: int, *, is_author: bool, manages: bool) -> bool:
    """Who plans and runs it: authors, those who settle what is owed, and those `named` presenter and facilitator."""
    return is_author or manages or user_id in set(named)


def require_invited(meeting: Meeting, user_id: int) -> None:
    """Raises BadMeeting."""
    if all(each.user_id != user_id for each in meeting.attendees):
        raise BadMeeting(N_("This person is not invited. Add them to the plan first."))


def noted(text: str) -> str:
    """Notes as they are kept. Raises BadText."""
    return clean(text, longest=MAX_NOTES, field="notes").rstrip()


def minutes_gone(*, began_at: datetime, until: datetime) -> int:
    """Whole minutes since it began."""
    return max(int((until - began_at).total_seconds() // 60), 0)


def share_gone(minute: int, *, minutes: int) -> float:
    """How much of its time is over, 0 to 1."""
    return min(minute / minutes, 1.0)


def agenda(minutes: int) -> tuple[tuple[AgendaStep, int], ...]:
    """Each step with the minute by which it should be over, for a meeting of that length."""
    found, sixtieths = [], 0
    for step, share in SHARES.items():
        sixtieths += share
        found.append((step, round(minutes * sixtieths / MOST_MINUTES)))
    return tuple(found)


def step_at(minute: int, *, minutes: int) -> AgendaStep:
    """Where the meeting should be by now; the last step when its time is over."""
    return next((step for step, ends in agenda(minutes) if minute < ends), AgendaStep.NEXT_TIME)


def attendance(attendees: Iterable[Attendee]) -> tuple[int, int]:
    """(were there, should have been there) of those who are required."""
    required = [each for each in attendees if each.required]
    return sum(each.attended for each in required), len(required)
