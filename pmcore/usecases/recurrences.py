"""Commands that decide whether an incident repeats an earlier one, and take the decision back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from pmcore.domain import recurrence as rules
from pmcore.domain.errors import EditConflict
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.recurrence import Recurrence, Writers
from pmcore.ports import Clock, OpenUnitOfWork
from pmcore.usecases.incidents import change_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRecurrence:
    incident_id: int  #: the later one
    earlier_id: int
    version: int  #: of the pair, as it was shown
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseRecurrence:
    incident_id: int
    earlier_id: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenRecurrence:
    """Undo of the two others."""

    incident_id: int
    earlier_id: int
    version: int | None = None  #: None: whatever was decided


def confirm_recurrence(command: ConfirmRecurrence, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """From now on it counts, and a P1 owes a post-mortem. Raises Forbidden, NotFound, EditConflict, BadRecurrence,
    BadText."""
    now = clock()

    def decided(pair: Recurrence, writers: Writers) -> Recurrence:
        return rules.confirm(pair, note=command.note, by_id=actor.user_id, writers=writers, now=now)

    _decide(command, decided, did="confirm_recurrence", actor=actor, begin=begin, now=now)


def refuse_recurrence(command: RefuseRecurrence, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """It is never proposed again. Raises Forbidden, NotFound, EditConflict, BadRecurrence, BadText."""
    now = clock()

    def decided(pair: Recurrence, writers: Writers) -> Recurrence:
        return rules.refuse(pair, reason=command.reason, by_id=actor.user_id, writers=writers, now=now)

    _decide(command, decided, did="refuse_recurrence", actor=actor, begin=begin, now=now)


def reopen_recurrence(command: ReopenRecurrence, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Nobody has decided it then. Raises Forbidden, NotFound, EditConflict, BadRecurrence."""
    now = clock()

    def decided(pair: Recurrence, writers: Writers) -> Recurrence:
        return rules.reopen(pair, by_id=actor.user_id, writers=writers)

    _decide(command, decided, did="reopen_recurrence", actor=actor, begin=begin, now=now)


def _decide(
    command: ConfirmRecurrence | RefuseRecurrence | ReopenRecurrence,
    decided: Callable[[Recurrence, Writers], Recurrence],
    *,
    did: str,
    actor: Actor,
    begin: OpenUnitOfWork,
    now: datetime,
) -> None:
    """Both incidents are held, the later one first; what the facts say about repeating follows."""
    require(actor, Right.JUDGE)
    with begin() as work:
        incident = work.incidents.get(command.incident_id, actor=actor)
        work.incidents.get(command.earlier_id, actor=actor)
        pair = work.recurrences.get(command.incident_id, command.earlier_id)
        if command.version is not None and pair.version != command.version:
            raise EditConflict
        changed = decided(pair, work.recurrences.writers(pair.incident_id, pair.earlier_id))
        work.recurrences.save(changed)
        target = f"incident/{pair.incident_id}/repeats/{pair.earlier_id}"
        work.audit(actor_id=actor.user_id, did=did, to=target, at=now)
        repeats_id = rules.repeats(incident.repeats_id, changed)
        if repeats_id != incident.repeats_id:
            change_facts(work, replace(incident, repeats_id=repeats_id), actor=actor, did="edit", now=now)
