"""Post-mortems: sections and their revisions, members, signatures, editions, action items."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.types import Json, UtcDateTime, one_of
from pmcore.domain.vocabulary import (
    ActionKind,
    ActionPriority,
    ActionState,
    Amendment,
    MemberRole,
    PostmortemStatus,
    SectionKey,
    SignRole,
)


class PostmortemRow(Base):
    __tablename__ = "postmortem"
    __table_args__ = (
        one_of("status", PostmortemStatus),
        one_of("amendment", Amendment),
        CheckConstraint(
            "(status in ('published', 'closed')) = (first_published_at is not null)", name="published_has_a_date"
        ),
        CheckConstraint("amendment is null or status = 'published'", name="amends_published"),
        CheckConstraint("items_done <= items_total", name="items"),
        Index(None, "status"),
        Index(None, "author_id"),
        Index(None, "first_published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    status: Mapped[str]
    amendment: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: first time others could read it
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: last time
    first_published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: edition 1, or the import
    edition_number: Mapped[int]  #: 0 before the first
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    items_total: Mapped[int]  #: committed and later; kept by the action items' repository in the same transaction
    items_done: Mapped[int]  #: done and verified
    imported: Mapped[dict | None] = mapped_column(Json)  # type: ignore[type-arg]  #: {"impact", "author", "document_url", ...} as the old tracker had them
    imported_author_key: Mapped[str | None]  #: casefolded name, when the old tracker's author is nobody known here
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int]


class MemberRow(Base):
    """Who works on a post-mortem beside its author."""

    __tablename__ = "member"
    __table_args__ = (one_of("role", MemberRole), Index(None, "user_id"))

    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class SectionRow(Base):
    """The working copy of a section; its hash is that of its newest revision."""

    __tablename__ = "section"
    __table_args__ = (one_of("key", SectionKey),)

    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict] = mapped_column(Json)  # type: ignore[type-arg]
    content_hash: Mapped[str]
    is_empty: Mapped[bool]
    blank: Mapped[list] = mapped_column(Json, default=list)  # type: ignore[type-arg]  #: fields with nothing in them
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  #: NULL: filled from the incident
    version: Mapped[int]


class SectionVersionRow(Base):
    """What a browser may still show: the base of a merge. Forgotten when no tab can be that old."""

    __tablename__ = "section_version"

    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict] = mapped_column(Json)  # type: ignore[type-arg]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RevisionRow(Base):
    """One editing stretch of one person. Only the newest of a section may still grow, for five minutes, and only until
    somebody has signed or read it."""

    __tablename__ = "revision"
    __table_args__ = (one_of("section_key", SectionKey), UniqueConstraint("postmortem_id", "section_key", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"))
    section_key: Mapped[str]
    number: Mapped[int]  #: 1, 2, ... within the section
    section_version: Mapped[int]  #: the section's version after its last save
    content: Mapped[dict] = mapped_column(Json)  # type: ignore[type-arg]
    content_hash: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_sealed: Mapped[bool]  #: somebody signed or read it as it stands, so it stays for ever


class SignatureRow(Base):
    """Bound to content: valid while the hashes equal those of the sections. Withdrawn, never deleted."""

    __tablename__ = "signature"
    __table_args__ = (one_of("role", SignRole), Index(None, "postmortem_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"))
    role: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    hashes: Mapped[dict] = mapped_column(Json)  # type: ignore[type-arg]  #: {"timeline": "ab12...", ...}
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReturnRow(Base):
    """A reviewer sent it back."""

    __tablename__ = "review_return"
    __table_args__ = (
        one_of("role", SignRole),
        CheckConstraint("length(trim(reasons)) > 0", name="reasons"),
        Index(None, "postmortem_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"))
    role: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reasons: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: when it was submitted again


class EditionRow(Base):
    """What readers see, frozen. Append-only."""

    __tablename__ = "edition"

    postmortem_id: Mapped[int] = mapped_column(ForeignKey("postmortem.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict] = mapped_column(Json)  # type: ignore[type-arg]  #: {"header": ..., "sections": {...}, "signatures": [...]}
    note: Mapped[str]  #: what this edition changed; empty for the first
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


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
