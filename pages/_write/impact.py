"""Impact Assessment: the incident's figures, the arithmetic of the error budget, and what only people can say."""

import streamlit as st

from pages._ui.fragments import fragment
from pages._write import facts, fields, incident_facts, saving
from pmcore.domain.sections import FACTS
from pmcore.readmodels.writing import SectionView, WritingView
from pmcore.words import _


def form(section: SectionView, postmortem: WritingView) -> None:
    known = section.content.get(FACTS) or {}
    st.markdown(f"### {_('From the incident')}")
    facts.table(facts.impact(known))
    st.info(facts.budget(known), icon=":material/calculate:", width=fields.MEASURE)
    if section.may_edit:
        incident_facts.edit(postmortem, key="impact")
    _own_words(section)


@fragment
def _own_words(section: SectionView) -> None:
    draft = saving.begin(section)
    if draft is None:
        return
    for each in draft.fields:
        fields.field(draft, each)
    saving.bar(draft)
