"""Meeting: where are we in the hour, who is here, and what comes out of it?"""

import streamlit as st

from pages._meeting import agenda, catching, plan, room
from pages._read import head
from pages._ui import undo
from pmcore.words import _

view = head.asked(_("Meeting"))
postmortem, told = view.writing, view.rail
with (
    head.show(view),
    st.container(horizontal=True, gap="xsmall", width="content", vertical_alignment="center", key="meeting-links"),
):
    head.back(view)
    plan.calendar(view)

undo.show()
meeting = told.meeting if told else None
if told is None or meeting is None:
    plan.first(view)
    st.stop()

plan.line(view, meeting)
room.clock(view, meeting)
talk, beside = st.columns([3, 2], gap="large")
with talk:
    agenda.show(view, meeting)
with beside:
    room.attendance(view, meeting)
    room.notes(view, meeting)
    catching.show(view)
