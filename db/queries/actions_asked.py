"""How action items are asked for: which the actor may read, which the filter means, in which order."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from db.models import ActionItemRow, IncidentRow, PostmortemRow, UserRow
from db.queries.days import is_past
from db.queries.totals import IS_OPEN, are_promises
from db.visibility import can_read_item, can_see
from pmcore.domain.action_item import OPEN
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import ActionPriority, ActionState
from pmcore.readmodels.actions import OPEN_STATES, ActionFilter, Due, Sort

OWNER = aliased(UserRow)


def items(actor: Actor) -> "Select[*tuple[Any, ...]]":
    """Every item that the actor may read, with its incident and its owner."""
    return (
        select(
            ActionItemRow,
            IncidentRow.public_id,
            IncidentRow.zone,
            IncidentRow.dry_run,
            OWNER.name.label("owner"),
            OWNER.active.label("owner_active"),
        )
        .join(PostmortemRow, PostmortemRow.id == ActionItemRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .outerjoin(OWNER, OWNER.id == ActionItemRow.owner_id)
        .where(ActionItemRow.deleted_at.is_(None), _is_seen(actor))
    )


def _is_seen(actor: Actor) -> ColumnElement[bool]:
    return and_(PostmortemRow.deleted_at.is_(None), can_see(actor), can_read_item(actor))


def is_shown(actor: Actor, filter: ActionFilter) -> ColumnElement[bool]:
    """What must hold of an item beside what the filter asks of it."""
    return _is_seen(actor) if filter.dry_runs else and_(_is_seen(actor), IncidentRow.dry_run.is_(False))


def conditions(filter: ActionFilter, now: datetime) -> list[ColumnElement[bool]]:
    """What the filter asks of `items`."""
    found: list[ColumnElement[bool]] = []
    if not filter.dry_runs:
        found.append(IncidentRow.dry_run.is_(False))
    found.extend(of_itself(filter))
    if words := filter.text.casefold().split():
        searched = (ActionItemRow.search_key, func.lower(IncidentRow.public_id))
        found.extend(or_(*(column.contains(word, autoescape=True) for column in searched)) for word in words)
    if filter.due is Due.ANY:
        return found
    found.append(ActionItemRow.state.in_(OPEN))
    overdue = is_past(ActionItemRow.due_on, IncidentRow.zone, now=now)
    if filter.due is Due.OVERDUE:
        found.append(overdue)
    else:
        over_in_a_week = is_past(ActionItemRow.due_on, IncidentRow.zone, now=now + timedelta(days=8))
        found.extend((~overdue, over_in_a_week))
    return found


def of_itself(filter: ActionFilter) -> list[ColumnElement[bool]]:
    """What the filter asks of the columns that stand in the item."""
    found: list[ColumnElement[bool]] = []
    if filter.states:
        found.append(IS_OPEN if filter.states == OPEN_STATES else ActionItemRow.state.in_(filter.states))
    if filter.owner_id is not None:
        found.append(ActionItemRow.owner_id == filter.owner_id)
    return found


_STATE_PLACE = case({state.value: place for place, state in enumerate(ActionState)}, value=ActionItemRow.state)
_PRIORITY_PLACE = case(
    {priority.value: place for place, priority in enumerate(ActionPriority)}, value=ActionItemRow.priority
)
_SORTED_BY: dict[Sort, tuple[Any, ...]] = {
    Sort.DUE: (ActionItemRow.due_on,),
    Sort.UPDATED: (ActionItemRow.updated_at,),
    Sort.STATE: (_STATE_PLACE, ActionItemRow.due_on),
    Sort.OWNER: (OWNER.name_key, ActionItemRow.due_on),
    Sort.PRIORITY: (_PRIORITY_PLACE, ActionItemRow.due_on),
    Sort.REFERENCE: (IncidentRow.public_id, ActionItemRow.number),
}


def order(filter: ActionFilter) -> list[Any]:
    """Unknown values last, whatever the direction; never two rows in the same place."""
    by = [column.desc() if filter.descending else column.asc() for column in _SORTED_BY[filter.sort]]
    if are_promises(filter.states):  # which have an owner and a day
        return [*by, ActionItemRow.id.desc() if filter.descending else ActionItemRow.id]
    return [*(column.nulls_last() for column in by), ActionItemRow.id]
