"""Open action items of one person's inbox. One statement."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from db.models import ActionItemRow, IncidentRow, PostmortemRow, UserRow
from db.queries.prepared import anybody, asked_by
from db.queries.remembered import remembered
from db.visibility import can_read_item, can_see
from pmcore.domain.action_item import OPEN, marks
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
    mine = case((ActionItemRow.owner_id == actor.user_id, 1), else_=0)
    listed = (
        select(
            ActionItemRow.id,
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
            mine.label("is_mine"),
            func.count().over(partition_by=mine).label("total"),
            func.row_number()
            .over(partition_by=mine, order_by=(ActionItemRow.due_on.asc().nulls_last(), ActionItemRow.id))
            .label("place"),
        )
        .join(PostmortemRow, PostmortemRow.id == ActionItemRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .outerjoin(UserRow, UserRow.id == ActionItemRow.owner_id)
        .where(
            ActionItemRow.deleted_at.is_(None),
            PostmortemRow.deleted_at.is_(None),
            ActionItemRow.state.in_(OPEN),
            or_(
                ActionItemRow.owner_id == actor.user_id,
                and_(PostmortemRow.author_id == actor.user_id, PostmortemRow.edition_number > 0),
            ),
            can_see(actor),
            can_read_item(actor),
        )
        .subquery()
    )
    return select(listed).where(listed.c.place <= shown).order_by(listed.c.place)


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
