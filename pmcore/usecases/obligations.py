"""Commands that change what is owed, and by whom."""

from dataclasses import dataclass

from pmcore.domain import obligation as owed
from pmcore.domain import postmortem as pm
from pmcore.domain import settlement
from pmcore.domain.content import one_line
from pmcore.domain.errors import N_
from pmcore.domain.incident import Incident
from pmcore.domain.obligation import OWED_NOTHING
from pmcore.domain.permissions import RIGHTS, Actor, Right, require
from pmcore.domain.settlement import CannotHandOver, CannotSettle
from pmcore.domain.vocabulary import ClockKind, Disposition
from pmcore.ports import Clock, OpenUnitOfWork, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveObligation:
    incident_id: int
    reason: str = ""  #: the second person of a P0 only agrees


def waive_obligation(command: WaiveObligation, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> bool:
    """Excuse an incident from its post-mortem. Returns whether it is excused now; a P0 needs a second person.

    Raises Forbidden, NotFound, CannotWaive, BadText, EditConflict.
    """
    require(actor, Right.WAIVE)
    now = clock()
    with begin() as work:
        incident = work.incidents.get(command.incident_id, actor=actor)
        obligation = work.obligations.get(incident.id)
        changed = owed.waive(obligation, incident, by=actor.user_id, reason=one_line(command.reason), now=now)
        work.obligations.save(changed)
        work.audit(actor_id=actor.user_id, did="waive", to=f"incident/{incident.id}", at=now)
        return owed.is_waived(changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawWaiver:
    incident_id: int


def withdraw_waiver(command: WithdrawWaiver, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """The post-mortem is owed again. Raises Forbidden, NotFound, CannotWaive, EditConflict."""
    require(actor, Right.WAIVE)
    now = clock()
    with begin() as work:
        incident = work.incidents.get(command.incident_id, actor=actor)
        work.obligations.save(owed.withdraw_waiver(work.obligations.get(incident.id), now=now))
        work.audit(actor_id=actor.user_id, did="withdraw_waiver", to=f"incident/{incident.id}", at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleIncident:
    incident_id: int
    disposition: Disposition
    reason: str
    covered_by_id: int | None = None  #: a post-mortem
    duplicate_of_id: int | None = None  #: an incident


def settle_incident(command: SettleIncident, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Say why an incident needs no post-mortem of its own; one that is covered meets its clocks with the other's.

    Raises Forbidden, NotFound, CannotSettle, BadText, EditConflict.
    """
    require(actor, Right.SETTLE)
    now = clock()
    with begin() as work:
        incident = work.incidents.get(command.incident_id, actor=actor)
        if work.postmortems.of_incident(incident.id) is not None and command.disposition is Disposition.COVERED:
            raise CannotSettle(N_("It has a post-mortem of its own, which another one cannot cover."))
        other = _other(work, command, actor=actor)
        covering = None
        if command.disposition is Disposition.COVERED and command.covered_by_id is not None:
            covering = work.postmortems.get(command.covered_by_id, actor=actor)
        obligation = work.obligations.get(incident.id)
        changed = settlement.settle(
            obligation,
            incident,
            disposition=command.disposition,
            reason=one_line(command.reason, field="reason"),
            by=actor.user_id,
            now=now,
            covered_by_id=command.covered_by_id,
            duplicate_of_id=command.duplicate_of_id,
        )
        if other is not None and work.obligations.get(other.id).disposition in OWED_NOTHING:
            raise CannotSettle(
                N_("{public_id} is settled itself. Choose the incident that stands for both."),
                field="duplicate_of",
                public_id=other.public_id,
            )
        work.obligations.save(changed)
        if covering is not None:
            _share_stops(work, incident, covering, by_id=actor.user_id)
        work.audit(actor_id=actor.user_id, did=command.disposition.value, to=f"incident/{incident.id}", at=now)


def _other(work: UnitOfWork, command: SettleIncident, *, actor: Actor) -> Incident | None:
    """The incident that this one is a duplicate of. Raises NotFound."""
    if command.disposition is not Disposition.DUPLICATE or command.duplicate_of_id in (None, command.incident_id):
        return None
    return work.incidents.get(command.duplicate_of_id or 0, actor=actor)


def _share_stops(work: UnitOfWork, incident: Incident, covering: pm.Postmortem, *, by_id: int) -> None:
    """What the covering post-mortem has reached already, the covered incident has reached with it."""
    for clock, at in (
        (ClockKind.DRAFTED, covering.shared_at),
        (ClockKind.PUBLISHED, covering.first_published_at),
    ):
        if at is not None:
            work.obligations.stop(incident_id=incident.id, clock=clock, at=at, by_id=by_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenIncident:
    incident_id: int


def reopen_incident(command: ReopenIncident, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """It needs a post-mortem of its own after all. Raises Forbidden, NotFound, CannotSettle, BadText, EditConflict."""
    require(actor, Right.SETTLE)
    with begin() as work:
        incident = work.incidents.get(command.incident_id, actor=actor)
        work.obligations.save(settlement.reopen(work.obligations.get(incident.id)))
        work.audit(actor_id=actor.user_id, did="reopen", to=f"incident/{incident.id}", at=clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    incident_id: int
    to_id: int | None  #: None: the manager's queue
    note: str = ""


def hand_over(command: HandOver, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Somebody else owes it from now on, and writes the post-mortem where there is one; who wrote so far stays a
    co-author. A signature that the new author gave counts no more. Both find it in their inboxes.

    Raises Forbidden, NotFound, CannotHandOver, BadText, EditConflict.
    """
    require(actor, Right.HAND_OVER)
    now = clock()
    with begin() as work:
        incident = work.incidents.get(command.incident_id, actor=actor)
        postmortem_id = work.postmortems.of_incident(incident.id)
        postmortem = work.postmortems.get(postmortem_id, actor=actor) if postmortem_id is not None else None
        if command.to_id is None and postmortem is not None:
            raise CannotHandOver(N_("Its post-mortem is being written. Choose the person who goes on."), field="author")
        if command.to_id is not None:
            _require_writer(work, command.to_id)
        obligation = work.obligations.get(incident.id)
        changed = settlement.hand_over(
            obligation,
            to=command.to_id,
            by=actor.user_id,
            may_assign=actor.may(Right.SETTLE),
            note=one_line(command.note, field="note"),
            now=now,
        )
        if postmortem is not None and command.to_id is not None and postmortem.author_id != command.to_id:
            work.postmortems.save(pm.hand_over(postmortem, to=command.to_id))
        work.obligations.save(changed)
        work.obligations.note_hand_over(
            incident_id=incident.id,
            from_id=obligation.author_id,
            to_id=command.to_id,
            by_id=actor.user_id,
            note=changed.hand_over_note,
            at=now,
        )
        work.audit(actor_id=actor.user_id, did=f"hand_over {command.to_id}", to=f"incident/{incident.id}", at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class PutHandOverAway:
    hand_over_id: int


def put_hand_over_away(command: PutHandOverAway, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """The actor has seen it; out of the own inbox. Raises Forbidden, NotFound."""
    require(actor, Right.READ)
    now = clock()
    with begin() as work:
        work.obligations.put_hand_over_away(command.hand_over_id, user_id=actor.user_id, at=now)
        work.audit(actor_id=actor.user_id, did="put_hand_over_away", to=f"hand_over/{command.hand_over_id}", at=now)


def _require_writer(work: UnitOfWork, user_id: int) -> None:
    """Raises NotFound, CannotHandOver."""
    person = work.people.get(user_id)
    if not person.active or not any(Right.WRITE in RIGHTS[role] for role in person.roles):
        raise CannotHandOver(N_("Choose somebody active who may write post-mortems."), field="author")
