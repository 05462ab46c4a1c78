"""The boxes of a section as `typed` watches them: text is committed after a pause, and others' news are brought in."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages._ui import typed
from pages._write.drafts import Draft
from pmcore.words import _


def watch(draft: Draft) -> bool:
    """True when the page around the section has to be shown anew."""
    return bool(typed.piece(draft.typing_key, _known(draft), lambda: _put_back(draft)).around)


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
        "copies": typed.copies(draft.section.postmortem_id, draft.section.key),
        "boxes": draft.listed(),
        "version": draft.version,
        "settled": draft.settled,
        "saved_at": saved.saved_at.isoformat() if saved else "",
        "around": draft.outdates_page,
        "asks": draft.overlap is not None,
        "words": typed.words(_("Not saved yet"), together if saved and saved.merged else _("Saved {time}")),
    }
