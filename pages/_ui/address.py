"""Filters live in the address: a link, a reload and Back show the same list again."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import streamlit as st


def read(page: str, *, names: Collection[str] = ()) -> dict[str, str]:
    """What the address says; where it says nothing, what this browser last asked for on the page.

    With `names`, only these are listened to: Back from a page below brings that page's own parameters along.
    """
    said = {name: value for name, value in st.query_params.to_dict().items() if not names or name in names}
    known: dict[str, str] = st.session_state.get(_name(page), {})
    if not said and known:
        st.query_params.from_dict(known)
        return dict(known)
    return said


def write(page: str, params: Mapping[str, str]) -> None:
    st.session_state[_name(page)] = dict(params)
    st.query_params.from_dict(params)


def follow(page: str, params: Mapping[str, str], widgets: Callable[[], Mapping[str, Any]]) -> None:
    """Where the address came from elsewhere, set the widgets to what it says; call it before they are drawn.

    `widgets` gives each widget's key and value.
    """
    drawn = f"{_name(page)}-drawn"
    wanted = widgets()
    if st.session_state.get(drawn) != dict(params) or any(key not in st.session_state for key in wanted):
        st.session_state.update(wanted)
    st.session_state[drawn] = dict(params)
    st.session_state[_name(page)] = dict(params)


def _name(page: str) -> str:
    return f"address-{page}"
