"""Commands of the incident log: what is noted while it is going on, and "resolved now"."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pmcore.domain.errors import N_, NotFound, PmError
from pmcore.domain.incident import Incident, check
from pmcore.domain.log import FACT_OF_KIND, LogEntry, read_line
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import TimelineKind
from pmcore.ports import Clock, NewId, OpenUnitOfWork
from pmcore.usecases import likeness
from pmcore.usecases.incidents import change_facts
from pmcore.words import label


class NotYours(PmError):
    """Somebody else noted it."""


class AlreadyResolved(PmError):
    """There is a time of resolution already."""


class NoFact(PmError):
    """An entry of this kind gives no fact its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLogEntry:
    incident_id: int
    line: str  #: as typed: "/fix -3m raised the pool to 50"
    kind: TimelineKind = TimelineKind.OTHER  #: where the line does not say one


def add_log_entry(command: AddLogEntry, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock, new_id: NewId) -> int:
    """Note a line. Returns the entry's id. Raises Forbidden, NotFound, EmptyEntry, BadMoment, BadText."""
    require(actor, Right.EDIT_INCIDENT)
    now = clock()
    with begin() as work:
        incident = work.incidents.get(command.incident_id, actor=actor)
        noted = read_line(command.line, now=now, zone=incident.zone, since=incident.started_at, kind=command.kind)
        entry_id = work.incidents.add_entry(
            LogEntry(
                uuid=new_id(),
                incident_id=incident.id,
                at=noted.at,
                kind=noted.kind,
                text=noted.text or label(noted.kind),
                author_id=actor.user_id,
            )
        )
        work.audit(actor_id=actor.user_id, did="log", to=f"incident/{incident.id}", at=now)
        return entry_id


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEntryKind:
    entry_id: int
    kind: TimelineKind


def set_entry_kind(command: SetEntryKind, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Say of what kind a noted line is. Raises Forbidden, NotFound."""
    require(actor, Right.EDIT_INCIDENT)
    with begin() as work:
        entry = work.incidents.entry(command.entry_id)
        work.incidents.get(entry.incident_id, actor=actor)
        work.incidents.save_entry(replace(entry, kind=command.kind))
        work.audit(actor_id=actor.user_id, did="set_entry_kind", to=f"incident/{entry.incident_id}", at=clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteLogEntry:
    entry_id: int


def delete_log_entry(command: DeleteLogEntry, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Put a line away; `RestoreLogEntry` undoes it. Raises Forbidden, NotFound, NotYours."""
    _put_away(command.entry_id, at=clock(), actor=actor, begin=begin, clock=clock, did="delete_entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreLogEntry:
    entry_id: int


def restore_log_entry(command: RestoreLogEntry, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NotYours."""
    _put_away(command.entry_id, at=None, actor=actor, begin=begin, clock=clock, did="restore_entry")


def _put_away(
    entry_id: int, *, at: datetime | None, actor: Actor, begin: OpenUnitOfWork, clock: Clock, did: str
) -> None:
    require(actor, Right.EDIT_INCIDENT)
    with begin() as work:
        entry = work.incidents.entry(entry_id)
        incident = work.incidents.get(entry.incident_id, actor=actor)
        if actor.user_id not in (entry.author_id, incident.reporter_id):
            raise NotYours(N_("Only the person who noted a line, or who reported the incident, can delete it."))
        work.incidents.save_entry(replace(entry, deleted_at=at))
        work.audit(actor_id=actor.user_id, did=did, to=f"incident/{incident.id}", at=clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveNow:
    incident_id: int


def resolve_now(command: ResolveNow, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock, new_id: NewId) -> None:
    """It is over: set the time and note it in the log. Raises Forbidden, NotFound, AlreadyResolved."""
    require(actor, Right.EDIT_INCIDENT)
    now = clock().replace(microsecond=0)
    with begin() as work:
        incident = work.incidents.get(command.incident_id, actor=actor)
        if incident.resolved_at is not None:
            raise AlreadyResolved(N_("It is noted as resolved already. Edit the facts to change the time."))
        work.incidents.add_entry(
            LogEntry(
                uuid=new_id(),
                incident_id=incident.id,
                at=now,
                kind=TimelineKind.RESOLVED,
                text=label(TimelineKind.RESOLVED),
                author_id=actor.user_id,
            )
        )
        change_facts(work, replace(incident, resolved_at=now), actor=actor, did="resolve", now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class UseEntryTime:
    """A row of the log never writes a fact by itself; this is the person saying so."""

    entry_id: int


def use_entry_time(command: UseEntryTime, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Give the entry's time to the fact of its kind. Raises Forbidden, NotFound, NoFact, Refusals."""
    require(actor, Right.EDIT_INCIDENT)
    now = clock()
    with begin() as work:
        entry = work.incidents.entry(command.entry_id)
        incident = work.incidents.get(entry.incident_id, actor=actor)
        if entry.deleted_at is not None:
            raise NotFound
        if entry.kind not in FACT_OF_KIND:
            raise NoFact(N_("Only the start, an alert, an acknowledgement and the resolution set a time."))
        changed = with_time(incident, FACT_OF_KIND[entry.kind], entry.at)
        check(changed, now=now)
        likeness.keep_order(work, incident, changed)
        change_facts(work, changed, actor=actor, did="use_entry_time", now=now)
        likeness.look_again(work, incident, changed, now=now)


def with_time(incident: Incident, fact: str, at: datetime) -> Incident:
    """The incident with one of its four times set."""
    values: dict[str, Any] = {fact: at}
    return replace(incident, **values)
