"""What is talked about, the timeline first, with the text that belongs to it."""

from dataclasses import replace

import streamlit as st

from pages._ui import document, empty
from pmcore.domain.meeting import AgendaStep, agenda
from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels.rail import MeetingView
from pmcore.readmodels.reading import ReadingView
from pmcore.words import _
from pmcore.words.labels import AGENDA
from wiring import ask

_SECTIONS = {
    AgendaStep.TIMELINE: (SectionKey.TIMELINE,),
    AgendaStep.ROOT_CAUSE: (SectionKey.ROOT_CAUSE,),
    AgendaStep.WENT_WELL: (SectionKey.LESSONS,),
    AgendaStep.ACTION_ITEMS: (SectionKey.ACTION_ITEMS,),
    AgendaStep.NEXT_TIME: (SectionKey.PREVENTION,),
}


def show(view: ReadingView, meeting: MeetingView) -> None:
    ends = dict(agenda(meeting.minutes))
    st.markdown(f"## {_('Agenda')}")
    st.caption(_("Ask what failed, never who. What needs longer is discussed afterwards by those whom it concerns."))
    chosen = st.radio(
        _("Agenda"),
        list(AgendaStep),
        format_func=lambda step: _("{what} – until minute {minute}").format(what=_(AGENDA[step]), minute=ends[step]),
        key="meeting-step",
        label_visibility="collapsed",
    )
    whole = ask.document_of(view)
    if whole is None:
        empty.box(_("The draft is not shared with you yet; its author shows it."), icon=":material/visibility_off:")
        return
    sections = tuple(section for section in whole.sections if section.key in _SECTIONS[chosen])
    document.show(replace(whole, header=(), sections=sections, footer=()))
