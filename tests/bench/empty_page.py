"""The page of `empty_app.py`."""

import streamlit as st

st.write("")
