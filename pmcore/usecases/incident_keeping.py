"""Commands that put an incident away, bring it back, and name who may see a restricted one."""

from dataclasses import dataclass, replace

from pmcore.domain import obligation as owed
from pmcore.domain.errors import N_, PmError
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import ObligationLevel
from pmcore.ports import Clock, OpenUnitOfWork


class CannotDelete(PmError):
    """The incident stays; the sentence says what else is possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteIncident:
    incident_id: int


def delete_incident(command: DeleteIncident, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Put it away; `RestoreIncident` undoes it. Raises Forbidden, NotFound, CannotDelete.

    Deleting is no way around a waiver: what is required goes only by somebody who may waive it, and never one's own.
    """
    require(actor, Right.EDIT_INCIDENT)
    now = clock()
    with begin() as work:
        incident = work.incidents.get(command.incident_id, actor=actor)
        if work.postmortems.of_incident(incident.id) is not None:
            raise CannotDelete(N_("It has a post-mortem. Settle it as not an incident or a duplicate instead."))
        obligation = work.obligations.get(incident.id)
        if not incident.dry_run and owed.level_now(obligation, now=now) is ObligationLevel.REQUIRED:
            require(actor, Right.WAIVE)
            if owed.is_own(obligation, incident, actor.user_id):
                raise CannotDelete(N_("Somebody else has to delete an incident of yours that owes a post-mortem."))
        work.incidents.save(replace(incident, deleted_at=now))
        work.audit(actor_id=actor.user_id, did="delete", to=f"incident/{incident.id}", at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreIncident:
    incident_id: int


def restore_incident(command: RestoreIncident, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Undo a deletion. Raises Forbidden, NotFound."""
    require(actor, Right.EDIT_INCIDENT)
    with begin() as work:
        incident = work.incidents.get_deleted(command.incident_id, actor=actor)
        work.incidents.save(replace(incident, deleted_at=None))
        work.audit(actor_id=actor.user_id, did="restore", to=f"incident/{incident.id}", at=clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class NameViewer:
    incident_id: int
    user_id: int


def name_viewer(command: NameViewer, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Let somebody see a restricted incident. Raises Forbidden, NotFound."""
    require(actor, Right.EDIT_INCIDENT)
    with begin() as work:
        incident = work.incidents.get(command.incident_id, actor=actor)
        work.people.get(command.user_id)
        work.incidents.add_viewer(incident_id=incident.id, user_id=command.user_id)
        work.audit(
            actor_id=actor.user_id, did=f"name_viewer {command.user_id}", to=f"incident/{incident.id}", at=clock()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveViewer:
    incident_id: int
    user_id: int


def remove_viewer(command: RemoveViewer, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound."""
    require(actor, Right.EDIT_INCIDENT)
    with begin() as work:
        incident = work.incidents.get(command.incident_id, actor=actor)
        work.incidents.remove_viewer(incident_id=incident.id, user_id=command.user_id)
        work.audit(
            actor_id=actor.user_id, did=f"remove_viewer {command.user_id}", to=f"incident/{incident.id}", at=clock()
        )
