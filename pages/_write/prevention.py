"""Prevention: what is done already, what comes soon, what takes longer."""

from pages._ui.fragments import fragment
from pages._write import fields, saving
from pmcore.domain.vocabulary import Horizon
from pmcore.readmodels.writing import SectionView, WritingView
from pmcore.words import _, label


@fragment
def form(section: SectionView, postmortem: WritingView) -> None:
    draft = saving.begin(section)
    if draft is None:
        return
    guidance = {
        Horizon.IMMEDIATE: _("What was changed during or right after the incident."),
        Horizon.SHORT_TERM: _("What makes this class of failure rarer within weeks."),
        Horizon.LONG_TERM: _("What needs a quarter: capacity, architecture, habits."),
    }
    for horizon in Horizon:
        fields.row_group(
            draft,
            "measures",
            heading=label(horizon),
            columns={"text": _("Measure")},
            add=_("Add a measure"),
            fixed={"horizon": horizon.value},
            guidance=guidance[horizon],
        )
    fields.undo(draft)
    saving.bar(draft)
