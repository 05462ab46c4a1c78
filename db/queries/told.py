"""What a person is told until they put it away: calls in comments, and what was handed over. One statement."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Text, and_, bindparam, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from db.models import HandOverRow, IncidentRow, PostmortemRow, UserRow
from db.queries.comments import calls
from db.queries.prepared import anybody, asked_by
from db.types import UtcDateTime
from db.visibility import can_see
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels.inbox import Box, HandedOverRow, MentionRow

_CALLED, _GIVEN, _TAKEN = "called", "given", "taken"


def told(session: Session, *, actor: Actor, shown: int) -> tuple[Box[MentionRow], Box[HandedOverRow]]:
    """The oldest first. A hand-over is told to those who may still see the incident."""
    rows = session.execute(_told(anybody(actor)), {**asked_by(actor), "shown": shown}).all()
    called = [row for row in rows if row.what == _CALLED]
    handed = [row for row in rows if row.what != _CALLED]
    return _mentions(called), _handed(handed)


def _mentions(rows: list[Any]) -> Box[MentionRow]:
    found = (
        MentionRow(
            thread_id=row.id, postmortem_id=row.postmortem_id, section=SectionKey(row.section_key),
            public_id=row.public_id, title=row.title, by=row.by, text=row.text, at=_utc(row.at),
        )
        for row in rows
    )  # fmt: skip
    return Box.of(found, _total(rows))


def _handed(rows: list[Any]) -> Box[HandedOverRow]:
    found = (
        HandedOverRow(
            id=row.id, incident_id=row.incident_id, postmortem_id=row.postmortem_id, public_id=row.public_id,
            title=row.title, is_mine_now=row.what == _TAKEN, other=row.other or "", by=row.by, note=row.text,
            at=_utc(row.at),
        )
        for row in rows
    )  # fmt: skip
    return Box.of(found, _total(rows))


def _total(rows: Iterable[Any]) -> int:
    return next((row.total for row in rows), 0)


def _utc(at: datetime) -> datetime:
    """A union forgets the column's own type on some engines."""
    return at if at.tzinfo else UtcDateTime().process_result_value(at, None) or at  # type: ignore[arg-type]


@cache
def _told(actor: Actor) -> Any:
    called = calls(actor).subquery()
    handed = _hand_overs(actor).subquery()
    both = union_all(
        select(literal(_CALLED).label("what"), called),
        select(handed),
    ).subquery()
    return select(both).order_by(both.c.at, both.c.id)


def _hand_overs(actor: Actor) -> Any:
    me = actor.user_id
    giver, before, after = aliased(UserRow), aliased(UserRow), aliased(UserRow)
    is_taken = and_(HandOverRow.to_id == me, HandOverRow.to_done_at.is_(None))
    is_given = and_(HandOverRow.from_id == me, HandOverRow.from_done_at.is_(None))
    return (
        select(
            case((is_taken, _TAKEN), else_=_GIVEN).label("what"),
            HandOverRow.id,
            PostmortemRow.id.label("postmortem_id"),
            cast(null(), Text).label("section_key"),
            HandOverRow.note.label("text"),
            HandOverRow.at,
            IncidentRow.id.label("incident_id"),
            IncidentRow.public_id,
            IncidentRow.title,
            giver.name.label("by"),
            case((is_taken, before.name), else_=after.name).label("other"),
            func.count().over().label("total"),
        )
        .join(IncidentRow, IncidentRow.id == HandOverRow.incident_id)
        .join(giver, giver.id == HandOverRow.by_id)
        .outerjoin(before, before.id == HandOverRow.from_id)
        .outerjoin(after, after.id == HandOverRow.to_id)
        .outerjoin(
            PostmortemRow,
            and_(PostmortemRow.incident_id == IncidentRow.id, PostmortemRow.deleted_at.is_(None)),
        )
        .where(or_(is_taken, is_given), can_see(actor))
        .order_by(HandOverRow.id)
        .limit(bindparam("shown"))
    )
