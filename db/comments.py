"""Comments, mentions and dismissed hints in SQL: row <-> dataclass, and nothing else."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, delete, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import (
    CommentRow,
    DismissedHintRow,
    IncidentRow,
    MemberRow,
    MentionRow,
    PostmortemRow,
    UserRow,
)
from db.visibility import can_read_draft, can_read_text, can_see, id_for, is_named_person
from pmcore.domain.comment import Comment, Nameable
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import SectionKey


def can_read_comments(actor: Actor) -> ColumnElement[bool]:
    """A condition on PostmortemRow, beside `can_see`: with the text they are about; of an amendment with its draft."""
    return or_(can_read_draft(actor), and_(can_read_text(actor), PostmortemRow.amendment.is_(None)))


class SqlComments:
    def __init__(self, session: Session) -> None:
        self._session = session

    def require_readable(self, postmortem_id: int, *, actor: Actor) -> None:
        found = self._session.scalar(id_for(postmortem_id, actor, can_read_comments(actor)))
        if found is None:
            raise NotFound

    def get(self, comment_id: int, *, actor: Actor) -> Comment:
        row = self._session.scalar(
            select(CommentRow)
            .join(PostmortemRow, PostmortemRow.id == CommentRow.postmortem_id)
            .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
            .where(
                CommentRow.id == comment_id,
                PostmortemRow.deleted_at.is_(None),
                can_see(actor),
                can_read_comments(actor),
            )
            .with_for_update(of=CommentRow)
            .execution_options(populate_existing=True)
        )
        if row is None:
            raise NotFound
        return Comment(
            id=row.id,
            postmortem_id=row.postmortem_id,
            section=SectionKey(row.section_key),
            thread_id=row.thread_id,
            by_id=row.by_id,
            text=row.text,
            at=row.at,
            resolved_at=row.resolved_at,
            resolved_by_id=row.resolved_by_id,
            deleted_at=row.deleted_at,
        )

    def add(self, comment: Comment) -> int:
        row = CommentRow(
            postmortem_id=comment.postmortem_id,
            section_key=comment.section,
            thread_id=comment.thread_id,
            by_id=comment.by_id,
            text=comment.text,
            at=comment.at,
            resolved_at=comment.resolved_at,
            resolved_by_id=comment.resolved_by_id,
            deleted_at=comment.deleted_at,
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def save(self, comment: Comment) -> None:
        self._session.execute(
            update(CommentRow)
            .filter_by(id=comment.id)
            .values(
                resolved_at=comment.resolved_at,
                resolved_by_id=comment.resolved_by_id,
                deleted_at=comment.deleted_at,
            )
        )

    def nameable(self, postmortem_id: int) -> tuple[Nameable, ...]:
        works = or_(
            PostmortemRow.shared_at.is_not(None),
            PostmortemRow.author_id == UserRow.id,
            exists().where(MemberRow.postmortem_id == PostmortemRow.id, MemberRow.user_id == UserRow.id),
        )
        rows = self._session.execute(
            select(UserRow.id, UserRow.username, UserRow.name)
            .select_from(PostmortemRow)
            .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
            .join(UserRow, UserRow.active.is_(True))
            .where(PostmortemRow.id == postmortem_id, is_named_person(), works)
            .order_by(UserRow.id)
        )
        return tuple(Nameable(user_id=row.id, username=row.username, name=row.name) for row in rows)

    def mention(self, comment_id: int, user_ids: Iterable[int]) -> None:
        self._session.add_all(
            MentionRow(comment_id=comment_id, user_id=user_id, done_at=None) for user_id in sorted(user_ids)
        )
        self._session.flush()

    def settle_mentions(self, *, thread_id: int, user_id: int | None, at: datetime) -> None:
        of_thread = select(CommentRow.id).where(or_(CommentRow.id == thread_id, CommentRow.thread_id == thread_id))
        whose = () if user_id is None else (MentionRow.user_id == user_id,)
        self._session.execute(
            update(MentionRow)
            .where(MentionRow.comment_id.in_(of_thread), MentionRow.done_at.is_(None), *whose)
            .values(done_at=at)
            .execution_options(synchronize_session=False)
        )

    def dismiss(
        self, *, postmortem_id: int, section: SectionKey, rule: str, excerpt: str, by_id: int, at: datetime
    ) -> None:
        try:
            with self._session.begin_nested():
                self._session.add(
                    DismissedHintRow(
                        postmortem_id=postmortem_id, section_key=section, rule=rule, excerpt=excerpt, by_id=by_id, at=at
                    )
                )
        except IntegrityError:  # somebody dismissed it already
            return

    def bring_hints_back(self, *, postmortem_id: int, section: SectionKey) -> int:
        gone = delete(DismissedHintRow).filter_by(postmortem_id=postmortem_id, section_key=section)
        return cast("CursorResult[Any]", self._session.execute(gone)).rowcount
