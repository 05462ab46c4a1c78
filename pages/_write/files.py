"""Files beside a section: pictures are shown in it, everything else is linked."""

import hashlib

import streamlit as st

from pages._ui import flash, folded, undo
from pages._ui.fragments import fragment
from pages._ui.kept import Box, Kept
from pmcore.documents import html
from pmcore.domain.attachment import ENDINGS, MAX_CAPTION, MAX_FILE, MEGABYTE, Entry, entries
from pmcore.domain.errors import PmError
from pmcore.readmodels.writing import SectionView
from pmcore.usecases.attachments import AttachFile, CaptionFile, DeleteFile
from pmcore.words import _, ngettext, say
from wiring import run

MEASURE = 760  #: pixels, as the section's text


@fragment
def show(section: SectionView) -> None:
    """Folded while there are none."""
    there = entries(section.content)
    if not there and not section.may_edit:
        return
    place = folded.expander(
        _heading(len(there)), icon=":material/attach_file:", expanded=bool(there),
        key=f"files-{section.postmortem_id}-{section.key}", width=MEASURE,
    )  # fmt: skip
    if place is None:
        return
    with place:
        for file in there:
            _one(section, file)
        if section.may_edit:
            _new(section)
    if section.may_edit:
        captions = [Box(form=file.id, name="caption", key=_caption(file), known=file.caption) for file in there]
        new = Box(form="new", name="caption", key=_new_caption(section), in_form=True)
        _kept(section).watch([*captions, new])


def _kept(section: SectionView) -> Kept:
    """A caption stays in the browser until it is saved."""
    return Kept(section.postmortem_id, f"files-{section.key}")


def _caption(file: Entry) -> str:
    """A new widget only where the stored caption is a new one: what is being typed stays."""
    return f"caption-{file.id}-{hashlib.sha256(file.caption.encode()).hexdigest()[:8]}"


def _new_caption(section: SectionView) -> str:
    return f"file-caption-{section.postmortem_id}-{section.key}-{_turn(section)}"


def _turn(section: SectionView) -> int:
    return int(st.session_state.get(f"attached-{section.postmortem_id}-{section.key}", 0))


def _heading(count: int) -> str:
    return ngettext("Files: {count}", "Files: {count}", count).format(count=count) if count else _("Files")


def _one(section: SectionView, file: Entry) -> None:
    with st.container(border=True, gap="small", key=f"file-{file.id}"):
        st.html(f"<style>{html.style()}</style>{html.attached(file)}")
        if not section.may_edit:
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            typed = st.text_input(
                _("Caption"), value=file.caption, key=_caption(file), max_chars=MAX_CAPTION,
                placeholder=_("What does it show?"),
            )  # fmt: skip
            if st.button("", icon=":material/delete:", help=_("Delete this file"), key=f"delete-file-{file.id}"):
                undo.offer(_("File deleted."), run(DeleteFile(file_id=file.id)))
                st.rerun()
        if typed != file.caption:
            run(CaptionFile(file_id=file.id, caption=typed))
            flash.say_and_rerun(_("Saved."))


def _new(section: SectionView) -> None:
    name, turn = f"{section.postmortem_id}-{section.key}", _turn(section)
    with st.form(f"attach-{name}", border=False, clear_on_submit=False):
        chosen = st.file_uploader(
            _("PNG, JPEG, WebP, PDF, text or CSV, up to {most} MB").format(most=MAX_FILE // MEGABYTE),
            type=sorted(ENDINGS), max_upload_size=MAX_FILE // MEGABYTE, key=f"file-{name}-{turn}",
        )  # fmt: skip
        caption = st.text_input(
            _("Caption"), key=_new_caption(section), max_chars=MAX_CAPTION,
            placeholder=_("What does it show?"), persist_state="session",
        )  # fmt: skip
        if not st.form_submit_button(_("Attach"), icon=":material/attach_file:", key=f"attach-go-{name}"):
            return
    if chosen is None:
        st.error(_("Choose a file first."))
        return
    try:
        run(
            AttachFile(
                postmortem_id=section.postmortem_id, section=section.key, name=chosen.name,
                data=chosen.getvalue(), caption=caption,
            )
        )  # fmt: skip
    except PmError as refusal:
        st.error(say(refusal))
        return
    _kept(section).done("new", caption)
    st.session_state[f"attached-{name}"] = turn + 1
    flash.say_and_rerun(_("File attached."))
