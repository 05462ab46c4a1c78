"""A section's history: who changed what, word by word, and the way back."""

import streamlit as st

from pages._ui import diff, empty, flash, prose, times
from pmcore.domain.errors import PmError
from pmcore.domain.sections import BY_KEY, FACTS, FILES
from pmcore.domain.word_diff import FieldDiff, section_diff
from pmcore.readmodels.writing import RevisionLine, RevisionView, SectionView
from pmcore.usecases.writing import RestoreRevision
from pmcore.words import _, say
from pmcore.words.stored import in_words
from wiring import ask, run


def show(section: SectionView, zone: str) -> None:
    lines = ask.revisions(section.postmortem_id, section.key)
    if not lines:
        empty.box(_("Nothing has been saved here yet."), icon=":material/history:")
        return
    number = st.selectbox(
        _("Revision"),
        [line.number for line in lines],
        format_func={line.number: _called(line) for line in lines}.__getitem__,
        key=f"revision-{section.postmortem_id}-{section.key}",
        width=480,
    )
    if number is None:
        return
    revision = ask.revision(section.postmortem_id, section.key, number)
    st.caption(_("Saved {moment}").format(moment=times.moment(revision.saved_at, zone)))
    if revision.before is None:
        st.markdown(_("The first text: what the incident knew."))
    before, after = (in_words(content, zone) for content in (revision.before or {}, revision.content))
    changes = section_diff(BY_KEY[section.key], before, after)
    if not changes:
        st.markdown(_("Nothing changed in words."))
    latest = ""
    for change in changes:
        if change.field != latest:
            st.markdown(f"### {_heading(section, change)}")
        latest = change.field
        diff.show(change.pieces)
    if section.may_edit and not revision.is_newest:
        _restore(section, revision)


def _called(line: RevisionLine) -> str:
    by = line.by or _("from the incident")
    return f"{line.number} · {by} · {times.ago(line.saved_at)}"


def _heading(section: SectionView, change: FieldDiff) -> str:
    ours = {FACTS: _("From the incident"), FILES: _("Files")}
    return ours.get(change.field) or _(BY_KEY[section.key].field(change.field).heading)


def _restore(section: SectionView, revision: RevisionView) -> None:
    if not st.button(
        _("Restore this text"),
        icon=":material/restore:",
        key=f"restore-{section.key}-{revision.number}",
        help=_("As a new revision; the text of now stays in the history."),
    ):
        return
    try:
        run(
            RestoreRevision(
                postmortem_id=section.postmortem_id,
                key=section.key,
                number=revision.number,
                base_version=section.version,
            )
        )
    except PmError as refusal:
        st.error(say(refusal))
        return
    st.query_params.pop("view", None)
    flash.say_and_rerun(_("Restored. Saved by {name} before.").format(name=prose.line(section.saved_by or "–")))
