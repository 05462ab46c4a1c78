"""P0 completion and time to publish: an incident a row, with what it adds to the figure."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, and_, case, cast, exists, func, literal, null, or_, select
from sqlalchemy.orm import aliased

from db.functions import seconds_between
from db.models import (
    ClockStopRow,
    IncidentRow,
    ObligationRow,
    PostmortemRow,
    PublishingTimeRow,
    WaiverRow,
)
from db.queries import clocks
from db.queries.metrics_period import Shape, counted, lies_within, place_of
from db.queries.prepared import NOW
from db.visibility import can_see
from pmcore.domain.metrics import HOURS, Reason
from pmcore.domain.vocabulary import ClockKind, Disposition, ObligationLevel, Severity

_Drafted = aliased(ClockStopRow, name="drafted")
_Published = aliased(ClockStopRow, name="published")
_Other = aliased(IncidentRow, name="other")
_OtherObligation = aliased(ObligationRow, name="other_obligation")
_Covering = aliased(PostmortemRow, name="covering")
_HOUR = 3600


@lru_cache(maxsize=32)
def p0_completion(shape: Shape) -> Select[Any]:
    """P0 whose deadline for the draft lies in the period."""
    due = ObligationRow.drafted_due_at
    reason = case(
        *_settled(shape, only=Severity.P0),
        (_Drafted.at.is_(None) & (due >= NOW), Reason.PENDING.value),
        else_=null(),
    )
    return (
        _owed(shape, at=due, reason=reason)
        .add_columns(
            case((_Drafted.at <= due, 1), else_=0).label("n"),
            literal(1).label("of"),
            cast(null(), Integer).label("value"),
            case((_Published.at <= ObligationRow.published_due_at, 1), else_=0).label("published_on_time"),
            case((_Published.at.is_not(None), 1), else_=0).label("published_ever"),
            clocks.is_waived().label("mark_waived"),
            func.coalesce(_Drafted.at > due, False).label("mark_late"),
        )
        .outerjoin(_Drafted, _stops(_Drafted, ClockKind.DRAFTED))
        .outerjoin(_Published, _stops(_Published, ClockKind.PUBLISHED))
        .where(lies_within(due, shape), _is_p0())
    )


@lru_cache(maxsize=32)
def time_to_publish(shape: Shape) -> Select[Any]:
    """Required post-mortems whose clock started in the period. What is not published runs until now."""
    since = ObligationRow.starts_at
    reason = case(
        *_settled(shape, only=None), (seconds_between(since, NOW) < HOURS * _HOUR, Reason.PENDING.value), else_=null()
    )
    took = seconds_between(since, func.coalesce(_Published.at, NOW))
    seconds = case((took < 0, 0), else_=took)
    in_time = _Published.at.is_not(None) & (seconds <= HOURS * _HOUR)
    return (
        _owed(shape, at=since, reason=reason)
        .add_columns(
            case((in_time, 1), else_=0).label("n"),
            literal(1).label("of"),
            seconds.label("value"),
            case((_Published.at.is_not(None), 1), else_=0).label("ended"),
            PublishingTimeRow.writing.label("writing"),
            PublishingTimeRow.review.label("review"),
            PublishingTimeRow.signed.label("signed"),
            PublishingTimeRow.tech_lead.label("tech_lead"),
            PublishingTimeRow.engineering_manager.label("engineering_manager"),
            PublishingTimeRow.cto.label("cto"),
            clocks.is_waived().label("mark_waived"),
            _Published.at.is_(None).label("mark_running"),
        )
        .outerjoin(_Published, _stops(_Published, ClockKind.PUBLISHED))
        .outerjoin(PublishingTimeRow, PublishingTimeRow.postmortem_id == PostmortemRow.id)
        .where(lies_within(since, shape))
    )


def _owed(shape: Shape, *, at: Any, reason: Any) -> Select[Any]:
    """What both have in common. The post-mortem is the incident's own, or the one that covers it."""
    return (
        select(
            IncidentRow.id.label("incident_id"),
            IncidentRow.public_id.label("public_id"),
            func.coalesce(ObligationRow.covered_by_id, PostmortemRow.id).label("postmortem_id"),
            cast(null(), Integer).label("item_id"),
            cast(null(), Integer).label("number"),
            at.label("at"),
            place_of(at, shape).label("place"),
            cast(reason, Text).label("reason"),
            _why().label("why"),
            _covering(shape).label("other"),
            (IncidentRow.severity != IncidentRow.highest_severity).label("mark_downgraded"),
        )
        .select_from(ObligationRow)
        .join(IncidentRow, IncidentRow.id == ObligationRow.incident_id)
        .outerjoin(PostmortemRow, (PostmortemRow.incident_id == IncidentRow.id) & PostmortemRow.deleted_at.is_(None))
        .where(ObligationRow.level == ObligationLevel.REQUIRED.value, *counted(shape))
    )


