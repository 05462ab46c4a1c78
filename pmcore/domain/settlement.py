"""An obligation settled in another way than by a post-mortem of its own, or given to somebody else."""

from dataclasses import replace
from datetime import datetime

from pmcore.domain.errors import N_, PmError
from pmcore.domain.incident import Incident
from pmcore.domain.obligation import OWED_NOTHING, Obligation, is_own
from pmcore.domain.vocabulary import Disposition


class CannotSettle(PmError):
    """Covering, a duplicate or "not an incident" was refused; the sentence says why."""


class CannotHandOver(PmError):
    """The person cannot take it, or the giver cannot give it."""


def settle(
    obligation: Obligation,
    incident: Incident,
    *,
    disposition: Disposition,
    reason: str,
    by: int,
    now: datetime,
    covered_by_id: int | None = None,
    duplicate_of_id: int | None = None,
) -> Obligation:
    """Say why the incident needs no post-mortem of its own.

    Raises CannotSettle: it is settled already, no reason, nothing named that covers it, or one's own required incident
    declared no incident.
    """
    if obligation.disposition is not None:
        raise CannotSettle(N_("This is settled already. Reopen it to settle it in another way."))
    if not reason.strip():
        raise CannotSettle(N_("Say why; the reason is shown in the ledger."), field="reason")
    if disposition is Disposition.COVERED and covered_by_id is None:
        raise CannotSettle(N_("Choose the post-mortem that covers this incident."), field="covered_by")
    if disposition is Disposition.DUPLICATE and duplicate_of_id in (None, incident.id):
        raise CannotSettle(N_("Choose the other incident that this one repeats in the books."), field="duplicate_of")
    if disposition in OWED_NOTHING and is_own(obligation, incident, by) and not incident.dry_run:
        raise CannotSettle(N_("Somebody else has to settle an incident that you reported or write up in this way."))
    return replace(
        obligation,
        disposition=disposition,
        disposition_reason=reason.strip(),
        disposition_by_id=by,
        disposition_at=now,
        covered_by_id=covered_by_id if disposition is Disposition.COVERED else None,
        duplicate_of_id=duplicate_of_id if disposition is Disposition.DUPLICATE else None,
    )


def reopen(obligation: Obligation) -> Obligation:
    """It needs a post-mortem of its own after all; stopped clocks stay stopped. Raises CannotSettle."""
    if obligation.disposition is None:
        raise CannotSettle(N_("This is not settled, so there is nothing to reopen."))
    return replace(
        obligation,
        disposition=None,
        disposition_reason=None,
        disposition_by_id=None,
        disposition_at=None,
        covered_by_id=None,
        duplicate_of_id=None,
    )


def hand_over(
    obligation: Obligation, *, to: int | None, by: int, may_assign: bool, note: str, now: datetime
) -> Obligation:
    """Give the post-mortem to somebody else, or (to None) to the manager's queue.

    `may_assign`: the giver may also give away what others owe. Raises CannotHandOver.
    """
    if to == obligation.author_id:
        raise CannotHandOver(N_("This person owes it already."), field="author")
    takes_from_the_queue = obligation.author_id is None and to == by
    if not (may_assign or obligation.author_id == by or takes_from_the_queue):
        raise CannotHandOver(N_("Only its author, a tech lead or a manager can hand this over."))
    return replace(obligation, author_id=to, handed_over_by_id=by, handed_over_at=now, hand_over_note=note.strip())
