"""The incident's facts, mended from within a section: folded, because most of them are right already."""

import streamlit as st

from pages._ui import incident_form
from pages._ui.fragments import fragment
from pmcore.readmodels.writing import WritingView
from pmcore.words import _
from wiring import ask


@fragment
def edit(postmortem: WritingView, *, key: str) -> None:
    """Read from the database only once it is open: the form is long and rarely needed."""
    folded = st.expander(
        _("Change the facts of the incident"), icon=":material/edit:", key=f"{key}-facts-open", on_change="rerun"
    )
    if folded.open:
        with folded:
            incident_form.edit(ask.incident(postmortem.incident_id), key=key)
