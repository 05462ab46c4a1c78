"""For those who can help: the figures that miss their target, with the way to the rows because of which they do."""

from pages._home.frame import box_of, link_of, open_
from pages._ui import badges, prose
from pmcore.readmodels.inbox import Box
from pmcore.readmodels.metrics_home import OffTarget, behind
from pmcore.words import _
from pmcore.words import metrics as words


def show(found: OffTarget | None) -> bool:
    """Only when something is off its target; says whether."""
    if found is None or not found.figures:
        return False
    with box_of("off-target", "query_stats", _("Off target"), Box.of(found.figures, len(found.figures))):
        for figure in found.figures:
            told = (words.counted(figure), words.target(figure.metric), prose.sentence(words.named(figure)))
            marks = [badges.metric(figure.verdict)]
            link_of(
                words.name(figure.metric), marks, "; ".join(filter(None, told)),
                ("metrics.py", _("Open the rows"), "table_rows"), **behind(figure.metric).params(found.filter),
            )  # fmt: skip
        open_("metrics.py", _("All figures"), "arrow_forward", **found.filter.params())
    return True
