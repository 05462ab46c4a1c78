"""One header on every page: the title, one sentence, the main action at the right."""

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._ui import flash

_LOOK = Path(__file__).with_name("look.css")


def dress() -> None:
    """What the theme cannot say, before anything is drawn."""
    st.html(_LOOK)


def header(title: str, sentence: str) -> DeltaGenerator:
    """Show the header and whatever the last command had to say; returns the slot for the main action."""
    flash.show()
    with st.container(gap=None, key="page-header"):  # a grid; see look.css
        st.title(title, anchor=False)
        st.markdown(sentence)
        return st.container(width="content", horizontal=True, gap="xsmall", key="page-action")
