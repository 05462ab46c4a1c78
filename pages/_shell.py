"""Navigation and identity: what every rerun passes through."""

from pathlib import Path

import streamlit as st

from pages._ui import account_forms, flash, identity, page
from pmcore import words
from pmcore.words import _
from wiring import acting

STATIC = Path(__file__).parents[1] / "static"


def _menu() -> list:
    """Every page, always: one that is not registered loses its address. Made once for a tab and a language."""
    known = st.session_state.get("menu")
    if known is None or known[0] != words.language():
        known = st.session_state["menu"] = (words.language(), _pages())
        st.session_state["pages"] = {each.url_path or "home": each for each in known[1]}
    return known[1]


def _pages() -> list:
    return [
        st.Page("home.py", title=_("Home"), icon=":material/inbox:", url_path="home", default=True),
        st.Page("report.py", title=_("Report"), icon=":material/add_alert:", url_path="report"),
        st.Page("incidents.py", title=_("Incidents"), icon=":material/event_busy:", url_path="incidents"),
        st.Page("tracker.py", title=_("Tracker"), icon=":material/table_chart:", url_path="tracker"),
        st.Page("actions.py", title=_("Actions"), icon=":material/checklist:", url_path="actions"),
        st.Page("metrics.py", title=_("Metrics"), icon=":material/query_stats:", url_path="metrics"),
        st.Page("survey.py", title=_("Survey"), icon=":material/forum:", url_path="survey"),
        st.Page("process.py", title=_("Process"), icon=":material/menu_book:", url_path="process"),
        st.Page("settings.py", title=_("Settings"), icon=":material/settings:", url_path="settings"),
        st.Page("account.py", title=_("Account"), icon=":material/account_circle:", url_path="account"),
        st.Page("log.py", title=_("Log"), url_path="log", visibility="hidden"),
        st.Page("write.py", title=_("Write"), url_path="write", visibility="hidden"),
        st.Page("read.py", title=_("Read"), url_path="read", visibility="hidden"),
        st.Page("meeting.py", title=_("Meeting"), url_path="meeting", visibility="hidden"),
        st.Page("feedback.py", title=_("Feedback"), url_path="feedback", visibility="hidden"),
    ]


identity.register(words)
with flash.refusals(), identity.looking():
    st.set_page_config(page_title=_("Post-mortems"), page_icon=str(STATIC / "icon.svg"), layout="wide")
    st.logo(str(STATIC / "logo.svg"), size="large")
    page.dress()
    chosen = st.navigation(_menu(), position="top")
    st.session_state["zone"] = acting.actor().zone
    chosen.run()
    if chosen.url_path != "account":  # which has it among what is one's own
        account_forms.language()
