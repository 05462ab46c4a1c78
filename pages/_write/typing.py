"""Watches the boxes of a section in the browser: commits what is typed after a pause, keeps a copy until it is saved,
brings in what others wrote, and says how things stand.

The script is `typing.js`; what it needs to know is in `_known`. Everything it says comes from here, translated.
"""

import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from pages._write.drafts import Draft
from pmcore.words import _, language
from wiring import acting

IDLE_SECONDS = 1.5
_HERE = Path(__file__).parent
_piece = st.components.v2.component(
    "pm_typing",
    html='<div class="offers"></div><p class="said"></p><p class="told" role="status"></p>',
    css=(_HERE / "typing.css").read_text(encoding="utf-8"),
    js=(_HERE / "typing.js").read_text(encoding="utf-8"),
)


def watch(draft: Draft) -> bool:
    """True when the page around the section has to be shown anew."""
    return bool(piece(draft.typing_key, _known(draft), lambda: _put_back(draft)).around)


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


def _put_back(draft: Draft) -> None:
    """A piece of an earlier session comes back: {box, text, base, row}."""
    for kept in st.session_state[draft.typing_key].get("back") or ():
        box, text, base, row = (kept.get(name) for name in ("box", "text", "base", "row"))
        if all(isinstance(each, str) for each in (box, text, base)) and draft.has(box):
            seed = {str(name): str(value) for name, value in row.items()} if isinstance(row, Mapping) else {}
            draft.put_back(box, text=text, base=base, row=seed)


def _known(draft: Draft) -> dict[str, Any]:
    saved = draft.saved
    together = _("Saved, together with somebody else's change, {time}")
    return {
        "copies": copies(draft.section.postmortem_id, draft.section.key),
        "boxes": draft.listed(),
        "version": draft.version,
        "settled": draft.settled,
        "saved_at": saved.saved_at.isoformat() if saved else "",
        "around": draft.outdates_page,
        "asks": draft.overlap is not None,
        "words": words(_("Not saved yet"), together if saved and saved.merged else _("Saved {time}")),
    }
