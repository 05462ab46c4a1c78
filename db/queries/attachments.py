"""One file for somebody who may read it."""

from typing import Any, TypeVar

from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from db.attachments import can_read_file
from db.models import AttachmentDataRow, AttachmentRow, IncidentRow, PostmortemRow
from db.visibility import can_see
from pmcore.domain.attachment import FileType
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Actor, Right, require
from pmcore.readmodels.attachments import FileView

_Asked = TypeVar("_Asked", bound=Select[*tuple[Any, ...]])


def file(engine: Engine, *, actor: Actor, file_id: int) -> FileView:
    """One statement. Raises NotFound, also for a file of a text that is not theirs to read."""
    require(actor, Right.READ)
    with Session(engine) as session:
        row = session.execute(
            _readable(
                select(
                    AttachmentRow.id, AttachmentRow.name, AttachmentRow.type, AttachmentRow.size, AttachmentRow.sha256
                ),
                actor,
                file_id,
            )
        ).one_or_none()
    if row is None:
        raise NotFound
    return FileView(id=row.id, name=row.name, type=FileType(row.type), size=row.size, sha256=row.sha256)


def file_data(engine: Engine, *, actor: Actor, file_id: int) -> bytes:
    """One statement. Raises NotFound."""
    require(actor, Right.READ)
    with Session(engine) as session:
        data: bytes | None = session.scalar(
            _readable(
                select(AttachmentDataRow.data).join(AttachmentRow, AttachmentRow.id == AttachmentDataRow.attachment_id),
                actor,
                file_id,
            )
        )
    if data is None:
        raise NotFound
    return data


def _readable(asked: _Asked, actor: Actor, file_id: int) -> _Asked:
    return (
        asked.join(PostmortemRow, PostmortemRow.id == AttachmentRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .where(
            AttachmentRow.id == file_id, PostmortemRow.deleted_at.is_(None), can_see(actor), can_read_file(actor)
        )
    )  # fmt: skip
