"""The server: `streamlit run app.py`. A launcher; the pages' main script is `pages/_shell.py`."""

import streamlit as st

from web import serving

app = st.App(
    "pages/_shell.py",
    routes=serving.routes(),
    middleware=serving.middleware(),
    lifespan=serving.lifespan,
)
