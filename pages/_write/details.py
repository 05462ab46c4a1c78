"""Incident Details: all of it is entered with the incident, once; here it is shown and mended."""

import streamlit as st

from pages._write import facts, incident_facts
from pmcore.domain.sections import FACTS
from pmcore.readmodels.writing import SectionView, WritingView
from pmcore.words import _


def form(section: SectionView, postmortem: WritingView) -> None:
    facts.table(facts.details(section.content.get(FACTS) or {}))
    st.caption(_("All of this comes from the incident. Changing it here changes it everywhere."))
    if section.may_edit:
        incident_facts.edit(postmortem, key="details")
