"""The days of the process, from the resolution on: what is done, what is due, what comes."""

import streamlit as st

from pages._ui import badges, times
from pmcore.domain.days import Day, DayStep
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


def show(days: tuple[Day, ...], zone: str) -> None:
    names = _steps()
    st.markdown(f"## {_('Days')}")
    with st.container(gap="xsmall", key="day-rail"):
        for day in days:
            with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"day-{day.step}"):
                st.markdown(f"**{_span(day)}** {names[day.step]}  \n:small[:gray[{_when(day, zone)}]]")
                st.markdown(badges.day(day.state), width="content")


def _span(day: Day) -> str:
    if day.first == day.last:
        return _("Day {day}").format(day=day.first)
    return _("Day {first}–{last}").format(first=day.first, last=day.last)


def _when(day: Day, zone: str) -> str:
    if day.done_at is not None:
        return times.moment(day.done_at, zone)
    return _("by {day}").format(day=times.day(day.last_on)) if day.last_on else _("after the resolution")
