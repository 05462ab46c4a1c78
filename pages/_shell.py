"""Navigation and identity: what every rerun passes through."""

from pathlib import Path

import streamlit as st

from pages._ui import account_forms, flash, identity, menu, page
from pmcore import words
from pmcore.words import _
from wiring import acting

STATIC = Path(__file__).parents[1] / "static"

identity.register(words)
with flash.refusals(), identity.looking():
    st.set_page_config(page_title=_("Post-mortems"), page_icon=str(STATIC / "icon.svg"), layout="wide")
    st.logo(str(STATIC / "logo.svg"), size="large")
    page.dress()
    chosen = st.navigation(menu.pages(), position="top")
    st.session_state["zone"] = acting.actor().zone
    chosen.run()
    if chosen.url_path != "account":  # which has it among what is one's own
        account_forms.language()
