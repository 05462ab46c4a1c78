"""An app of one empty page behind the same gate, in the same server, after the same start: what nobody can be below."""

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from web import serving  # noqa: E402

app = st.App(
    str(Path(__file__).with_name("empty_page.py")),
    routes=serving.routes(),
    middleware=serving.middleware(),
    lifespan=serving.lifespan,
)
