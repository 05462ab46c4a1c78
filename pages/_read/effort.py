"""The time that writing and meeting took, against what the process allows. A sum; whose it is, nobody asks."""

import streamlit as st

from pages._ui import flash, popover, times, undo
from pmcore.domain.dry_run import ALLOWED_HOURS, MOST_MINUTES_NOTED
from pmcore.domain.rail_vocabulary import TimeKind
from pmcore.readmodels.rail import RailView
from pmcore.usecases.dry_run import NoteTime
from pmcore.words import _, label
from wiring import run


def show(told: RailView, postmortem_id: int) -> None:
    st.markdown(f"## {_('Time spent')}")
    said = _("Writing {writing}, meeting {meeting}; {least}–{most} hours are meant to be enough for the writing.")
    st.markdown(
        said.format(
            writing=times.duration(told.writing_seconds), meeting=times.duration(told.meeting_seconds),
            least=ALLOWED_HOURS[0], most=ALLOWED_HOURS[1],
        )
    )  # fmt: skip
    if not told.may_note_time:
        return
    place = popover.opened(_("Note time"), icon=":material/more_time:", key="note-time")
    if place is None:
        return
    with place, st.form("note-time-form", border=False):
        kind = st.radio(_("Spent on"), list(TimeKind), format_func=label, key="time-kind", horizontal=True)
        minutes = st.number_input(_("Minutes"), 1, MOST_MINUTES_NOTED, 30, 5, key="time-minutes")
        if st.form_submit_button(_("Note it"), type="primary", key="time-go"):
            with flash.refusals():
                back = run(NoteTime(postmortem_id=postmortem_id, kind=kind, minutes=int(minutes)))
                popover.close("note-time")
                undo.offer(_("{minutes} noted.").format(minutes=times.minutes(int(minutes))), back)
                st.rerun()
