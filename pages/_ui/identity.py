"""Who looks at the page: the numeric user id that the session gate put into `st.user`."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from wiring import acting


def user_id() -> int | None:
    """None outside a page's script, too: routes say themselves for whom they act."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    name = st.user.get("username") if st.user else None
    return int(str(name)) if name and str(name).isdigit() else None


def language() -> str | None:
    return acting.actor().language if user_id() is not None else None


def register(words) -> None:
    """Once per process is enough; registering again changes nothing."""
    acting.ask_for_user(user_id)
    words.ask_for_language(language)
