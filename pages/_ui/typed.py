"""Watches boxes in the browser: keeps a copy of what is typed until it is saved, and says how things stand.

The script is `static/typed.js`. Everything it says comes from here, translated.
"""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from pmcore.words import _, language
from wiring import acting

IDLE_SECONDS = 1.5
_CSS = Path(__file__).with_name("typed.css").read_text(encoding="utf-8")
_SCRIPT = Path(__file__).parents[2] / "static" / "typed.js"
_DIGEST = hashlib.sha256(_SCRIPT.read_bytes()).hexdigest()[:12]
#: The browser fetches the script once for each version. Inside the piece it would travel with every message.
_LOADED = f"""const {{ default: watch }} = await import(`${{location.origin}}/assets/typed.js?{_DIGEST}`);
export default watch;"""
_piece = st.components.v2.component(
    "pm_typing",
    html='<div class="offers"></div><p class="said"></p><p class="told" role="status"></p>',
    css=_CSS,
    js=_LOADED,
)


def piece(key: str, known: Mapping[str, Any], on_back: Callable[[], None]) -> Any:
    """On the page, beside boxes that `known` lists; `on_back` takes what comes back: {box, text, base, row} each."""
    data = {**known, "session": _session(), "idle_seconds": IDLE_SECONDS, "language": language()}
    return _piece(
        key=key,
        data=[data],  # of a dictionary, Streamlit asks each value whether it is a table
        width="stretch",
        height="content",
        on_back_change=on_back,
        on_around_change=lambda: None,
        on_again_change=lambda: None,
    )


def _session() -> str:
    """Tells copies of this session from those of earlier ones."""
    return str(st.session_state.setdefault("typing-session", uuid.uuid4().hex))


def copies(postmortem_id: int, place: str) -> str:
    """How the copies in the browser begin. Signing out deletes those of the person."""
    return f"pm-typed:{acting.user_id()}:{postmortem_id}:{place}:"


def words(waiting: str, saved: str = "") -> dict[str, str]:
    return {
        "saved": saved,
        "waiting": waiting,
        "offline": _("No connection. What you type is kept in this browser."),
        "back": _("What you typed before is back."),
        "offer": _("You typed this here, it was not saved, and the text was changed since:"),
        "put": _("Put it back"),
        "drop": _("Drop it"),
    }
