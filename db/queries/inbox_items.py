"""Open action items of one person's inbox. One statement."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, literal, literal_column, select, union_all
from sqlalchemy.orm import Session

from db.models import ActionItemRow, IncidentRow, PostmortemRow, UserRow
from db.queries.prepared import anybody, asked_by
from db.queries.remembered import remembered
from db.queries.totals import IS_OPEN
from db.visibility import can_read_item, can_see
from pmcore.domain.action_item import marks
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import ActionState
from pmcore.readmodels.inbox import Box, ItemRow


def open_items(session: Session, *, actor: Actor, now: datetime, shown: int) -> tuple[Box[ItemRow], Box[ItemRow]]:
    """Mine, and those of others in post-mortems of mine; the most urgent first."""
    rows = remembered(
        session,
        ("inbox-items", actor.user_id, actor.roles, shown),
        lambda: session.execute(_items(anybody(actor), shown), asked_by(actor)).all(),
    )
    return _box(rows, now, is_mine=True), _box(rows, now, is_mine=False)


@cache
def _items(actor: Actor, shown: int) -> Any:
    me = actor.user_id
    mine = _open(actor, ActionItemRow.owner_id == me)
    # Whoever finished all has no part in the index `ix_postmortem_unfinished`, which needs the very words.
    theirs = _open(
        actor,
        PostmortemRow.author_id == me,
        literal_column("postmortem.items_done < postmortem.items_total"),
        PostmortemRow.edition_number > 0,
        ActionItemRow.owner_id != me,
    )
    return union_all(_first(mine, shown, is_mine=1), _first(theirs, shown, is_mine=0))


def _open(actor: Actor, *conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(ActionItemRow.id)
        .join(PostmortemRow, PostmortemRow.id == ActionItemRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .where(IS_OPEN, PostmortemRow.deleted_at.is_(None), *conditions, can_see(actor), can_read_item(actor))
    )


def _first(found: Select[Any], shown: int, *, is_mine: int) -> Select[Any]:
    """The first few in their order, with how many there are."""
    total = select(func.count()).select_from(found.subquery()).scalar_subquery()
    rows = (
        found.add_columns(
            ActionItemRow.postmortem_id,
            ActionItemRow.number,
            ActionItemRow.title,
            ActionItemRow.state,
            ActionItemRow.due_on,
            ActionItemRow.updated_at,
            ActionItemRow.committed_at,
            IncidentRow.public_id,
            IncidentRow.zone,
            UserRow.name.label("owner"),
            literal(is_mine).label("is_mine"),
            total.label("total"),
        )
        .outerjoin(UserRow, UserRow.id == ActionItemRow.owner_id)
        .order_by(ActionItemRow.due_on, ActionItemRow.id)
        .limit(shown)
        .subquery()
    )
    return select(rows)


def _box(rows: Iterable[Any], now: datetime, *, is_mine: bool) -> Box[ItemRow]:
    kept = [row for row in rows if bool(row.is_mine) is is_mine]
    return Box.of(
        (
            ItemRow(
                item_id=row.id,
                postmortem_id=row.postmortem_id,
                public_id=row.public_id,
                number=row.number,
                title=row.title,
                state=ActionState(row.state),
                due_on=row.due_on,
                owner=row.owner or "",
                marks=tuple(
                    marks(
                        state=ActionState(row.state),
                        due_on=row.due_on,
                        updated_at=row.updated_at,
                        committed_at=row.committed_at,
                        now=now,
                        today=now.astimezone(ZoneInfo(row.zone)).date(),
                    )
                ),
            )
            for row in kept
        ),
        kept[0].total if kept else 0,
    )
