"""Rows of the ledger: what is read of an incident that owes something, and what the page shows of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Row,
    ScalarSelect,
    Select,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from db.models import (
    IncidentRow,
    MemberRow,
    ObligationRow,
    PolicyRow,
    PostmortemRow,
    ReturnRow,
    ServiceRow,
    UserRow,
    WaiverApprovalRow,
    WaiverRow,
)
from db.obligations import to_obligation, to_waiver
from db.queries import clocks
from db.visibility import can_see
from pmcore.domain import obligation as owed
from pmcore.domain.choices import choices
from pmcore.domain.obligation import Obligation, Waiver
from pmcore.domain.permissions import Actor
from pmcore.domain.policy import from_content
from pmcore.domain.vocabulary import (
    Amendment,
    ClockKind,
    Disposition,
    MemberRole,
    PostmortemStatus,
    Severity,
)
from pmcore.readmodels.ledger import ClockView, LedgerRow

_Author = aliased(UserRow, name="author")
_WAIVERS = (
    select(WaiverRow, WaiverApprovalRow)
    .join(WaiverApprovalRow, WaiverApprovalRow.waiver_id == WaiverRow.id)
    .where(WaiverRow.incident_id.in_(bindparam("ids", expanding=True)), WaiverRow.voided_at.is_(None))
    .order_by(WaiverApprovalRow.at, WaiverApprovalRow.user_id)
)


def rows_of(actor: Actor) -> Select[Any]:
    """The columns that `to_rows` reads, an incident a row; the caller adds conditions and order."""
    co_author = (
        select(MemberRow.user_id)
        .where(
            MemberRow.postmortem_id == PostmortemRow.id,
            MemberRow.user_id == actor.user_id,
            MemberRow.role == MemberRole.CO_AUTHOR.value,
        )
        .exists()
    )
    return (
        select(
            IncidentRow,
            ObligationRow,
            ServiceRow.name.label("service"),
            _Author.name.label("author"),
            PolicyRow.content.label("policy"),
            PostmortemRow.id.label("postmortem_id"),
            PostmortemRow.status,
            PostmortemRow.amendment,
            or_(PostmortemRow.author_id == actor.user_id, co_author).label("writes_it"),
            clocks.stop(ClockKind.DRAFTED).label("drafted_at"),
            clocks.stop(ClockKind.PUBLISHED).label("published_at"),
            _returned().label("returned"),
        )
        .join(ObligationRow, ObligationRow.incident_id == IncidentRow.id)
        .join(ServiceRow, ServiceRow.id == IncidentRow.service_id)
        .join(PolicyRow, PolicyRow.number == ObligationRow.policy_number)
        .outerjoin(_Author, _Author.id == ObligationRow.author_id)
        .outerjoin(PostmortemRow, (PostmortemRow.incident_id == IncidentRow.id) & PostmortemRow.deleted_at.is_(None))
    )


def _returned() -> ScalarSelect[int]:
    return (
        select(func.count(ReturnRow.id))
        .where(ReturnRow.postmortem_id == PostmortemRow.id)
        .correlate(PostmortemRow)
        .scalar_subquery()
    )


def to_rows(session: Session, found: Sequence[Row[Any]], *, actor: Actor, now: datetime) -> tuple[LedgerRow, ...]:
    """Rows of `rows_of` as the page shows them."""
    waivers = _waivers(session, [row.IncidentRow.id for row in found])
    settlers = _settlers(session, [row.ObligationRow for row in found], actor=actor)
    return tuple(
        _to_row(row, waiver=waivers.get(row.IncidentRow.id), settlers=settlers, actor=actor, now=now) for row in found
    )


def _waivers(session: Session, incident_ids: Sequence[int]) -> dict[int, Waiver]:
    """The open waivers with those who agreed."""
    if not incident_ids:
        return {}
    found = session.execute(_WAIVERS, {"ids": incident_ids}).all()
    agreed: dict[int, tuple[WaiverRow, list[WaiverApprovalRow]]] = {}
    for waiver, approval in found:
        agreed.setdefault(waiver.incident_id, (waiver, []))[1].append(approval)
    return {incident_id: to_waiver(row, tuple(approvals)) for incident_id, (row, approvals) in agreed.items()}


def _settlers(
    session: Session, obligations: Sequence[ObligationRow], *, actor: Actor
) -> dict[tuple[Disposition, int], str]:
    """Public ids of what covers or stands for the incidents, as far as the actor may see them."""
    postmortem_ids = [row.covered_by_id for row in obligations if row.covered_by_id is not None]
    incident_ids = [row.duplicate_of_id for row in obligations if row.duplicate_of_id is not None]
    if not postmortem_ids and not incident_ids:
        return {}
    found = session.execute(
        select(IncidentRow.id, IncidentRow.public_id, PostmortemRow.id.label("postmortem_id"))
        .outerjoin(PostmortemRow, PostmortemRow.incident_id == IncidentRow.id)
        .where(can_see(actor), or_(IncidentRow.id.in_(incident_ids), PostmortemRow.id.in_(postmortem_ids)))
    ).all()
    covering = {(Disposition.COVERED, row.postmortem_id): row.public_id for row in found if row.postmortem_id}
    return covering | {(Disposition.DUPLICATE, row.id): row.public_id for row in found}


def _to_row(
    row: Row[Any],
    *,
    waiver: Waiver | None,
    settlers: dict[tuple[Disposition, int], str],
    actor: Actor,
    now: datetime,
) -> LedgerRow:
    incident: IncidentRow = row.IncidentRow
    stops = {ClockKind.DRAFTED: row.drafted_at, ClockKind.PUBLISHED: row.published_at}
    stops = {clock: at for clock, at in stops.items() if at is not None}
    obligation = to_obligation(row.ObligationRow, stops=stops, waiver=waiver)
    level = owed.level_now(obligation, now=now)
    status = PostmortemStatus(row.status) if row.status else None
    ongoing = incident.resolved_at is None and not incident.imported
    is_own = actor.user_id in (incident.reporter_id, obligation.author_id)
    return LedgerRow(
        incident_id=incident.id,
        public_id=incident.public_id,
        title=incident.title,
        severity=Severity(incident.severity),
        highest_severity=Severity(incident.highest_severity),
        service=row.service,
        zone=incident.zone,
        started_at=incident.started_at,
        resolved_at=incident.resolved_at,
        ongoing=ongoing,
        unresolved_too_long=ongoing and now - incident.started_at > owed.UNRESOLVED_FLAG,
        level=level,
        rules=owed.rules_now(obligation, now=now),
        p1_minutes=from_content(obligation.policy_number, row.policy).p1_minutes,
        drafted=_clock(obligation, ClockKind.DRAFTED, now=now),
        published=_clock(obligation, ClockKind.PUBLISHED, now=now),
        moved=owed.was_moved(obligation),
        returned=row.returned,
        author_id=obligation.author_id,
        author=row.author or "",
        reporter_id=incident.reporter_id,
        postmortem_id=row.postmortem_id,
        status=status,
        amendment=Amendment(row.amendment) if row.amendment else None,
        disposition=obligation.disposition,
        disposition_reason=obligation.disposition_reason or "",
        settled_by=_settled_by(obligation, settlers),
        waiver_reason=waiver.reason if waiver else "",
        approvals=len(waiver.approvers) if waiver else 0,
        approvals_needed=owed.approvals_needed(obligation),
        is_waived=owed.is_waived(obligation),
        hand_over_note=obligation.hand_over_note,
        restricted=incident.restricted,
        dry_run=incident.dry_run,
        choices=choices(
            actor=actor,
            level=level,
            disposition=obligation.disposition,
            is_own=is_own,
            owes_it=obligation.author_id in (None, actor.user_id),
            approvers=waiver.approvers if waiver else (),
            is_waived=owed.is_waived(obligation),
            dry_run=incident.dry_run,
            status=status,
            writes_it=bool(row.writes_it),
        ),
    )


def _settled_by(obligation: Obligation, settlers: dict[tuple[Disposition, int], str]) -> str:
    match obligation.disposition:
        case Disposition.COVERED:
            return settlers.get((Disposition.COVERED, obligation.covered_by_id or 0), "")
        case Disposition.DUPLICATE:
            return settlers.get((Disposition.DUPLICATE, obligation.duplicate_of_id or 0), "")
        case _:
            return ""


def _clock(obligation: Obligation, kind: ClockKind, *, now: datetime) -> ClockView:
    return ClockView(
        kind=kind,
        state=owed.clock_state(obligation, kind, now=now),
        due_at=owed.due_at(obligation, kind),
        stopped_at=obligation.stops.get(kind),
    )
