"""Commands that report an incident and change its facts. Each fact is entered here, once."""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from pmcore.domain import obligation as owed
from pmcore.domain import postmortem as pm
from pmcore.domain.content import one_line
from pmcore.domain.errors import EditConflict
from pmcore.domain.incident import (
    DuplicateId,
    Incident,
    change_kind,
    change_severity,
    check,
    next_public_id,
    tidy,
)
from pmcore.domain.obligation import Obligation
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.policy import Policy, from_content
from pmcore.domain.vocabulary import DetectionMethod, Severity
from pmcore.domain.workspace import Service, service_name_of
from pmcore.ports import Clock, OpenUnitOfWork, UnitOfWork
from pmcore.usecases import likeness
from pmcore.usecases.facts import refresh_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreFacts:
    """What is known of an incident beside title, severity, service and start. All of it may come later."""

    detected_at: datetime | None = None
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    alert_name: str = ""
    detection_method: DetectionMethod | None = None
    customers_affected: int | None = None
    failed_requests: int | None = None
    revenue_loss_usd: Decimal | None = None
    availability_percent: Decimal | None = None
    unknown_because: dict[str, str] = field(default_factory=dict)
    sla_breach: bool | None = None
    complaints: int | None = None
    near_miss: bool = False
    new_failure_mode: bool = False
    interesting: bool = False
    repeats_id: int | None = None
    pagerduty_url: str = ""
    grafana_url: str = ""
    prometheus_url: str = ""
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportIncident:
    title: str
    severity: Severity
    service: str  #: its name; an unknown one is added, because nobody looks for settings at night
    started_at: datetime
    public_id: str = ""  #: as edited; empty takes the next one, whatever was proposed
    zone: str = ""  #: empty takes the workspace's
    dry_run: bool = False
    facts: MoreFacts = MoreFacts()


