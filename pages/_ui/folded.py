"""What is folded away is drawn once somebody has opened it: what nobody sees costs as much as what is on the screen.

From then on it is drawn always, so that nothing typed there is lost when it is closed. Whoever opens it has the page,
or the fragment around it, drawn again.
"""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def expander(words: str, *, key: str, expanded: bool = False, **look: Any) -> DeltaGenerator | None:
    """An expander; the place for its contents when they are to be drawn. One that begins expanded is like any other."""
    if expanded:
        is_drawn(key, is_open=True)  # from now on: it may be folded by itself, with something typed in it
        return st.expander(words, key=key, expanded=True, **look)
    place = st.expander(words, key=key, on_change="rerun", **look)
    return place if is_drawn(key, is_open=bool(place.open)) else None


def open_(key: str) -> None:
    """From a callback: at the next run it is open."""
    st.session_state[key] = st.session_state[f"{key}-opened"] = True


def is_drawn(key: str, *, is_open: bool) -> bool:
    """Whether the contents of what has this key are drawn: it is open, or was."""
    if is_open:
        st.session_state[f"{key}-opened"] = True
    return bool(st.session_state.get(f"{key}-opened"))
