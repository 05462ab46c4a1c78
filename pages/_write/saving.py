"""Save what is typed: merge quietly, ask only where two people changed the same lines, and lose nothing."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages._ui import flash, prose, times
from pages._write import advice, typing
from pages._write.drafts import Draft
from pmcore.domain.errors import PmError
from pmcore.domain.merge import Choice, FieldOverlap, settle
from pmcore.domain.sections import BY_KEY
from pmcore.readmodels.writing import SectionView
from pmcore.usecases.writing import Overlap, SaveSection
from pmcore.words import _, say
from wiring import run


def begin(section: SectionView) -> Draft | None:
    """The section as it stands in this browser, with what was typed since the last run saved; None while an overlap is
    in view in its place."""
    draft = Draft(section)
    if draft.begins_to_compare():  # by a click that may have ended typing: that text belongs to it
        draft.trouble = _keep(draft, comparing=True)
    if draft.is_comparing and draft.overlap:
        conflict(draft, draft.overlap)
        return None
    draft.trouble = _keep(draft) if section.may_edit and draft.is_dirty else ""
    return draft


def _keep(draft: Draft, *, comparing: bool = False) -> str:
    """Save what was typed; empty, or why it is not saved. What was typed stays in any case."""
    sent = draft.content
    try:
        saved = run(
            SaveSection(
                postmortem_id=draft.section.postmortem_id,
                key=draft.section.key,
                base_version=draft.version,
                base=draft.base,
                content=sent,
            )
        )
    except Overlap as overlap:
        draft.meet(overlap, comparing=comparing)
        return ""
    except PmError as refusal:
        return f"**{_heading(draft, refusal.field)}** {say(refusal)}" if refusal.field else say(refusal)
    draft.agree(saved, sent)
    return ""


def bar(draft: Draft) -> None:
    """How saving goes, and a button for those who would rather press one."""
    if not draft.section.may_edit:
        return
    draft.look_again()
    if draft.is_dirty and not draft.trouble and not draft.overlap:
        # After a restart a browser brings along what its boxes say, which is known once they are drawn.
        draft.trouble = _keep(draft)
    if draft.trouble:
        st.error(draft.trouble)
    if draft.overlap:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=draft.key("overlap")):
            said = _("Somebody changed the same lines, so yours are not saved yet. You may go on typing.")
            st.markdown(f":material/call_merge: {said}")
            st.button(_("Compare and choose"), key=draft.key("compare"), on_click=draft.compare)
    advice.beside(draft.section, draft.content)
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.button(_("Save now"), key=draft.key("save"), icon=":material/save:")
        outdated = typing.watch(draft)
    if wanted and draft.overlap:
        draft.compare()
        st.rerun()
    if wanted and not draft.trouble:
        _saved(draft, outdated=outdated)
    if outdated:
        st.rerun()


def _saved(draft: Draft, *, outdated: bool) -> None:
    """Said at once where nothing else on the page has changed, which is nearly always."""
    merged = draft.saved is not None and draft.saved.merged
    flash.note(_("Saved, together with somebody else's change.") if merged else _("Saved."))
    if merged or outdated or draft.outdates_page:
        st.rerun()
    flash.told()


def save(draft: Draft, content: Mapping[str, Any], *, base_version: int) -> None:
    """An overlap was decided. Saved: the next run shows what is stored. Refused: its sentence, and the choices stay."""
    try:
        run(
            SaveSection(
                postmortem_id=draft.section.postmortem_id,
                key=draft.section.key,
                base_version=base_version,
                content=content,
                settles=True,
            )
        )
    except Overlap as overlap:
        draft.meet(overlap)
        st.rerun()
    except PmError as refusal:
        st.error(f"**{_heading(draft, refusal.field)}** {say(refusal)}" if refusal.field else say(refusal))
    else:
        draft.forget()
        flash.say_and_rerun(_("Saved."))


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
            save(draft, settle(overlap.merged, choices), base_version=overlap.version)
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
