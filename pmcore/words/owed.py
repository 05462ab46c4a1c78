"""What is owed and why, in words."""

from collections.abc import Sequence
from datetime import datetime

from pmcore.domain.vocabulary import ClockState, Rule
from pmcore.words import times
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


def clock(state: ClockState, *, due_at: datetime | None, now: datetime) -> str:
    """ "31 h left", "2 h over", "Met"; "" where nothing is owed."""
    if state is ClockState.NONE:
        return ""
    if due_at is not None and state in (ClockState.PENDING, ClockState.MISSED):
        return times.time_left(due_at, now)
    return label(state)
