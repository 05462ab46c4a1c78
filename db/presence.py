"""Who is where, in SQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.models import PresenceRow
from db.visibility import can_read_draft, id_for
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import SectionKey


class SqlPresence:
    def __init__(self, session: Session) -> None:
        self._session = session

    def require_readable(self, postmortem_id: int, *, actor: Actor) -> None:
        found = self._session.scalar(id_for(postmortem_id, actor, can_read_draft(actor)))
        if found is None:
            raise NotFound

    def enter(
        self, postmortem_id: int, key: SectionKey, *, user_id: int, at: datetime, forget_before: datetime
    ) -> None:
        silent = select(PresenceRow.section_key, PresenceRow.user_id).where(
            PresenceRow.postmortem_id == postmortem_id,
            PresenceRow.user_id != user_id,
            PresenceRow.seen_at < forget_before,
        )
        self._session.execute(  # skipping what somebody else renews at this moment, so that nobody waits in a circle
            delete(PresenceRow).where(
                PresenceRow.postmortem_id == postmortem_id,
                tuple_(PresenceRow.section_key, PresenceRow.user_id).in_(silent.with_for_update(skip_locked=True)),
            )
        )
        engine: Any = sqlite if self._session.connection().dialect.name == "sqlite" else postgresql
        new = engine.insert(PresenceRow).values(
            postmortem_id=postmortem_id, section_key=key, user_id=user_id, seen_at=at
        )
        self._session.execute(
            new.on_conflict_do_update(
                index_elements=list(PresenceRow.__table__.primary_key), set_={"seen_at": new.excluded.seen_at}
            )
        )

    def leave(self, postmortem_id: int, key: SectionKey, *, user_id: int) -> None:
        self._session.execute(
            delete(PresenceRow).filter_by(postmortem_id=postmortem_id, section_key=key, user_id=user_id)
        )
