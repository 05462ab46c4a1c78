"""What others do to a post-mortem meanwhile. One statement, asked every other second by every open page of writing."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Engine, and_, bindparam, select
from sqlalchemy.orm import Session

from db.models import IncidentRow, PostmortemRow, PresenceRow, SectionRow, UserRow
from db.queries.prepared import ME, THIS, anybody, asked_by
from db.types import UtcDateTime
from db.visibility import can_read_draft, can_see
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.presence import LIFE
from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels.around import Around, Here


def around(engine: Engine, *, actor: Actor, now: datetime, postmortem_id: int) -> Around:
    """Raises NotFound, also while the draft is not shared with the actor."""
    require(actor, Right.READ)
    with Session(engine) as session:
        rows = session.execute(
            _asked(anybody(actor)), {**asked_by(actor), "this": postmortem_id, "since": now - LIFE}
        ).all()
    if not rows:
        raise NotFound
    found = {SectionKey(row.key): row for row in rows}
    return Around(
        versions={key: found[key].version for key in SectionKey if key in found},
        stands={key: (found[key].is_empty, tuple(found[key].blank)) for key in SectionKey if key in found},
        lifecycle=(rows[0].status, rows[0].amendment),
        here=tuple(
            Here(name=row.name, key=key)
            for key in SectionKey
            for row in rows
            if row.key == key and row.name is not None
        ),
    )


@cache
def _asked(actor: Actor) -> Any:
    others = (
        select(PresenceRow.section_key, UserRow.name, UserRow.name_key)
        .join(UserRow, UserRow.id == PresenceRow.user_id)
        .where(
            PresenceRow.postmortem_id == THIS,
            PresenceRow.user_id != ME,
            PresenceRow.seen_at > bindparam("since", type_=UtcDateTime()),
        )
        .subquery()
    )
    return (
        select(
            SectionRow.key, SectionRow.version, SectionRow.is_empty, SectionRow.blank, PostmortemRow.status,
            PostmortemRow.amendment, others.c.name,
        )
        .join(PostmortemRow, PostmortemRow.id == SectionRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .outerjoin(others, and_(others.c.section_key == SectionRow.key))
        .where(
            SectionRow.postmortem_id == THIS, PostmortemRow.deleted_at.is_(None), can_see(actor), can_read_draft(actor)
        )
        .order_by(others.c.name_key)
    )  # fmt: skip
