"""What is said about a post-mortem beside its text: comments, mentions, advice that was answered with "no"."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.types import UtcDateTime, one_of
from pmcore.domain.vocabulary import SectionKey


class CommentRow(Base):
    """A comment on a section, or a reply within its thread."""

    __tablename__ = "comment"
    __table_args__ = (
        one_of("section_key", SectionKey),
        CheckConstraint("length(trim(text)) > 0", name="says_something"),
        CheckConstraint("(resolved_at is null) = (resolved_by_id is null)", name="resolved_by_somebody"),
        CheckConstraint("thread_id is null or resolved_at is null", name="threads_are_resolved"),
        Index(None, "postmortem_id", "section_key"),
        Index(None, "thread_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"))
    section_key: Mapped[str]
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))  #: NULL: the first of its thread
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MentionRow(Base):
    """Somebody was called in a comment; it stays in the inbox until answered or put away."""

    __tablename__ = "mention"
    __table_args__ = (Index(None, "user_id", "done_at"),)

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DismissedHintRow(Base):
    """A hint that somebody looked at and does not want to see again on this post-mortem."""

    __tablename__ = "dismissed_hint"
    __table_args__ = (
        one_of("section_key", SectionKey),
        UniqueConstraint("postmortem_id", "section_key", "rule", "excerpt"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"))
    section_key: Mapped[str]
    rule: Mapped[str]
    excerpt: Mapped[str]  #: the words, casefolded
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