def report_incident(command: ReportIncident, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> int:
    """Note an incident and what it owes. Returns its id. Raises Forbidden, Refusals, BadText, DuplicateId, NotFound,
    BadRecurrence."""
    require(actor, Right.REPORT)
    now = clock()
    with begin() as work:
        zone = command.zone or work.workspace.get().zone
        service = _service(work, command.service)
        incident = tidy(
            Incident(
                public_id=command.public_id or next_public_id(command.severity, newest=None),
                title=command.title,
                severity=command.severity,
                highest_severity=command.severity,
                service_id=service.id,
                service=service.name,
                zone=zone,
                started_at=command.started_at,
                dry_run=command.dry_run,
                reporter_id=actor.user_id,
                reported_at=now,
                **_values(command.facts),
            )
        )
        check(incident, now=now)
        earlier = _earlier(work, incident, actor=actor)
        incident_id = store(
            work, incident, policy=policy_at(work, now), now=now, may_renumber=not command.public_id.strip()
        )
        work.audit(actor_id=actor.user_id, did="report", to=f"incident/{incident_id}", at=now)
        incident = replace(incident, id=incident_id)
        if earlier is not None:
            likeness.name(work, incident, earlier, by_id=actor.user_id, now=now)
        likeness.look(work, incident, now=now)
        return incident_id


def store(work: UnitOfWork, incident: Incident, *, policy: Policy, now: datetime, may_renumber: bool) -> int:
    """Add the incident with its obligation; an id that was only proposed moves on to the next free one.

    Raises DuplicateId.
    """
    if may_renumber:
        newest = work.incidents.newest_public_id(incident.severity.value)
        incident = replace(incident, public_id=next_public_id(incident.severity, newest=newest))
    incident = replace(incident, id=_add(work, incident, may_renumber=may_renumber))
    work.obligations.add(owed.begin(incident, policy=policy, now=now))
    return incident.id


def _add(work: UnitOfWork, incident: Incident, *, may_renumber: bool) -> int:
    for _ in range(20):
        try:
            return work.incidents.add(incident)
        except DuplicateId:
            if not may_renumber:
                raise
            incident = replace(incident, public_id=next_public_id(incident.severity, newest=incident.public_id))
    return work.incidents.add(incident)


def policy_at(work: UnitOfWork, at: datetime) -> Policy:
    """The policy version in force at a moment; the usual one where none has been set."""
    found = work.workspace.policy(at=at)
    return from_content(*found) if found else Policy(number=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditIncident:
    incident_id: int
    version: int  #: what the form was filled from
    title: str
    service: str
    started_at: datetime
    zone: str
    facts: MoreFacts


def edit_incident(command: EditIncident, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Change facts; what is owed and the sections that show them follow.

    Raises Forbidden, NotFound, EditConflict, Refusals, BadText, BadRecurrence.
    """
    require(actor, Right.EDIT_INCIDENT)
    now = clock()
    with begin() as work:
        known = work.incidents.get(command.incident_id, actor=actor)
        if known.version != command.version:
            raise EditConflict
        service = _service(work, command.service)
        incident = tidy(
            replace(
                known,
                title=command.title,
                service_id=service.id,
                service=service.name,
                started_at=command.started_at,
                zone=command.zone,
                **_values(command.facts),
            )
        )
        check(incident, now=now)
        likeness.keep_order(work, known, incident)
        is_renamed = incident.repeats_id != known.repeats_id
        earlier = _earlier(work, incident, actor=actor) if is_renamed else None
        change_facts(work, incident, actor=actor, did="edit", now=now)
        if is_renamed:
            likeness.name(work, incident, earlier, by_id=actor.user_id, now=now)
        likeness.look_again(work, known, incident, now=now)


def change_facts(work: UnitOfWork, incident: Incident, *, actor: Actor, did: str, now: datetime) -> Obligation:
    """Save an incident whose facts changed, then what follows from them: the obligation, and the sections that show
    the facts while their post-mortem is open. Raises EditConflict."""
    work.incidents.save(incident)
    postmortem_id = work.postmortems.of_incident(incident.id)
    if postmortem_id is not None:
        postmortem = work.postmortems.get(postmortem_id, actor=actor)
        if pm.is_open(postmortem):
            refresh_facts(work, postmortem_id=postmortem_id, incident=incident, by_id=actor.user_id, now=now)
    obligation = work.obligations.get(incident.id)
    changed = owed.reassess(obligation, incident, policy=work.obligations.policy_of(obligation), now=now)
    if changed != obligation:
        work.obligations.save(changed)
    work.audit(actor_id=actor.user_id, did=did, to=f"incident/{incident.id}", at=now)
    return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSeverity:
    incident_id: int
    severity: Severity
    is_slip: bool = False  #: a correction: it never had the other severity
    reason: str = ""


def change_severity_of(command: ChangeSeverity, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Escalate, downgrade or (a manager) correct. Raises Forbidden, NotFound, CannotChangeSeverity, BadText."""
    require(actor, Right.EDIT_INCIDENT)
    if command.is_slip:
        require(actor, Right.CORRECT_SEVERITY)
    now = clock()
    reason = one_line(command.reason, field="reason")
    with begin() as work:
        known = work.incidents.get(command.incident_id, actor=actor)
        changed = change_severity(known, command.severity, is_slip=command.is_slip, reason=reason)
        kind = change_kind(known, command.severity, is_slip=command.is_slip)
        work.incidents.add_severity_change(
            incident_id=known.id,
            old=known.severity,
            new=command.severity,
            kind=kind,
            reason=reason,
            by_id=actor.user_id,
            at=now,
        )
        change_facts(work, changed, actor=actor, did=kind.value, now=now)


def _values(facts: MoreFacts) -> dict[str, Any]:
    return asdict(facts)


def _service(work: UnitOfWork, typed: str) -> Service:
    """The service of this name, added where there is none. Raises NotAWorkspace."""
    name = service_name_of(typed)
    known = work.workspace.find_service(name)
    if known is not None:
        return known
    return Service(id=work.workspace.add_service(Service(id=0, name=name)), name=name)


def _earlier(work: UnitOfWork, incident: Incident, *, actor: Actor) -> Incident | None:
    """The incident that this one is said to repeat. Raises NotFound, also when the actor may not see it."""
    return None if incident.repeats_id is None else work.incidents.get(incident.repeats_id, actor=actor)
