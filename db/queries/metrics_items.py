"""Action items done by their original due date: an item a row."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, case, cast, literal, null, or_, select

from db.functions import is_one_of
from db.models import ActionItemRow, IncidentRow, PostmortemRow
from db.queries.days import is_past
from db.queries.metrics_period import Shape, counted, lies_within_days, long_ago, place_of_day
from db.queries.totals import rare_postmortems
from db.types import UtcDateTime
from db.visibility import can_read_text
from pmcore.domain.action_item import OPEN
from pmcore.domain.metrics import Reason
from pmcore.domain.vocabulary import ActionPriority, ActionState


@lru_cache(maxsize=32)
def actions_done(shape: Shape) -> Select[Any]:
    """Committed items whose original due date lies in the period. A day ends in the zone of its incident."""
    due, done = ActionItemRow.original_due_on, ActionItemRow.done_on
    is_over = is_past(due, IncidentRow.zone, now=shape.quarter)
    is_open = is_one_of(ActionItemRow.state, sorted(OPEN))
    overdue = is_open & is_past(ActionItemRow.due_on, IncidentRow.zone, now=shape.quarter)
    gave_up = ActionItemRow.state == ActionState.WONT_DO.value
    return (
        select(
            IncidentRow.id.label("incident_id"),
            PostmortemRow.id.label("postmortem_id"),
            ActionItemRow.id.label("item_id"),
            ActionItemRow.number.label("number"),
            cast(null(), UtcDateTime()).label("at"),
            due.label("on"),
            place_of_day(due, shape).label("place"),
            cast(case((is_over, null()), else_=Reason.NOT_DUE.value), Text).label("reason"),
            case((done <= due, 1), else_=0).label("n"),
            literal(1).label("of"),
            cast(null(), Integer).label("value"),
            case((gave_up, ActionItemRow.wont_do_because), else_="").label("why"),
            literal("").label("other"),
            (ActionItemRow.priority == ActionPriority.HIGH.value).label("is_high"),
            overdue.label("is_overdue"),
            ActionItemRow.due_on.label("due_on"),
            (is_open & (ActionItemRow.committed_at < long_ago())).label("is_open_long"),
            (done > due).label("mark_late"),
            (ActionItemRow.due_on != due).label("mark_extended"),
            gave_up.label("mark_wont_do"),
        )
        .select_from(ActionItemRow)
        .join(PostmortemRow, PostmortemRow.id == ActionItemRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        # What `can_read_item` says of a promise.
        .where(*_promised(shape), or_(can_read_text(shape.actor), ActionItemRow.owner_id == shape.actor.user_id))
    )


def unread(shape: Shape) -> Any:
    """Of texts that have not been shared: only some people count them."""
    return (
        select(
            IncidentRow.id.label("incident_id"),
            literal(0).label("place"),
            cast(null(), Text).label("reason"),
            literal(0).label("n"),
            literal(0).label("of"),
        )
        .select_from(ActionItemRow)
        .join(PostmortemRow, PostmortemRow.id == ActionItemRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .where(*_promised(shape), PostmortemRow.id.in_(rare_postmortems()), PostmortemRow.shared_at.is_(None))
    )


def _promised(shape: Shape) -> list[ColumnElement[bool]]:
    return [
        lies_within_days(ActionItemRow.original_due_on, shape),
        ActionItemRow.state != ActionState.PROPOSED.value,
        ActionItemRow.deleted_at.is_(None),
        PostmortemRow.deleted_at.is_(None),
        *counted(shape),
    ]
