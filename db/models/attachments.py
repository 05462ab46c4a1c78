"""Files beside the sections. Their bytes stand in a table of their own, which nothing reads but the route that serves
one file, the export and the dump."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.types import UtcDateTime, one_of
from pmcore.domain.attachment import MAX_FILE, FileType
from pmcore.domain.vocabulary import SectionKey


class AttachmentRow(Base):
    """What a file is. Its caption stands in the section that names it."""

    __tablename__ = "attachment"
    __table_args__ = (
        one_of("section_key", SectionKey),
        one_of("type", FileType),
        CheckConstraint(f"size between 1 and {MAX_FILE}", name="size"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("length(trim(name)) > 0", name="has_a_name"),
        Index(None, "postmortem_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"))
    section_key: Mapped[str]
    name: Mapped[str]
    type: Mapped[str]
    size: Mapped[int]  #: bytes
    sha256: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_in: Mapped[int | None]  #: the first edition that shows it
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: out of the working copy


class AttachmentDataRow(Base):
    """A file's bytes."""

    __tablename__ = "attachment_data"
    __table_args__ = (CheckConstraint(f"length(data) between 1 and {MAX_FILE}", name="size"),)

    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
