"""What is owed and why, in words."""

from collections.abc import Sequence

from pmcore.domain.vocabulary import Rule
from pmcore.words.catalogue import _
from pmcore.words.labels import label


def rules(fired: Sequence[Rule], *, p1_minutes: int) -> str:
    """ "every P0; the SLA was breached"; a dash when no rule fired."""
    return "; ".join(label(rule).format(minutes=p1_minutes) for rule in fired) or "–"


def sentence(fired: Sequence[Rule], *, p1_minutes: int, required: bool) -> str:
    """Why a post-mortem is owed, as one sentence."""
    if not fired:
        return _("No rule asks for a post-mortem of this incident.")
    why = rules(fired, p1_minutes=p1_minutes)
    if required:
        return _("A post-mortem is required: {why}.").format(why=why)
    return _("A post-mortem is recommended: {why}.").format(why=why)
