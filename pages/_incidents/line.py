"""The one input at the bottom: a kind by one tap or by a command, a time in front where it was not just now."""

import streamlit as st

from pages._incidents.entries import kind_label
from pages._ui import flash
from pages._ui.kept import Kept
from pmcore.domain.errors import PmError
from pmcore.domain.vocabulary import TimelineKind
from pmcore.readmodels.incident import IncidentView
from pmcore.usecases.log import AddLogEntry
from pmcore.words import _
from wiring import run

KEY, KIND = "log-line", "log-kind"
_KINDS = [TimelineKind.OTHER, *(kind for kind in TimelineKind if kind is not TimelineKind.OTHER)]


def ask_for(view: IncidentView) -> None:
    if (kept := st.session_state.pop(f"{KEY}-kept", None)) is not None:
        st.session_state[KEY] = kept  # a refused line stands in the input again
    if st.session_state.pop(f"{KIND}-back", False):
        st.session_state[KIND] = TimelineKind.OTHER
    with st.bottom:
        with flash.refusals():
            _refused()
        kind = st.pills(
            _("What kind of line?"), _KINDS, default=TimelineKind.OTHER, required=True,
            format_func=kind_label, key=KIND, label_visibility="collapsed", wrap=False,
        )  # fmt: skip
        line = st.chat_input(_("What happened? /fix -3m raised the pool"), key=KEY)
    if line is not None:
        _add(view, line, kind or TimelineKind.OTHER)
    _kept(view).watch_form(KEY, {KEY: ""})


def _kept(view: IncidentView) -> Kept:
    """A line stays in the browser until it is noted."""
    return Kept(view.incident.id, "log")


def _refused() -> None:
    if (refusal := st.session_state.pop(f"{KEY}-refused", None)) is not None:
        raise refusal


def _add(view: IncidentView, line: str, kind: TimelineKind) -> None:
    """Note the line; a refused one is put back into the input, with its sentence above it."""
    try:
        run(AddLogEntry(incident_id=view.incident.id, line=line, kind=kind))
    except PmError as refusal:
        st.session_state[f"{KEY}-kept"], st.session_state[f"{KEY}-refused"] = line, refusal
    else:
        st.session_state[f"{KIND}-back"] = True
        _kept(view).done(KEY, line)
    st.rerun()
