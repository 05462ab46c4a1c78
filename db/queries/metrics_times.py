"""Time to detect and to resolve: an incident a row, and the newest incidents as dots."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, Text, case, cast, func, literal, null, or_, select

from db.functions import seconds_between
from db.models import IncidentRow, ObligationRow, PostmortemRow
from db.queries.metrics_period import Shape, counted, lies_within, place_of
from pmcore.domain.metrics import Metric, Reason
from pmcore.domain.vocabulary import Disposition

DOTS = 300  #: the newest are drawn; the medians cover all


@lru_cache(maxsize=32)
def times(metric: Metric, shape: Shape) -> Select[Any]:
    """Incidents that began in the period; `value` in seconds."""
    at = IncidentRow.started_at
    seconds = _detect() if metric is Metric.TIME_TO_DETECT else _resolve()
    reason = case(*_no_incident(), (seconds.is_(None), Reason.UNKNOWN.value), else_=null())
    return (
        select(
            IncidentRow.id.label("incident_id"),
            PostmortemRow.id.label("postmortem_id"),
            cast(null(), Integer).label("item_id"),
            cast(null(), Integer).label("number"),
            at.label("at"),
            place_of(at, shape).label("place"),
            cast(reason, Text).label("reason"),
            literal(1).label("n"),
            literal(1).label("of"),
            seconds.label("value"),
            func.coalesce(ObligationRow.disposition_reason, "").label("why"),
            literal("").label("other"),
        )
        .select_from(IncidentRow)
        .outerjoin(ObligationRow, ObligationRow.incident_id == IncidentRow.id)
        .outerjoin(PostmortemRow, (PostmortemRow.incident_id == IncidentRow.id) & PostmortemRow.deleted_at.is_(None))
        .where(lies_within(at, shape), *counted(shape))
    )


@lru_cache(maxsize=32)
def dots(shape: Shape) -> Select[Any]:
    """The newest first."""
    detect, resolve = _detect(), _resolve()
    return (
        select(
            IncidentRow.id,
            IncidentRow.public_id,
            IncidentRow.highest_severity,
            IncidentRow.started_at,
            detect.label("detect"),
            resolve.label("resolve"),
        )
        .outerjoin(ObligationRow, ObligationRow.incident_id == IncidentRow.id)
        .where(
            lies_within(IncidentRow.started_at, shape),
            *counted(shape),
            or_(detect.is_not(None), resolve.is_not(None)),
            case(*_no_incident(), else_=null()).is_(None),
        )
        .order_by(IncidentRow.started_at.desc(), IncidentRow.id.desc())
        .limit(DOTS)
    )


def _detect() -> Any:
    return seconds_between(IncidentRow.started_at, IncidentRow.detected_at)


def _resolve() -> Any:
    return seconds_between(IncidentRow.detected_at, IncidentRow.resolved_at)


def _no_incident() -> list[Any]:
    kind = ObligationRow.disposition
    return [
        (IncidentRow.imported.is_(True), Reason.IMPORTED.value),
        (kind == Disposition.DUPLICATE.value, Reason.DUPLICATE.value),
        (kind == Disposition.NOT_AN_INCIDENT.value, Reason.NOT_AN_INCIDENT.value),
    ]
