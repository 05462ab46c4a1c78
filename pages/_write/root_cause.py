"""Root Cause Analysis: the mechanism, the whys, the cause, and what made it likelier or worse."""

from pages._ui.fragments import fragment
from pages._write import fields, saving, whys
from pmcore.readmodels.writing import SectionView, WritingView
from pmcore.words import _
from wiring import ask


@fragment
def form(section: SectionView, postmortem: WritingView) -> None:
    draft = saving.begin(section)
    if draft is None:
        return
    known = {field.key: field for field in draft.fields}
    fields.field(draft, known["what_happened"])
    whys.show(draft, ask.items(section.postmortem_id))
    fields.field(draft, known["root_cause"])
    fields.row_group(
        draft,
        "factors",
        heading=_("Contributing Factors"),
        columns={"text": _("Factor")},
        add=_("Add a factor"),
        guidance=_("What made it likelier or worse: a peak, a slow query, a missing limit."),
        grows=True,
    )
    fields.undo(draft)
    saving.bar(draft)