def _is_p0() -> ColumnElement[bool]:
    """In words that no index knows: that over the deadlines leads to fewer rows."""
    return func.coalesce(IncidentRow.highest_severity, "") == Severity.P0.value


def _stops(stop: Any, clock: ClockKind) -> ColumnElement[bool]:
    return and_(stop.incident_id == ObligationRow.incident_id, stop.clock == clock.value)


def _settled(shape: Shape, *, only: Severity | None) -> list[tuple[ColumnElement[bool], str]]:
    kind = ObligationRow.disposition
    return [
        (kind == Disposition.DUPLICATE.value, Reason.DUPLICATE.value),
        (kind == Disposition.NOT_AN_INCIDENT.value, Reason.NOT_AN_INCIDENT.value),
        (_counts_with_another(shape, only=only), Reason.COVERED.value),
    ]


def _counts_with_another(shape: Shape, *, only: Severity | None) -> ColumnElement[bool]:
    """A covering post-mortem counts once: for the incident that it was written for, else for the first it covers.

    Whether that one lies in the same period is no matter: it is counted in its own.
    """
    owes = [
        _OtherObligation.level == ObligationLevel.REQUIRED.value,
        _OtherObligation.starts_at.is_not(None),
        is_counted(_Other, shape),
    ]
    if only is not None:
        owes.append(_Other.highest_severity == only.value)
    written_for = (
        exists()
        .where(
            _Covering.id == ObligationRow.covered_by_id,
            _Other.id == _Covering.incident_id,
            _OtherObligation.incident_id == _Other.id,
            _OtherObligation.disposition.is_(None),
            *owes,
        )
        .correlate(ObligationRow)
    )
    earlier = (
        exists()
        .where(
            _OtherObligation.covered_by_id == ObligationRow.covered_by_id,
            _OtherObligation.incident_id < ObligationRow.incident_id,
            _Other.id == _OtherObligation.incident_id,
            *owes,
        )
        .correlate(ObligationRow)
    )
    return ObligationRow.covered_by_id.is_not(None) & or_(written_for, earlier)


def is_counted(incident: Any, shape: Shape) -> ColumnElement[bool]:
    """Whether another incident than that of the row is one that the person may see, and no dry run."""
    return (
        exists()
        .where(IncidentRow.id == incident.id, can_see(shape.actor), IncidentRow.dry_run.is_(False))
        .correlate(incident)
    )


def _why() -> ColumnElement[str]:
    """Why it is settled, or was waived."""
    waived = (
        select(WaiverRow.reason)
        .where(WaiverRow.incident_id == ObligationRow.incident_id, WaiverRow.voided_at.is_(None))
        .correlate(ObligationRow)
        .scalar_subquery()
    )
    return func.coalesce(ObligationRow.disposition_reason, case((clocks.is_waived(), waived)), "")


def _covering(shape: Shape) -> ColumnElement[str]:
    found = (
        select(_Other.public_id)
        .where(
            or_(
                _Other.id == ObligationRow.duplicate_of_id,
                _Other.id.in_(
                    select(_Covering.incident_id)
                    .where(_Covering.id == ObligationRow.covered_by_id)
                    .correlate(ObligationRow)
                ),
            ),
            is_counted(_Other, shape),
        )
        .correlate(ObligationRow)
        .scalar_subquery()
    )
    return func.coalesce(found, "")
