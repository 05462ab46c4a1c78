"""Action items and what happened to them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.types import UtcDateTime, one_of
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState

#: What waits for its owner. Said by the other states: SQLite would look each of these up in an index of states instead.
IS_OPEN = "state not in ('proposed', 'done', 'verified', 'wont_do') and deleted_at is null"


class ActionItemRow(Base):
    __tablename__ = "action_item"
    __table_args__ = (
        one_of("kind", ActionKind),
        one_of("priority", ActionPriority),
        one_of("state", ActionState),
        UniqueConstraint("postmortem_id", "number"),
        CheckConstraint(
            "state = 'proposed' or (owner_id is not null and due_on is not null and length(trim(criterion)) > 0)",
            name="committed_is_complete",
        ),
        CheckConstraint("state <> 'blocked' or length(trim(blocked_because)) > 0", name="blocked_has_a_reason"),
        CheckConstraint("state not in ('done', 'verified') or length(trim(evidence)) > 0", name="done_has_evidence"),
        CheckConstraint("state <> 'verified' or verified_by_id <> owner_id", name="verified_by_another"),
        CheckConstraint(
            "state <> 'wont_do' or (length(trim(wont_do_because)) > 0 and approved_by_id is not null)",
            name="wont_do_is_approved",
        ),
        Index(None, "owner_id", "state", "due_on"),
        Index(None, "state", "due_on"),
        Index(  # with what its condition reads, so that SQLite counts by it alone
            "ix_action_item_open", "due_on", "id", "state", "deleted_at",
            sqlite_where=text(IS_OPEN), postgresql_where=text(IS_OPEN),
        ),
        Index(
            "ix_action_item_open_owner", "owner_id", "due_on", "id",
            sqlite_where=text(IS_OPEN), postgresql_where=text(IS_OPEN),
        ),
        CheckConstraint("(done_on is null) = (done_at is null)", name="done_on_a_day"),
        Index(None, "due_on"),
        Index(None, "original_due_on"),
        Index(
            "ix_action_item_new_detection", "postmortem_id",
            sqlite_where=text("kind = 'detection' and state = 'verified'"),
            postgresql_where=text("kind = 'detection' and state = 'verified'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"))
    number: Mapped[int]  #: 3 of "AI-3"
    title: Mapped[str]
    kind: Mapped[str]
    priority: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    agreed_owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  #: the owner that signatures cover
    due_on: Mapped[date | None]  #: the end of that day in the incident's zone
    original_due_on: Mapped[date | None]  #: what signatures and metrics count; extending never changes it
    criterion: Mapped[str]
    ticket_url: Mapped[str]
    state: Mapped[str]
    blocked_because: Mapped[str]
    evidence: Mapped[str]
    wont_do_because: Mapped[str]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    committed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)  #: last word from a person about its progress
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_on: Mapped[date | None]  #: that day in the incident's zone; metrics compare it with the original due date
    search_key: Mapped[str]  #: casefolded title and criterion
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int]


class ActionEventRow(Base):
    """What happened to an item after it was committed. Append-only."""

    __tablename__ = "action_event"
    __table_args__ = (
        CheckConstraint("kind in ('state', 'extension', 'reassignment', 'note')", name="kind"),
        Index(None, "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("action_item.id"))
    kind: Mapped[str]
    old: Mapped[str]
    new: Mapped[str]
    note: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
