"""Files in SQL: row <-> dataclass, and nothing else. Bytes are written here and never read."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from db.models import AttachmentDataRow, AttachmentRow, IncidentRow, PostmortemRow
from db.visibility import can_read_draft, can_see
from pmcore.domain.attachment import Attachment, FileType
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import SectionKey


def can_read_file(actor: Actor) -> ColumnElement[bool]:
    """A condition on AttachmentRow, beside `can_see`: with an edition that shows it, else with the working copy."""
    in_edition = AttachmentRow.published_in.is_not(None)
    return or_(in_edition, and_(AttachmentRow.deleted_at.is_(None), can_read_draft(actor)))


class SqlAttachments:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, file_id: int, *, actor: Actor) -> Attachment:
        row = self._session.scalar(
            select(AttachmentRow)
            .join(PostmortemRow, PostmortemRow.id == AttachmentRow.postmortem_id)
            .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
            .where(AttachmentRow.id == file_id, PostmortemRow.deleted_at.is_(None), can_see(actor))
            .execution_options(populate_existing=True)
        )
        if row is None:
            raise NotFound
        return Attachment(
            id=row.id,
            postmortem_id=row.postmortem_id,
            section=SectionKey(row.section_key),
            name=row.name,
            type=FileType(row.type),
            size=row.size,
            sha256=row.sha256,
            by_id=row.by_id,
            at=row.at,
            published_in=row.published_in,
            deleted_at=row.deleted_at,
        )

    def room(self, postmortem_id: int) -> tuple[int, int]:
        count, total = self._session.execute(
            select(func.count(), func.coalesce(func.sum(AttachmentRow.size), 0)).where(
                AttachmentRow.postmortem_id == postmortem_id, AttachmentRow.deleted_at.is_(None)
            )
        ).one()
        return count, int(total)

    def add(self, file: Attachment, data: bytes) -> int:
        row = AttachmentRow(
            postmortem_id=file.postmortem_id,
            section_key=file.section,
            name=file.name,
            type=file.type,
            size=file.size,
            sha256=file.sha256,
            by_id=file.by_id,
            at=file.at,
            published_in=file.published_in,
            deleted_at=file.deleted_at,
        )
        self._session.add(row)
        self._session.flush()
        self._session.execute(insert(AttachmentDataRow).values(attachment_id=row.id, data=data))
        return row.id

    def settle(self, postmortem_id: int, named: Iterable[int], *, at: datetime) -> None:
        there = AttachmentRow.id.in_(sorted(named))
        of_it = update(AttachmentRow).where(AttachmentRow.postmortem_id == postmortem_id)
        for statement in (
            of_it.where(~there, AttachmentRow.deleted_at.is_(None)).values(deleted_at=at),
            of_it.where(there, AttachmentRow.deleted_at.is_not(None)).values(deleted_at=None),
        ):
            self._session.execute(statement.execution_options(synchronize_session=False))

    def publish(self, postmortem_id: int, *, number: int) -> None:
        self._session.execute(
            update(AttachmentRow)
            .where(
                AttachmentRow.postmortem_id == postmortem_id,
                AttachmentRow.deleted_at.is_(None),
                AttachmentRow.published_in.is_(None),
            )
            .values(published_in=number)
            .execution_options(synchronize_session=False)
        )

    def forget(self, postmortem_id: int, *, before: datetime) -> None:
        gone = [
            AttachmentRow.postmortem_id == postmortem_id,
            AttachmentRow.deleted_at < before,
            AttachmentRow.published_in.is_(None),
        ]
        ids = select(AttachmentRow.id).where(*gone)
        for statement in (
            delete(AttachmentDataRow).where(AttachmentDataRow.attachment_id.in_(ids)),
            delete(AttachmentRow).where(*gone),
        ):
            self._session.execute(statement.execution_options(synchronize_session=False))
