"""The days of the process, from the resolution on: what is done, what is due, what comes, and what to do about it."""

from collections.abc import Callable

import streamlit as st

from pages._read import looking_back
from pages._ui import badges, links, prose, times
from pmcore.domain.days import Day, DayState, DayStep
from pmcore.readmodels.rail import RailView
from pmcore.readmodels.reading import ReadingView
from pmcore.words import _


def _steps() -> dict[DayStep, str]:
    return {
        DayStep.RESOLVE: _("Resolve"),
        DayStep.DRAFT: _("Share the draft"),
        DayStep.REVIEW: _("Review and sign"),
        DayStep.MEETING: _("Meeting"),
        DayStep.FOLLOW_UP: _("Check action items"),
        DayStep.RETROSPECTIVE: _("Look back and close"),
    }


def show(view: ReadingView) -> None:
    names = _steps()
    st.markdown(f"## {_('Days')}")
    with st.container(gap="xsmall", key="day-rail"):
        for day in view.days:
            with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"day-{day.step}"):
                st.markdown(f"**{_span(day)}** {names[day.step]}  \n:small[:gray[{_when(day, view.writing.zone)}]]")
                st.markdown(badges.day(day.state), width="content")
            if view.rail and day.step in _MORE:
                _MORE[day.step](view, view.rail)


def _span(day: Day) -> str:
    if day.first == day.last:
        return _("Day {day}").format(day=day.first)
    return _("Day {first}–{last}").format(first=day.first, last=day.last)


def _when(day: Day, zone: str) -> str:
    if day.done_at is not None:
        return times.moment(day.done_at, zone)
    return _("by {day}").format(day=times.day(day.last_on)) if day.last_on else _("after the resolution")


def _meeting(view: ReadingView, told: RailView) -> None:
    zone, meeting = view.writing.zone, told.meeting
    is_over = any(day.step is DayStep.MEETING and day.state is DayState.UNMARKED for day in view.days)
    if meeting is None and (is_over or not told.may_plan):
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="rail-meeting"):
        if meeting is None:
            if told.schedule_by is not None:
                st.caption(_("A date is set by {moment}.").format(moment=times.moment(told.schedule_by, zone)))
            named, icon = _("Schedule the meeting"), ":material/edit_calendar:"
        else:
            said = _("On {moment}; {name} facilitates.").format(
                moment=times.moment(meeting.starts_at, zone), name=prose.line(meeting.facilitator)
            )
            if meeting.held_at is not None:
                said = _("{there} of {required} required people were there.").format(
                    there=meeting.were_there, required=meeting.should_be_there
                )
            st.caption(said)
            named, icon = _("Open the meeting"), ":material/groups:"
        st.page_link(
            links.to("meeting.py"),
            label=named,
            icon=icon,
            query_params={"id": str(view.writing.postmortem_id)},
            width="content",
        )


def _follow_up(view: ReadingView, told: RailView) -> None:
    if told.progress.total and view.writing.edition_number:
        said = _("{done} of {total} items finished").format(done=told.progress.done, total=told.progress.total)
        if told.progress.blocked:
            said += ", " + _("{count} blocked").format(count=told.progress.blocked)
        st.caption(said, width="content")
    looking_back.escalations(told)


def _retrospective(view: ReadingView, told: RailView) -> None:
    looking_back.verdict(view, told)


_MORE: dict[DayStep, Callable[[ReadingView, RailView], None]] = {
    DayStep.MEETING: _meeting,
    DayStep.FOLLOW_UP: _follow_up,
    DayStep.RETROSPECTIVE: _retrospective,
}
