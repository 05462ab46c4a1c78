"""Say what happened after the rerun, and say a refusal beside what was typed."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages._ui import prose
from pmcore.domain.errors import PmError, Refusals
from pmcore.words import say

_BESIDE = "refused-beside"


def show() -> None:
    st.session_state[_BESIDE] = {}
    if sentence := st.session_state.pop("flash", None):
        st.toast(prose.sentence(sentence), icon=":material/check:")


def note(sentence: str) -> None:
    """Shown as a toast after the next rerun."""
    st.session_state["flash"] = sentence


def say_and_rerun(sentence: str) -> None:
    note(sentence)
    st.rerun()


def beside(form: str, field: str) -> None:
    """Room below the field just drawn, for what is wrong with it; `refusals(form)` fills it."""
    st.session_state.setdefault(_BESIDE, {})[form, field] = st.empty()


@contextmanager
def refusals(form: str = "") -> Iterator[None]:
    """A refused command becomes its sentence, said again beside the field at fault; what was typed stays, because
    nothing reruns."""
    try:
        yield
    except PmError as refusal:
        st.error(prose.sentence(say(refusal)))
        rooms = st.session_state.get(_BESIDE, {})
        for problem in refusal.problems if isinstance(refusal, Refusals) else (refusal,):
            if room := rooms.get((form, problem.field)):
                room.markdown(f":red[:material/error:] {prose.sentence(say(problem))}")
