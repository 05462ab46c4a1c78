"""Approvals of the process, and the checklists of people who join."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.types import UtcDateTime, one_of
from pmcore.domain.process import APPROVING_ROLE
from pmcore.domain.vocabulary import OnboardingStep


class ApprovalRow(Base):
    """Bound to content: in force while the hash equals that of the installed text. Withdrawn, never deleted."""

    __tablename__ = "approval"
    __table_args__ = (
        one_of("role", (APPROVING_ROLE,)),
        CheckConstraint("length(content_hash) = 64", name="content_hash"),
        CheckConstraint("length(trim(process_version)) > 0", name="process_version"),
        CheckConstraint("withdrawn_at is null or withdrawn_at >= at", name="order"),
        Index(
            None,
            "content_hash",
            unique=True,
            sqlite_where=text("withdrawn_at is null"),
            postgresql_where=text("withdrawn_at is null"),
        ),
        Index(None, "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_version: Mapped[str]  #: "1.0", as the document said
    content_hash: Mapped[str]  #: SHA-256 in hex
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OnboardingRow(Base):
    """One per person who is or was new."""

    __tablename__ = "onboarding"
    __table_args__ = (
        CheckConstraint("finished_at is null or ended_at is null", name="one_end"),
        Index(None, "started_at"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  #: NULL: began by joining
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: put away unfinished
    version: Mapped[int]


class OnboardingTickRow(Base):
    """A step that is ticked; unticking removes the row, the audit keeps both."""

    __tablename__ = "onboarding_tick"
    __table_args__ = (one_of("step", OnboardingStep),)

    user_id: Mapped[int] = mapped_column(ForeignKey("onboarding.user_id"), primary_key=True, autoincrement=False)
    step: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
