"""Navigation and identity: what every rerun passes through."""

from pathlib import Path
from typing import Any

import streamlit as st

from pages._ui import identity
from pmcore import words
from pmcore.domain.errors import PmError
from pmcore.words import _, say
from wiring import acting

HERE = Path(__file__).parent



def _page(path: str, **about: Any) -> Any:
    return st.Page(path, **about) if (HERE / path).exists() else None


identity.register(words)
st.set_page_config(page_title="Post-mortems", page_icon=str(HERE.parent / "static" / "icon.svg"), layout="wide")
pages = [
    _page("home.py", title=_("Home"), url_path="home", default=True),
    _page("report.py", title=_("Report"), url_path="report"),
    _page("incidents.py", title=_("Incidents"), url_path="incidents"),
    _page("tracker.py", title=_("Tracker"), url_path="tracker"),
    _page("actions.py", title=_("Actions"), url_path="actions"),
    _page("settings.py", title=_("Settings"), url_path="settings"),
    _page("account.py", title=_("Account"), url_path="account"),
    _page("log.py", title=_("Log"), url_path="log", visibility="hidden"),
    _page("write.py", title=_("Write"), url_path="write", visibility="hidden"),
    _page("read.py", title=_("Read"), url_path="read", visibility="hidden"),
]
chosen = st.navigation([page for page in pages if page is not None], position="top")
try:
    acting.actor()
except PmError as refusal:
    st.error(say(refusal))
    st.stop()
chosen.run()
