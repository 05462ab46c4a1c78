"""One header on every page: the title, one sentence, the main action at the right."""

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._ui import flash

LOOK = Path(__file__).with_name("look.css")


def header(title: str, sentence: str) -> DeltaGenerator:
    """Show the header and whatever the last command had to say; returns the slot for the main action."""
    flash.show()
    st.html(LOOK)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="page-header"):
        with st.container(gap=None, key="page-title"):
            st.title(title, anchor=False)
            st.markdown(sentence)
        return st.container(width="content", horizontal=True, gap="xsmall", key="page-action")
