"""Sections that are nothing but text: the summary and the resolution."""

from pages._ui.fragments import fragment
from pages._write import fields, saving
from pmcore.readmodels.writing import SectionView, WritingView


@fragment
def form(section: SectionView, postmortem: WritingView) -> None:
    draft = saving.begin(section)
    if draft is None:
        return
    for each in draft.fields:
        fields.field(draft, each)
    saving.bar(draft)
