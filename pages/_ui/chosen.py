"""The thing that the address names by its number. What does not exist and what is not yours read the same."""

import streamlit as st

from pmcore.domain.errors import NotFound


def number(name: str = "id") -> int:
    """Raises NotFound for anything that no row can have as its number."""
    typed = st.query_params.get(name, "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise NotFound
    return int(typed)
