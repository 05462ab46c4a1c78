"""Say what happened after the rerun, and say a refusal beside what was typed."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pmcore.domain.errors import PmError
from pmcore.words import say


def show() -> None:
    if sentence := st.session_state.pop("flash", None):
        st.toast(sentence, icon=":material/check:")


def note(sentence: str) -> None:
    """Shown as a toast after the next rerun."""
    st.session_state["flash"] = sentence


def say_and_rerun(sentence: str) -> None:
    note(sentence)
    st.rerun()


@contextmanager
def refusals() -> Iterator[None]:
    """A refused command becomes its sentence; what was typed stays, because nothing reruns."""
    try:
        yield
    except PmError as refusal:
        st.error(say(refusal))
