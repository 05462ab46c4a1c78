"""What is said beside a section, and who is called by whom."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import Session, aliased

from db.comments import can_read_comments
from db.models import CommentRow, IncidentRow, PostmortemRow, UserRow
from db.queries.prepared import THIS, anybody, asked_by
from db.queries.remembered import remembered
from db.visibility import can_see
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels.comments import CommentView, Discussion, ThreadView


def discussion(engine: Engine, *, actor: Actor, postmortem_id: int, key: SectionKey) -> Discussion:
    """One statement. Empty where the text may not be read."""
    require(actor, Right.READ)
    with Session(engine) as session:
        return remembered(
            session,
            ("discussion", actor.user_id, actor.roles, postmortem_id, key),
            lambda: _discussion(session, actor, postmortem_id, key),
            is_short=True,
        )


def _discussion(session: Session, actor: Actor, postmortem_id: int, key: SectionKey) -> Discussion:
    values = {**asked_by(actor), "this": postmortem_id, "section": key}
    rows = session.execute(_said_beside(anybody(actor)), values).all()
    threads = sorted(_threads(rows), key=lambda thread: (thread.resolved_at is not None, thread.id))
    return Discussion(postmortem_id=postmortem_id, section=key, threads=tuple(threads))


@cache
def _said_beside(actor: Actor) -> Any:
    resolver = aliased(UserRow)
    return (
        select(CommentRow, UserRow.name.label("by"), resolver.name.label("resolved_by"))
        .join(PostmortemRow, PostmortemRow.id == CommentRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .join(UserRow, UserRow.id == CommentRow.by_id)
        .outerjoin(resolver, resolver.id == CommentRow.resolved_by_id)
        .where(
            CommentRow.postmortem_id == THIS,
            CommentRow.section_key == bindparam("section"),
            PostmortemRow.deleted_at.is_(None),
            can_see(actor),
            can_read_comments(actor),
        )
        .order_by(CommentRow.id)
    )


def _threads(rows: Iterable[Any]) -> Iterable[ThreadView]:
    kept = list(rows)
    for first in (row for row in kept if row.CommentRow.thread_id is None):
        mine = [first, *(row for row in kept if row.CommentRow.thread_id == first.CommentRow.id)]
        said = tuple(
            CommentView(
                id=row.CommentRow.id,
                by_id=row.CommentRow.by_id,
                by=row.by,
                text=row.CommentRow.text,
                at=row.CommentRow.at,
            )
            for row in mine
            if row.CommentRow.deleted_at is None
        )
        if said:
            yield ThreadView(
                id=first.CommentRow.id,
                comments=said,
                resolved_at=first.CommentRow.resolved_at,
                resolved_by=first.resolved_by or "",
            )
