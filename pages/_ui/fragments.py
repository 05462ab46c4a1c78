"""Fragments rerun without the shell; a refusal inside one must become its sentence there too."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import streamlit as st

from pages._ui import flash


def fragment(function: Callable[..., Any] | None = None, *, run_every: str | float | None = None) -> Callable[..., Any]:
    """`st.fragment` whose refusals are shown as sentences."""

    def decorate(body: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(body)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            with flash.refusals():
                return body(*args, **kwargs)

        return st.fragment(guarded, run_every=run_every)

    return decorate(function) if function else decorate
