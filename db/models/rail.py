"""What happens between day 0 and day 30 beside the text: the meeting, the verdict, escalations, feedback, time."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.types import UtcDateTime, one_of
from pmcore.domain.rail_vocabulary import Opinion, TimeKind, Verdict


class MeetingRow(Base):
    """At most one of a post-mortem; moving it changes the row and its sequence, never its uid."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("minutes between 15 and 60", name="minutes"),
        CheckConstraint("length(trim(uid)) > 0", name="uid_is_said"),
        CheckConstraint("held_at is null or began_at is not null", name="held_after_it_began"),
        CheckConstraint("held_at >= began_at", name="ends_after_it_began"),
        CheckConstraint("sequence >= 0", name="sequence"),
        Index(None, "held_at", "starts_at"),
        Index(None, "starts_at"),
    )

    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"), primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minutes: Mapped[int]
    place: Mapped[str]
    presenter_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    facilitator_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    scheduled_at: Mapped[datetime] = mapped_column(UtcDateTime)  #: when a date was first set
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sequence: Mapped[int]
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notes: Mapped[str]
    notes_version: Mapped[int]
    version: Mapped[int]


class AttendeeRow(Base):
    __tablename__ = "attendee"
    __table_args__ = (Index(None, "user_id"),)

    postmortem_id: Mapped[int] = mapped_column(ForeignKey("meeting.postmortem_id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    required: Mapped[bool]
    attended: Mapped[bool]


class VerdictRow(Base):
    """Of day 30."""

    __tablename__ = "verdict"
    __table_args__ = (
        one_of("verdict", Verdict),
        CheckConstraint("length(trim(reason)) > 0", name="has_a_reason"),
        CheckConstraint("by_id <> author_id", name="by_another"),
    )

    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"), primary_key=True)
    verdict: Mapped[str]
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))  #: the author then
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PublishingTimeRow(Base):
    """Where the time until the first edition went, in seconds; counted once, when it is published. See
    `pmcore.domain.waiting`."""

    __tablename__ = "publishing_time"
    __table_args__ = (
        CheckConstraint("writing >= 0 and review >= 0 and signed >= 0", name="spent"),
        CheckConstraint("tech_lead >= 0 and engineering_manager >= 0 and cto >= 0", name="waited"),
    )

    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"), primary_key=True)
    writing: Mapped[int]
    review: Mapped[int]  #: at least one signature was missing
    signed: Mapped[int]  #: every signature was there, and nobody had published
    tech_lead: Mapped[int]  #: within `review`; the roles overlap
    engineering_manager: Mapped[int]
    cto: Mapped[int]


class EscalationRow(Base):
    """A blocked item before the Engineering Manager; one at a time."""

    __tablename__ = "escalation"
    __table_args__ = (
        CheckConstraint("length(trim(reason)) > 0", name="has_a_reason"),
        CheckConstraint("answer is null or length(trim(answer)) > 0", name="answer_says_something"),
        CheckConstraint(
            "(answer is null) = (answered_at is null) and (answer is null) = (answered_by_id is null)",
            name="answered_by_somebody",
        ),
        Index(
            "uq_escalation_open", "item_id", unique=True,
            sqlite_where=text("answered_at is null"), postgresql_where=text("answered_at is null"),
        ),
        Index(None, "answered_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("action_item.id"))
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FeedbackRow(Base):
    """Somebody is asked about a dry run."""

    __tablename__ = "feedback"
    __table_args__ = (
        one_of("easy", Opinion),
        one_of("clear", Opinion),
        CheckConstraint(
            "(answered_at is null) = (easy is null) and (answered_at is null) = (clear is null)",
            name="answered_whole",
        ),
        CheckConstraint("user_id <> asked_by_id", name="of_another"),
        Index(None, "user_id", "answered_at"),
        Index(None, "asked_by_id", "answered_at"),
    )

    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    easy: Mapped[str | None]
    clear: Mapped[str | None]
    missing: Mapped[str]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TimeSpentRow(Base):
    """Minutes that somebody noted; shown as a sum."""

    __tablename__ = "time_spent"
    __table_args__ = (
        one_of("kind", TimeKind),
        CheckConstraint("minutes between 1 and 1440", name="minutes"),
        Index(None, "postmortem_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"))
    kind: Mapped[str]
    minutes: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
