"""The boxes of a section as `typed` watches them: text is committed after a pause, and others' news are brought in."""

from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st

from pages._ui import typed
from pages._write import boxes
from pages._write.drafts import Draft
from pmcore.domain.progress import WORDLESS
from pmcore.domain.sections import Field, FieldKind
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
        "boxes": boxes_of(draft),
        "version": draft.version,
        "settled": draft.settled,
        "saved_at": saved.saved_at.isoformat() if saved else "",
        "around": draft.outdates_page,
        "asks": draft.overlap is not None,
        "words": typed.words(_("Not saved yet"), together if saved and saved.merged else _("Saved {time}")),
    }


def boxes_of(draft: Draft) -> list[dict[str, Any]]:
    """Every box: its widget's key and what it says; what it showed at first, what was agreed on, and what is stored
    where that differs, because texts are long and each run sends them."""
    base, stored = (dict(boxes.texts(draft.fields, each)) for each in (draft.base, draft.stored))
    rows = [field.key for field in draft.fields if field.kind is FieldKind.ROWS]
    says = dict(boxes.texts(draft.fields, {**draft.content, **{name: draft.typed_rows(name) for name in rows}}))
    shown = dict(boxes.texts(draft.fields, {**draft.shown, **{name: draft.rows(name) for name in rows}}))
    listed = [box for field in draft.fields for box in _listed(draft, field)]
    for each in listed:
        text, known = says[each["box"]], base.get(each["box"], "")
        news, first = stored.get(each["box"], known), shown.get(each["box"], "")
        each["typed"] = text
        each["known"] = known if known != text else None
        each["shown"] = first if first != text else None
        each["news"] = news if news != known else None
    return listed


def _listed(draft: Draft, field: Field) -> Iterator[dict[str, Any]]:
    """The boxes of a field; `row` is what a row needs to be made anew."""
    if field.kind is not FieldKind.ROWS:
        yield {"box": field.key, "key": draft.key(field.key), "row": None}
        return
    for row in draft.rows(field.key):
        seed = {name: value for name, value in row.items() if name not in ("id", *field.columns)}
        seed |= {name: row[name] for name in WORDLESS & set(field.columns) if row.get(name)}
        for column in field.columns:
            if column not in WORDLESS:
                yield {
                    "box": boxes.named(field.key, row["id"], column),
                    "key": draft.key(row["id"], column),
                    "row": seed,
                }
