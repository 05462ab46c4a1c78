"""One header on every page: the title, one sentence, the main action at the right."""

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._ui import flash

_LOOK = Path(__file__).with_name("look.css")


def dress() -> None:
    """What the theme cannot say, before anything is drawn."""
    st.html(_LOOK)


def title(words: str, sentence: str) -> None:
    """The header of a page without a main action, and whatever the last command had to say."""
    flash.show()
    st.markdown(f"# {words}\n\n{sentence}")


def header(words: str, sentence: str) -> DeltaGenerator:
    """The same; returns the slot for the main action."""
    with st.container(gap=None, key="page-header"):  # a grid; see look.css
        title(words, sentence)
        return st.container(
            width="content", horizontal=True, vertical_alignment="center", gap="xsmall", key="page-action"
        )
