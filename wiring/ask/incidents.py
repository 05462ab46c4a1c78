"""Questions about incidents, their log and what they owe."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from db.queries import incident as query
from db.queries import ledger as ledger_query
from db.queries import policy as policy_query
from pmcore.domain import moments
from pmcore.domain.policy import Policy
from pmcore.readmodels.incident import IncidentChoice, IncidentView, LogLine
from pmcore.readmodels.ledger import LedgerFilter, LedgerPage
from pmcore.readmodels.policy import PolicyPreview, PolicyView
from wiring import acting, parts


def ledger(filter: LedgerFilter) -> LedgerPage:
    actor, now = acting.actor(), parts.clock()
    return ledger_query.ledger(parts.engine(), actor=actor, now=now, filter=filter, period=_period(filter))


def _period(filter: LedgerFilter) -> ledger_query.Period:
    """The workspace's days as moments: from the first one's beginning up to the last one's end."""
    if filter.since is None and filter.until is None:
        return None, None
    zone = ZoneInfo(acting.actor().zone)

    def midnight(day: datetime) -> datetime:
        return day.replace(tzinfo=zone).astimezone(UTC)

    return (
        midnight(datetime.combine(filter.since, time())) if filter.since else None,
        midnight(datetime.combine(filter.until + timedelta(days=1), time())) if filter.until else None,
    )


def incident(incident_id: int) -> IncidentView:
    """Raises NotFound."""
    return query.incident(parts.engine(), actor=acting.actor(), now=parts.clock(), incident_id=incident_id)


def log(incident_id: int) -> tuple[LogLine, ...]:
    """What was noted, the earliest first."""
    return query.log(parts.engine(), actor=acting.actor(), incident_id=incident_id)


def proposed_ids() -> str:
    """The next free id of each severity: "P0-004, P1-013, P2-001"."""
    return ", ".join(query.proposed_ids(parts.engine(), actor=acting.actor()))


def incident_choices() -> tuple[IncidentChoice, ...]:
    """The newest incidents, for a choice."""
    return query.choices(parts.engine(), actor=acting.actor())


def moment(text: str, *, zone: str, after: datetime | None = None, field: str = "") -> datetime:
    """What a person means by a typed time. Raises BadMoment, and AskBack with both choices."""
    return moments.parse(text, now=parts.clock(), zone=zone, after=after, field=field)


def policies() -> tuple[PolicyView, ...]:
    """Every version, the newest first."""
    return policy_query.policies(parts.engine(), actor=acting.actor())


def policy_preview(policy: Policy) -> PolicyPreview:
    return policy_query.preview(parts.engine(), actor=acting.actor(), now=parts.clock(), policy=policy)
