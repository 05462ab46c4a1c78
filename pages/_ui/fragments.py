"""Fragments rerun without the shell; a refusal inside one must become its sentence there too.

A fragment that a timer runs may show the whole page anew, but never in front of what a person did.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages._ui import flash, identity


def fragment(function: Callable[..., Any] | None = None, *, run_every: str | float | None = None) -> Callable[..., Any]:
    """`st.fragment` whose refusals are shown as sentences."""

    def decorate(body: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(body)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            with flash.refusals(), identity.looking():
                return body(*args, **kwargs)

        return st.fragment(guarded, run_every=run_every)

    return decorate(function) if function else decorate


def renew_page() -> None:
    """From a fragment with a timer: the whole page anew. Returns where other fragments wait for their turn in this run.

    Somebody pressed a button in one of those while the server was busy. To begin anew would throw their turn away and
    the press with it: it is heard once only. The timer comes again.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or len(context.fragment_ids_this_run or ()) < 2:
        st.rerun()
