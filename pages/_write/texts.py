"""Sections that are nothing but text: the summary and the resolution."""

from pages._ui.fragments import fragment
from pages._write import fields, for_executives, saving
from pmcore.readmodels.writing import SectionView, WritingView


@fragment
def form(section: SectionView, postmortem: WritingView) -> None:
    draft = saving.begin(section)
    if draft is None:
        return
    for each in draft.fields:
        if not each.optional:
            fields.field(draft, each)
    for_executives.form(draft)
    saving.bar(draft)
