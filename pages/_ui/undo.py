"""Undo in place of "are you sure?": what has just been done can be taken back until the next thing is done."""

from typing import Any

import streamlit as st

from pages._ui import flash, prose
from pmcore.words import _
from wiring import run

_KEY = "undo"


def offer(sentence: str, command: Any) -> None:
    """Remember, for the next rerun, what was done and the command that takes it back."""
    st.session_state[_KEY] = (sentence, command)


def show() -> None:
    """What was done, with the way back; stays until it is used or closed."""
    if _KEY not in st.session_state:
        return
    sentence, command = st.session_state[_KEY]
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="undo-bar"):
        st.markdown(prose.line(sentence))
        back = st.button(_("Undo"), icon=":material/undo:", key="undo-button")
        close = st.button(_("Close"), icon=":material/close:", key="undo-close", type="tertiary")
    if back or close:
        with flash.refusals():
            if back:
                run(command)
                flash.note(_("Taken back."))
            del st.session_state[_KEY]
            st.rerun()
