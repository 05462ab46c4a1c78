"""The policy's versions, and a preview of a new one on the incidents of the last months."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from db.incidents import to_incident
from db.models import ClockStopRow, IncidentRow, ObligationRow, PolicyRow, UserRow
from db.obligations import to_obligation
from db.visibility import can_see
from pmcore.domain import obligation as owed
from pmcore.domain.obligation import Obligation
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.policy import Policy, from_content
from pmcore.domain.vocabulary import ClockKind, ClockState, ObligationLevel
from pmcore.readmodels.policy import PolicyChange, PolicyPreview, PolicyView

LOOKS_BACK = timedelta(days=90)
AT_MOST = 2_000  #: incidents that a preview reckons with, the newest first


def policies(engine: Engine, *, actor: Actor) -> tuple[PolicyView, ...]:
    """Every version, the newest first: the first of them is in force."""
    require(actor, Right.READ)
    asked = (
        select(PolicyRow, UserRow.name)
        .outerjoin(UserRow, UserRow.id == PolicyRow.by_id)
        .order_by(PolicyRow.number.desc())
        .limit(50)
    )
    with Session(engine) as session:
        return tuple(
            PolicyView(
                policy=from_content(row.number, row.content), valid_from=row.valid_from, by=name or "", note=row.note
            )
            for row, name in session.execute(asked)
        )


def preview(engine: Engine, *, actor: Actor, now: datetime, policy: Policy) -> PolicyPreview:
    """What the policy would have changed, had it been in force for the incidents of the last 90 days."""
    require(actor, Right.MANAGE_POLICY)
    since = now - LOOKS_BACK
    asked = (
        select(IncidentRow, ObligationRow)
        .join(ObligationRow, ObligationRow.incident_id == IncidentRow.id)
        .where(can_see(actor), IncidentRow.started_at >= since, IncidentRow.dry_run.is_(False))
        .order_by(IncidentRow.started_at.desc(), IncidentRow.id.desc())
        .limit(AT_MOST)
    )
    stopped = (
        select(ClockStopRow)
        .join(IncidentRow, IncidentRow.id == ClockStopRow.incident_id)
        .where(IncidentRow.started_at >= since)
    )
    with Session(engine) as session:
        stops: dict[int, dict[ClockKind, datetime]] = {}
        for stop in session.scalars(stopped):
            stops.setdefault(stop.incident_id, {})[ClockKind(stop.clock)] = stop.at
        found = session.execute(asked).all()
    looked_at = [
        _compared(incident, obligation, stops=stops.get(incident.id, {}), policy=policy, now=now)
        for incident, obligation in found
    ]
    required = ObligationLevel.REQUIRED
    return PolicyPreview(
        looked_at=len(looked_at),
        since=since,
        required_before=sum(row.before is required for row in looked_at),
        required_after=sum(row.after is required for row in looked_at),
        late_before=sum(row.late_before for row in looked_at),
        late_after=sum(row.late_after for row in looked_at),
        changes=tuple(row for row in looked_at if (row.before, row.late_before) != (row.after, row.late_after)),
    )


def _compared(
    row: IncidentRow,
    obligation_row: ObligationRow,
    *,
    stops: Mapping[ClockKind, datetime],
    policy: Policy,
    now: datetime,
) -> PolicyChange:
    before = to_obligation(obligation_row, stops=stops, waiver=None)
    after = owed.under(before, to_incident(row, service=""), policy=policy, now=now)
    return PolicyChange(
        incident_id=row.id,
        public_id=row.public_id,
        title=row.title,
        before=owed.level_now(before, now=now),
        after=owed.level_now(after, now=now),
        late_before=_is_late(before, now=now),
        late_after=_is_late(after, now=now),
    )


def _is_late(obligation: Obligation, *, now: datetime) -> bool:
    behind = (ClockState.LATE, ClockState.MISSED)
    return any(owed.clock_state(obligation, clock, now=now) in behind for clock in ClockKind)
