"""Navigation and identity: what every rerun passes through."""

from pathlib import Path

import streamlit as st

from pages._ui import flash, identity
from pmcore import words
from pmcore.words import _
from wiring import acting

STATIC = Path(__file__).parents[1] / "static"


def _page(path, **about):
    return st.Page(path, **about) if Path(__file__).with_name(path).exists() else None


identity.register(words)
st.set_page_config(page_title=_("Post-mortems"), page_icon=str(STATIC / "icon.svg"), layout="wide")
st.logo(str(STATIC / "logo.svg"), size="large")
pages = [
    _page("home.py", title=_("Home"), icon=":material/inbox:", url_path="home", default=True),
    _page("report.py", title=_("Report"), icon=":material/add_alert:", url_path="report"),
    _page("incidents.py", title=_("Incidents"), icon=":material/event_busy:", url_path="incidents"),
    _page("tracker.py", title=_("Tracker"), icon=":material/table_chart:", url_path="tracker"),
    _page("actions.py", title=_("Actions"), icon=":material/checklist:", url_path="actions"),
    _page("settings.py", title=_("Settings"), icon=":material/settings:", url_path="settings"),
    _page("account.py", title=_("Account"), icon=":material/account_circle:", url_path="account"),
    _page("log.py", title=_("Log"), url_path="log", visibility="hidden"),
    _page("write.py", title=_("Write"), url_path="write", visibility="hidden"),
    _page("read.py", title=_("Read"), url_path="read", visibility="hidden"),
]
chosen = st.navigation([page for page in pages if page], position="top")
with flash.refusals():
    acting.actor()
    chosen.run()
