"""Save a section: merge quietly, ask only where two people changed the same lines, and lose nothing that was typed."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages._ui import flash, prose, times
from pages._write.drafts import Draft
from pmcore.domain.errors import PmError
from pmcore.domain.merge import Choice, FieldOverlap, settle
from pmcore.domain.sections import BY_KEY
from pmcore.usecases.writing import Overlap, SavedSection, SaveSection
from pmcore.words import _, say
from wiring import run


def bar(draft: Draft) -> None:
    """Save, and what there is to know before it."""
    if not draft.section.may_edit:
        return
    if draft.is_dirty and draft.is_behind:
        sentence = _("{name} saved this section {ago}. Saving puts both texts together.")
        st.info(
            sentence.format(name=prose.line(draft.section.saved_by or "–"), ago=times.ago(draft.section.saved_at)),
            icon=":material/merge:",
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.button(_("Save"), key=draft.key("save"), type="primary", icon=":material/save:")
        if draft.is_dirty:
            st.button(_("Drop my changes"), key=draft.key("drop"), type="tertiary", on_click=draft.forget)
            st.markdown(f":orange[:material/edit: {_('Not saved yet')}]", width="content")
        elif draft.section.saved_by:
            said = _("Saved {ago} by {name}")
            name = prose.line(draft.section.saved_by)
            st.caption(said.format(ago=times.ago(draft.section.saved_at), name=name), width="content")
    if wanted:
        save(draft, draft.content, base_version=draft.version)


def save(draft: Draft, content: Mapping[str, Any], *, base_version: int, settles: bool = False) -> None:
    """Saved: the next run shows what is stored. Refused: its sentence, and what was typed stays."""
    try:
        saved = run(
            SaveSection(
                postmortem_id=draft.section.postmortem_id,
                key=draft.section.key,
                base_version=base_version,
                content=content,
                settles=settles,
            )
        )
    except Overlap as overlap:
        draft.meet(overlap)
        st.rerun()
    except PmError as refusal:
        st.error(f"**{_heading(draft, refusal.field)}** {say(refusal)}" if refusal.field else say(refusal))
    else:
        draft.forget()
        flash.say_and_rerun(_said(saved))


def _said(saved: SavedSection) -> str:
    if not saved.changed:
        return _("Nothing had changed.")
    return _("Saved, together with somebody else's change.") if saved.merged else _("Saved.")


def _heading(draft: Draft, field: str) -> str:
    return next((f"{_(known.heading)}:" for known in draft.fields if known.key == field), "")


def conflict(draft: Draft, overlap: Overlap) -> None:
    """Both texts side by side, one choice an overlap; nothing has been saved yet."""
    name = prose.line(draft.section.saved_by or "–")
    st.warning(
        _("{name} changed the same lines {ago}. Choose below; the rest of both texts is put together already.").format(
            name=name, ago=times.ago(overlap.at)
        ),
        icon=":material/call_merge:",
    )
    choices = [_one(draft, number, each, name) for number, each in enumerate(overlap.merged.overlaps)]
    with st.container(horizontal=True):
        if st.button(_("Save these choices"), key=draft.key("settle"), type="primary", icon=":material/save:"):
            save(draft, settle(overlap.merged, choices), base_version=overlap.version, settles=True)
        st.button(_("Back to my text"), key=draft.key("back"), type="tertiary", on_click=draft.meet, args=(None,))


def _one(draft: Draft, number: int, overlap: FieldOverlap, name: str) -> Choice:
    field = BY_KEY[draft.section.key].field(overlap.field)
    st.markdown(f"### {_(field.heading)}")
    mine, theirs = st.columns(2)
    with mine.container(border=True):
        st.markdown(f"**{_('Your text')}**")
        st.text(overlap.mine or _("(deleted)"))
    with theirs.container(border=True):
        st.markdown(f"**{_('Text of {name}').format(name=name)}**")
        st.text(overlap.theirs or _("(deleted)"))
    words = {
        Choice.MINE: _("Keep mine"),
        Choice.THEIRS: _("Take theirs"),
        Choice.BOTH: _("Both, mine first"),
    }
    offered = [choice for choice in Choice if choice is not Choice.BOTH or overlap.both]
    chosen = st.radio(
        _("What shall it say?"),
        offered,
        format_func=words.__getitem__,
        horizontal=True,
        key=draft.key("choice", str(overlap.field), str(number), f"v{draft.section.version}"),
    )
    return chosen or Choice.MINE
