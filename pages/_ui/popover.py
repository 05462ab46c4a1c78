"""A popover that closes when what it was opened for has been done; else it would stay, with another form in it."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._ui import folded


def show(named: str, *, key: str, **look: Any) -> DeltaGenerator:
    if st.session_state.pop(f"{key}-close", False):
        st.session_state[key] = False
    return st.popover(named, key=key, on_change="rerun", **look)


def opened(named: str, *, key: str, **look: Any) -> DeltaGenerator | None:
    """The same; the place for its contents once somebody has opened it."""
    place: Any = show(named, key=key, **look)
    return place if folded.is_drawn(key, is_open=bool(place.open)) else None


def close(key: str) -> None:
    """At the next run."""
    st.session_state[f"{key}-close"] = True
