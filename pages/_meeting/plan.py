"""When the meeting is, who presents, who facilitates, who comes; and the form that sets it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._ui import badges, empty, flash, popover, prose, times
from pmcore.domain.errors import PmError
from pmcore.domain.meeting import FEWEST_MINUTES, MOST_MINUTES, Plan
from pmcore.domain.moments import local_moment
from pmcore.readmodels.people import PersonChoice
from pmcore.readmodels.rail import MeetingView
from pmcore.readmodels.reading import ReadingView
from pmcore.usecases.meeting import ScheduleMeeting
from pmcore.words import _, say
from wiring import ask, parts, run


def calendar(view: ReadingView) -> None:
    if view.rail and view.rail.meeting:
        st.link_button(
            _("Add to my calendar"),
            f"/download/meeting/{view.writing.postmortem_id}.ics",
            icon=":material/event:",
            type="tertiary",
            key="meeting-calendar",
        )


def first(view: ReadingView) -> None:
    """There is none yet."""
    empty.box(
        _("No meeting is scheduled. It takes an hour at most, on day 7 at the latest."), icon=":material/event_busy:"
    )
    if view.rail and view.rail.may_plan:
        st.markdown(f"## {_('Schedule the meeting')}")
        _form(view, None)


def line(view: ReadingView, meeting: MeetingView) -> None:
    zone = view.writing.zone
    marks = [badges.held()] if meeting.held_at else []
    marks += (
        [badges.quiet(_("Scheduled later than 48 hours after the resolution"))] if meeting.is_scheduled_late else []
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="meeting-plan"):
        with st.container(gap=None):
            place = f" · {prose.line(meeting.place)}" if meeting.place else ""
            when, long = times.moment(meeting.starts_at, zone), times.minutes(meeting.minutes)
            st.markdown(" ".join([f":material/event: **{when}** · {long}{place}", *marks]))
            st.markdown(
                _("{presenter} presents, {facilitator} facilitates.").format(
                    presenter=prose.line(meeting.presenter), facilitator=prose.line(meeting.facilitator)
                )
            )
        if view.rail and view.rail.may_plan and not meeting.began_at:
            with popover.show(_("Move or change"), icon=":material/edit_calendar:", key="meeting-change"):
                _form(view, meeting)


def _form(view: ReadingView, known: MeetingView | None) -> None:
    zone, people = view.writing.zone, list(ask.people())
    ids = {person.id: person for person in people}
    starts = known.starts_at.astimezone(ZoneInfo(zone)) if known else _proposed(view)
    with st.form("meeting-form", border=False):
        on, at, long = st.columns(3)
        day = on.date_input(_("Day"), value=starts.date(), format="YYYY-MM-DD", key="meeting-day")
        hour = at.time_input(_("Time"), value=starts.time(), step=900, key="meeting-time", help=zone)
        minutes = long.number_input(
            _("Minutes"), FEWEST_MINUTES, MOST_MINUTES, known.minutes if known else MOST_MINUTES, 5,
            key="meeting-minutes",
        )  # fmt: skip
        place = st.text_input(
            _("Where"), known.place if known else "", key="meeting-place", max_chars=500,
            placeholder=_("a room, or the link of a call"),
        )  # fmt: skip
        left, right = st.columns(2)
        presenter = _person(
            left, "presenter", _("Who presents?"), people, known.presenter_id if known else view.writing.author_id
        )
        facilitator = _person(
            right,
            "facilitator",
            _("Who facilitates?"),
            people,
            known.facilitator_id if known else None,
            help=_("Best somebody else."),
        )
        required = _several(
            "required", _("Required"), people, _ids(known, required=True) or _proposed_people(view, ids)
        )
        optional = _several("optional", _("Optional"), people, _ids(known, required=False))
        if st.form_submit_button(_("Schedule") if known is None else _("Save"), type="primary", key="meeting-save"):
            _save(view, known, day, hour, int(minutes), place, presenter, facilitator, required, optional)


def _person(
    slot: DeltaGenerator, key: str, named: str, people: list[PersonChoice], chosen: int | None, **look: str
) -> PersonChoice | None:
    index = next((number for number, person in enumerate(people) if person.id == chosen), None)
    return slot.selectbox(
        named, people, index=index, format_func=_called, key=f"meeting-{key}", placeholder=_("Choose a person"),
        **look,
    )  # fmt: skip


def _several(key: str, named: str, people: list[PersonChoice], chosen: set[int]) -> list[PersonChoice]:
    usual = [person for person in people if person.id in chosen]
    return st.multiselect(
        named, people, default=usual, format_func=_called, key=f"meeting-{key}", placeholder=_("Choose people")
    )


def _called(person: PersonChoice) -> str:
    return person.name


def _ids(known: MeetingView | None, *, required: bool) -> set[int]:
    return {each.user_id for each in known.attendees if each.required is required} if known else set()


def _proposed(view: ReadingView) -> datetime:
    """Day 5 at ten in the morning, or tomorrow: before day 7, and not today."""
    now = parts.clock().astimezone(ZoneInfo(view.writing.zone))
    resolved = view.review.resolved_at
    wanted = resolved.astimezone(ZoneInfo(view.writing.zone)).date() + timedelta(days=5) if resolved else now.date()
    return datetime.combine(max(wanted, now.date() + timedelta(days=1)), time(10), tzinfo=ZoneInfo(view.writing.zone))


def _proposed_people(view: ReadingView, ids: dict[int, PersonChoice]) -> set[int]:
    return {view.writing.author_id, *(member.user_id for member in view.writing.members)} & ids.keys()


def _save(
    view: ReadingView, known: MeetingView | None, day: date | None, hour: time | None, minutes: int, place: str,
    presenter: PersonChoice | None, facilitator: PersonChoice | None, required: list[PersonChoice],
    optional: list[PersonChoice],
) -> None:  # fmt: skip
    if day is None or hour is None or presenter is None or facilitator is None:
        st.error(_("Choose a day, a time, who presents and who facilitates."))
        return
    try:
        plan = Plan(
            starts_at=local_moment(datetime.combine(day, hour), zone=view.writing.zone, field="starts"),
            minutes=minutes, presenter_id=presenter.id, facilitator_id=facilitator.id, place=place,
            required_ids=tuple(person.id for person in required), optional_ids=tuple(person.id for person in optional),
        )  # fmt: skip
        run(ScheduleMeeting(postmortem_id=view.writing.postmortem_id, plan=plan, version=known.version if known else 0))
    except PmError as refusal:
        st.error(say(refusal))
        return
    popover.close("meeting-change")
    flash.say_and_rerun(_("The meeting is scheduled. It stands in the inboxes of those invited."))
