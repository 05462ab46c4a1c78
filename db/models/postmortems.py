"""Post-mortems: sections and their revisions, members, signatures, editions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Computed, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.models.people import UserRow, key_of
from db.types import Json, UtcDateTime, one_of
from pmcore.domain.vocabulary import (
    Amendment,
    MemberRole,
    PostmortemStatus,
    SectionKey,
    SignRole,
)

#: Post-mortems of which some list leaves something out for somebody.
UNREAD = "shared_at is null or deleted_at is not null"


_STATUS_PLACES = " ".join(f"when '{status}' then {place}" for place, status in enumerate(PostmortemStatus))


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
        ForeignKeyConstraint(["author_id", "author_key"], ["user.id", "user.name_key"], onupdate="CASCADE"),
        Index(None, "author_place", "incident_id"),
        Index(None, "status_place", "incident_id"),
        Index(None, "share_done", "items_total", "incident_id"),
        Index(None, "items_total", "incident_id"),
        Index(None, "first_published_at", "incident_id"),
        Index(
            "ix_postmortem_amendment", "amendment",
            sqlite_where=text("amendment is not null"), postgresql_where=text("amendment is not null"),
        ),
        Index(
            "ix_postmortem_unfinished", "author_id",
            sqlite_where=text("items_done < items_total"), postgresql_where=text("items_done < items_total"),
        ),
        Index("ix_postmortem_not_for_all", "id", sqlite_where=text(UNREAD), postgresql_where=text(UNREAD)),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), unique=True)
    author_id: Mapped[int]
    #: The author's, and follows it by itself
    author_key: Mapped[str] = mapped_column(default=key_of(UserRow, "author_id"), deferred=True)
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
    # What the tracker sorts by; the database keeps it.
    author_place: Mapped[str] = mapped_column(
        Computed("coalesce(imported_author_key, author_key)", persisted=True), deferred=True
    )
    status_place: Mapped[int] = mapped_column(
        Computed(f"case status {_STATUS_PLACES} end", persisted=True), deferred=True
    )
    share_done: Mapped[float | None] = mapped_column(
        Computed("case when items_total > 0 then items_done * 1.0 / items_total end", persisted=True), deferred=True
    )  #: of the action items, 0 to 1


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
