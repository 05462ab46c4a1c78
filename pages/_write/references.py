"""References: the links that came with the incident, related incidents, and whatever else helps to read on."""

import streamlit as st

from pages._ui.fragments import fragment
from pages._write import facts, fields, saving
from pmcore.domain.sections import FACTS
from pmcore.readmodels.writing import SectionView, WritingView
from pmcore.words import _


@fragment
def form(section: SectionView, postmortem: WritingView) -> None:
    draft = saving.begin(section)
    if draft is None:
        return
    st.markdown(f"### {_('From the incident')}")
    facts.lines(facts.references(section.content.get(FACTS) or {}))
    fields.row_group(
        draft,
        "related",
        heading=_("Related Incidents"),
        columns={"public_id": _("Incident ID"), "text": _("How it is related")},
        add=_("Add a related incident"),
        guidance=_("Incidents that look like this one: the same cause, the same service, the same alert."),
    )
    fields.row_group(
        draft,
        "links",
        heading=_("Links"),
        columns={"label": _("Title"), "url": _("Address")},
        add=_("Add a link"),
        guidance=_("Dashboards, tickets, commits, discussions."),
    )
    fields.undo(draft)
    saving.bar(draft)
