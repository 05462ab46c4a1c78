"""A popover that closes when what it was opened for has been done; else it would stay, with another form in it."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def show(named: str, *, key: str, **look: Any) -> DeltaGenerator:
    if st.session_state.pop(f"{key}-close", False):
        st.session_state[key] = False
    return st.popover(named, key=key, on_change="rerun", **look)


def close(key: str) -> None:
    """At the next run."""
    st.session_state[f"{key}-close"] = True
