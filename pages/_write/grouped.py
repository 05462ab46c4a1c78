"""Lessons Learned and Prevention: rows of text in groups, by what a lesson is and by how soon a measure comes."""

from collections.abc import Mapping
from enum import StrEnum

from pages._ui.fragments import fragment
from pages._write import fields, saving
from pmcore.domain.vocabulary import Horizon, LessonKind
from pmcore.readmodels.writing import SectionView, WritingView
from pmcore.words import _, label


@fragment
def lessons(section: SectionView, postmortem: WritingView) -> None:
    guidance = {
        LessonKind.WENT_WELL: _("What helped, so that it is kept: an alert, a runbook, a quick decision."),
        LessonKind.WENT_BADLY: _("What in the system or the process made it longer or worse."),
        LessonKind.SURPRISING: _("What nobody would have guessed before."),
    }
    _form(section, "lessons", by="kind", guidance=guidance, one=_("Lesson"), add=_("Add a lesson"))


@fragment
def prevention(section: SectionView, postmortem: WritingView) -> None:
    guidance = {
        Horizon.IMMEDIATE: _("What was changed during or right after the incident."),
        Horizon.SHORT_TERM: _("What makes this class of failure rarer within weeks."),
        Horizon.LONG_TERM: _("What needs a quarter: capacity, architecture, habits."),
    }
    _form(section, "measures", by="horizon", guidance=guidance, one=_("Measure"), add=_("Add a measure"))


def _form(section: SectionView, name: str, *, by: str, guidance: Mapping[StrEnum, str], one: str, add: str) -> None:
    draft = saving.begin(section)
    if draft is None:
        return
    for group, said in guidance.items():
        fields.row_group(
            draft, name, heading=label(group), columns={"text": one}, add=add, fixed={by: group.value}, guidance=said,
            grows=True,
        )  # fmt: skip
    fields.undo(draft)
    saving.bar(draft)
