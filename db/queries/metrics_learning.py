"""Recurrence and new detection: a published post-mortem a row."""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from db.functions import seconds_between
from db.models import ActionItemRow, IncidentRow, ObligationRow, PostmortemRow, RecurrenceRow, VerdictRow
from db.queries.metrics_drafts import is_counted
from db.queries.metrics_period import (
    Shape,
    counted,
    incidents,
    lies_within,
    place_of,
    settled_until,
    window_seconds,
    young_since,
)
from pmcore.domain.metrics import Reason
from pmcore.domain.rail_vocabulary import Verdict
from pmcore.domain.vocabulary import ActionKind, ActionState, Disposition, RecurrenceState

_Later = aliased(IncidentRow, name="later")
_Earlier = aliased(IncidentRow, name="earlier")
_EarlierObligation = aliased(ObligationRow, name="earlier_obligation")
_Own = aliased(PostmortemRow, name="own")
_Covering = aliased(PostmortemRow, name="covering")
_CoveredObligation = aliased(ObligationRow, name="covered_obligation")


@lru_cache(maxsize=32)
def recurrence(shape: Shape) -> Select[Any]:
    """Post-mortems first published in the period, with what repeated their incidents within the window."""
    again = _repetitions(shape)
    return (
        _published(shape, young=PostmortemRow.first_published_at > young_since())
        .add_columns(
            func.coalesce(again.c.confirmed, 0).label("n"),
            literal(1).label("of"),
            cast(null(), Integer).label("value"),
            func.coalesce(again.c.other, "").label("other"),
            func.coalesce(again.c.undecided, 0).label("undecided"),
            func.coalesce(again.c.refused, 0).label("refused"),
            func.coalesce(again.c.still_open, 0).label("mark_action_still_open"),
            *(
                case((VerdictRow.verdict == one.value, 1), else_=0).label(f"mark_verdict_{one.value}")
                for one in Verdict
            ),
        )
        .outerjoin(again, again.c.postmortem_id == PostmortemRow.id)
        .outerjoin(VerdictRow, VerdictRow.postmortem_id == PostmortemRow.id)
    )


@lru_cache(maxsize=32)
def new_detection(shape: Shape) -> Select[Any]:
    """Post-mortems first published in the period, with their verified items of detection."""
    items = (
        select(func.count())
        .where(
            ActionItemRow.postmortem_id == PostmortemRow.id,
            # Words and not values, so that SQLite sees which index is meant.
            ActionItemRow.kind == literal_column(f"'{ActionKind.DETECTION.value}'"),
            ActionItemRow.state == literal_column(f"'{ActionState.VERIFIED.value}'"),
            ActionItemRow.deleted_at.is_(None),
        )
        .correlate(PostmortemRow)
        .scalar_subquery()
    )
    return _published(shape, young=PostmortemRow.first_published_at > settled_until()).add_columns(
        items.label("n"), literal(1).label("of"), items.label("value"), literal("").label("other")
    )


def _published(shape: Shape, *, young: ColumnElement[bool]) -> "Select[*tuple[Any, ...]]":
    at = PostmortemRow.first_published_at
    reason = case(
        (PostmortemRow.imported.is_not(None), Reason.IMPORTED.value), (young, Reason.YOUNG.value), else_=null()
    )
    return (
        select(
            IncidentRow.id.label("incident_id"),
            IncidentRow.public_id.label("public_id"),
            PostmortemRow.id.label("postmortem_id"),
            cast(null(), Integer).label("item_id"),
            cast(null(), Integer).label("number"),
            at.label("at"),
            place_of(at, shape).label("place"),
            cast(reason, Text).label("reason"),
            literal("").label("why"),
        )
        .select_from(PostmortemRow)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .where(lies_within(at, shape), PostmortemRow.deleted_at.is_(None), *counted(shape))
    )


def _repetitions(shape: Shape) -> Any:
    """By post-mortem: pairs whose later incident began within the window after the earlier one was resolved.

    Pairs are few. A pair whose earlier incident is covered by another post-mortem belongs to that one.
    """
    state = RecurrenceRow.state
    confirmed = state == RecurrenceState.CONFIRMED.value
    covered = _EarlierObligation.disposition == Disposition.COVERED.value
    document = case(
        (and_(covered, _EarlierObligation.covered_by_id.is_not(None)), _EarlierObligation.covered_by_id), else_=_Own.id
    )
    return (
        select(
            cast(document, Integer).label("postmortem_id"),  # else SQLite makes no index of it
            func.max(case((confirmed, 1), else_=0)).label("confirmed"),
            func.sum(case((state == RecurrenceState.PROPOSED.value, 1), else_=0)).label("undecided"),
            func.sum(case((state == RecurrenceState.REFUSED.value, 1), else_=0)).label("refused"),
            func.max(case((confirmed & _action_was_open(document), 1), else_=0)).label("still_open"),
            func.min(case((confirmed, _Later.public_id))).label("other"),
        )
        .select_from(RecurrenceRow)
        .join(_Later, _Later.id == RecurrenceRow.incident_id)
        .join(_Earlier, _Earlier.id == RecurrenceRow.earlier_id)
        .outerjoin(_EarlierObligation, _EarlierObligation.incident_id == _Earlier.id)
        .outerjoin(_Own, (_Own.incident_id == _Earlier.id) & _Own.deleted_at.is_(None))
        .where(
            _Earlier.resolved_at.is_not(None),
            seconds_between(_Earlier.resolved_at, _Later.started_at) <= window_seconds(),
            is_counted(_Earlier, shape),
            is_counted(_Later, shape),
            *_of_incidents(shape),
        )
        .group_by(cast(document, Integer))
        .subquery("again")
    )


def _of_incidents(shape: Shape) -> list[ColumnElement[bool]]:
    """Where only some incidents are asked about: of the pairs those that their documents are about."""
    if not shape.of_incidents:
        return []
    covered = (
        select(_CoveredObligation.incident_id)
        .join(_Covering, _Covering.id == _CoveredObligation.covered_by_id)
        .where(_Covering.incident_id.in_(incidents()))
    )
    return [or_(RecurrenceRow.earlier_id.in_(incidents()), RecurrenceRow.earlier_id.in_(covered))]


def _action_was_open(document: Any) -> ColumnElement[bool]:
    """Whether one of its promises was open when the later incident began."""
    return (
        exists()
        .where(
            ActionItemRow.postmortem_id == document,
            ActionItemRow.deleted_at.is_(None),
            ActionItemRow.state != ActionState.PROPOSED.value,
            ActionItemRow.committed_at <= _Later.started_at,
            or_(ActionItemRow.done_at.is_(None), ActionItemRow.done_at > _Later.started_at),
            # Nothing notes when it was given up but the last word about it.
            or_(ActionItemRow.state != ActionState.WONT_DO.value, ActionItemRow.updated_at > _Later.started_at),
        )
        .correlate(_Later, _EarlierObligation, _Own)
    )
