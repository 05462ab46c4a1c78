"""The pages of the navigation, every one always: one that is not registered loses its address."""

from copy import copy
from functools import cache
from typing import Any

import streamlit as st

from pmcore.words import _, language


def pages() -> list[Any]:
    """Of this tab, in the reader's language. Copies of what was made once for all tabs, because Streamlit notes on a
    page which of them may run."""
    known = st.session_state.get("menu")
    if known is None or known[0] != language():
        copies = {each.url_path or "home": copy(each) for each in _made(language())}
        known = st.session_state["menu"] = (language(), copies)
    return list(known[1].values())


@cache
def _made(_language: str) -> tuple[Any, ...]:
    """Following fifteen names through the file system takes longer than drawing a small page."""
    return (
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
    )
