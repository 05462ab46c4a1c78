"""Links to pages of the app."""

from typing import Any

import streamlit as st


def to(path: str) -> Any:
    """The page of that script as the navigation knows it. By its path alone, Streamlit would follow the file's name
    through the file system for every link, and ask each page whether it is meant.
    """
    _language, pages = st.session_state.get("menu", (None, {}))
    return pages.get(path.removesuffix(".py"), path)
