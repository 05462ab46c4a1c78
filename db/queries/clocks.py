"""The state of a clock as SQL, to filter and sort by. The domain derives the same for showing; a test holds the two
together. Conditions on ObligationRow."""

from datetime import datetime
from typing import Any

from sqlalchemy import Case, ColumnElement, ScalarSelect, Text, and_, case, func, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from db.functions import is_one_of
from db.models import ClockStopRow, ObligationRow, WaiverApprovalRow, WaiverRow
from db.queries.prepared import NOW
from pmcore.domain.obligation import OWED_NOTHING
from pmcore.domain.vocabulary import ClockKind, ClockState, ObligationLevel, Rule


def is_required(*, now: datetime) -> ColumnElement[bool]:
    """By a rule that fired, or because a P1 has been unresolved for too long by now."""
    return or_(ObligationRow.level == ObligationLevel.REQUIRED.value, func.coalesce(ObligationRow.long_at < now, False))


def level(*, now: datetime) -> Case[str]:
    return case((is_required(now=now), ObligationLevel.REQUIRED.value), else_=ObligationRow.level)


_NEXT = union_all(
    *(
        select(func.min(moment).label("moment")).where(moment >= NOW)
        for moment in (ObligationRow.drafted_due_at, ObligationRow.published_due_at, ObligationRow.long_at)
    )
)


def next_change(session: Session, *, now: datetime) -> datetime | None:
    """Until when what the clocks say now is what they will say, if nothing is committed. Three looks at an index."""
    return min((moment for moment in session.scalars(_NEXT, {"now": now}) if moment), default=None)


def stop(clock: ClockKind) -> ScalarSelect[Any]:
    """When the clock was stopped; NULL while it was not."""
    return (
        select(ClockStopRow.at)
        .where(ClockStopRow.incident_id == ObligationRow.incident_id, ClockStopRow.clock == clock.value)
        .correlate(ObligationRow)
        .scalar_subquery()
    )


def due(clock: ClockKind) -> Any:
    return ObligationRow.drafted_due_at if clock is ClockKind.DRAFTED else ObligationRow.published_due_at


def is_waived() -> ColumnElement[bool]:
    """Enough people agree with the open waiver: two for a P0, else one."""
    approvals = (
        select(func.count())
        .select_from(WaiverApprovalRow)
        .join(WaiverRow, WaiverRow.id == WaiverApprovalRow.waiver_id)
        .where(WaiverRow.incident_id == ObligationRow.incident_id, WaiverRow.voided_at.is_(None))
        .correlate(ObligationRow)
        .scalar_subquery()
    )
    is_p0 = type_coerce(ObligationRow.rules, Text).contains(f'"{Rule.P0.value}"')
    return approvals >= case((is_p0, 2), else_=1)


def state(clock: ClockKind, *, now: datetime) -> Case[str]:
    """The value of a ClockState."""
    deadline, stopped = due(clock), stop(clock)
    owes_nothing = func.coalesce(is_one_of(ObligationRow.disposition, sorted(OWED_NOTHING)), False)
    return case(
        (or_(owes_nothing, ~is_required(now=now)), ClockState.NONE.value),
        (is_waived(), ClockState.WAIVED.value),
        (stopped.is_not(None) & or_(deadline.is_(None), stopped <= deadline), ClockState.MET.value),
        (stopped.is_not(None), ClockState.LATE.value),
        (deadline.is_(None), ClockState.NOT_STARTED.value),
        (deadline >= now, ClockState.PENDING.value),
        else_=ClockState.MISSED.value,
    )


def running_due() -> Case[datetime]:
    """The deadline of the clock that runs, that of the draft before that of publishing; NULL where none does.

    Time alone changes nothing of it: what becomes required by itself is not resolved and has no deadline.
    """
    owes_nothing = func.coalesce(is_one_of(ObligationRow.disposition, sorted(OWED_NOTHING)), False)
    is_owed = and_(ObligationRow.level == ObligationLevel.REQUIRED.value, ~owes_nothing, ~is_waived())
    return case(*((and_(is_owed, due(clock).is_not(None), stop(clock).is_(None)), due(clock)) for clock in ClockKind))
