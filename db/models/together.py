"""Working together: what each reader saw last, who is where now, who handed what to whom."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.types import UtcDateTime, one_of
from pmcore.domain.vocabulary import SectionKey


class LookRow(Base):
    """Which revision of a section a person was shown last, and at the visit before."""

    __tablename__ = "look"
    __table_args__ = (
        one_of("section_key", SectionKey),
        CheckConstraint("before_number >= 0 and before_number < number", name="goes_forward"),
    )

    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    section_key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]  #: of the revision
    before_number: Mapped[int]  #: 0: never seen before
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PresenceRow(Base):
    """Who has a section open to write in it. Short-lived: forgotten when nothing is heard for a while."""

    __tablename__ = "presence"
    __table_args__ = (one_of("section_key", SectionKey),)

    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"), primary_key=True)
    section_key: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HandOverRow(Base):
    """A post-mortem went from one person to another; both are told until they have seen it."""

    __tablename__ = "hand_over"
    __table_args__ = (
        CheckConstraint("from_id is not null or to_id is not null", name="concerns_somebody"),
        Index(None, "from_id", "from_done_at"),
        Index(None, "to_id", "to_done_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    from_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  #: NULL: it was nobody's
    to_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  #: NULL: the manager's queue
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    note: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    from_done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    to_done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
