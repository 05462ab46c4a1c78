"""Lessons Learned: three groups of rows."""

from pages._ui.fragments import fragment
from pages._write import fields, saving
from pmcore.domain.vocabulary import LessonKind
from pmcore.readmodels.writing import SectionView, WritingView
from pmcore.words import _, label


@fragment
def form(section: SectionView, postmortem: WritingView) -> None:
    draft = saving.begin(section)
    if draft is None:
        return
    guidance = {
        LessonKind.WENT_WELL: _("What helped, so that it is kept: an alert, a runbook, a quick decision."),
        LessonKind.WENT_BADLY: _("What in the system or the process made it longer or worse."),
        LessonKind.SURPRISING: _("What nobody would have guessed before."),
    }
    for kind in LessonKind:
        fields.row_group(
            draft,
            "lessons",
            heading=label(kind),
            columns={"text": _("Lesson")},
            add=_("Add a lesson"),
            fixed={"kind": kind.value},
            guidance=guidance[kind],
        )
    fields.undo(draft)
    saving.bar(draft)
