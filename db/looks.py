"""What readers saw, in SQL: row <-> dataclass, and nothing else."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.models import LookRow, PostmortemRow
from db.visibility import can_read_draft, id_for
from pmcore.domain.errors import NotFound
from pmcore.domain.looks import Look
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import SectionKey


class SqlLooks:
    def __init__(self, session: Session) -> None:
        self._session = session

    def hold(self, postmortem_id: int, *, actor: Actor) -> None:
        readable = id_for(postmortem_id, actor, can_read_draft(actor))
        held = self._session.scalar(readable.with_for_update(of=PostmortemRow))
        if held is None:
            raise NotFound

    def of(self, postmortem_id: int, *, user_id: int) -> Mapping[SectionKey, Look]:
        rows = self._session.scalars(
            select(LookRow)
            .filter_by(postmortem_id=postmortem_id, user_id=user_id)
            .execution_options(populate_existing=True)
        )
        return {SectionKey(row.section_key): to_look(row) for row in rows}

    def save(self, postmortem_id: int, *, user_id: int, looks: Iterable[Look]) -> None:
        rows = [
            {
                "postmortem_id": postmortem_id,
                "user_id": user_id,
                "section_key": look.key,
                "number": look.number,
                "before_number": look.before,
                "at": look.at,
            }
            for look in looks
        ]
        if not rows:
            return
        engine: Any = sqlite if self._session.connection().dialect.name == "sqlite" else postgresql
        new = engine.insert(LookRow).values(rows)
        said = {name: new.excluded[name] for name in ("number", "before_number", "at")}
        self._session.execute(new.on_conflict_do_update(index_elements=list(LookRow.__table__.primary_key), set_=said))


def to_look(row: LookRow) -> Look:
    return Look(key=SectionKey(row.section_key), number=row.number, before=row.before_number, at=row.at)
