"""What the page of writing is made from: the whole without its text, one open section, its history."""

from dataclasses import dataclass
from datetime import datetime

from pmcore.domain.progress import Missing, NextStep
from pmcore.domain.sections import Content
from pmcore.domain.vocabulary import (
    Amendment,
    MemberRole,
    PostmortemStatus,
    SectionKey,
    SectionState,
    Severity,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    user_id: int
    name: str
    role: MemberRole
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionEntry:
    """One line of the section list."""

    key: SectionKey
    state: SectionState
    is_folded: bool  #: optional at this severity: out of the way until somebody wants it
    version: int
    content_hash: str
    saved_at: datetime
    saved_by: str  #: name; empty: filled from the incident
    open_threads: int  #: comments that nobody has resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class WritingView:
    """A post-mortem in work, without its long text."""

    postmortem_id: int
    incident_id: int
    public_id: str  #: "P0-012"
    title: str
    severity: Severity  #: of today
    highest_severity: Severity  #: decides what is needed
    zone: str  #: the incident's
    started_at: datetime
    dry_run: bool
    restricted: bool
    status: PostmortemStatus
    amendment: Amendment | None
    author_id: int
    author: str
    members: tuple[MemberView, ...]
    shared_at: datetime | None
    submitted_at: datetime | None
    first_published_at: datetime | None
    edition_number: int
    changed_at: datetime
    items_total: int
    drafted_due_at: datetime | None
    drafted_at: datetime | None  #: when that clock stopped
    published_due_at: datetime | None
    is_author: bool  #: the person who asks is author or co-author
    may_edit: bool  #: the person who asks, now
    may_read: bool  #: whether this person may see the text, not just the progress
    sections: tuple[SectionEntry, ...]  #: all eleven, in the mission's order; none of an imported one
    document_url: str  #: of an imported one: where it is; else empty
    missing_to_submit: tuple[Missing, ...]
    missing_to_publish: tuple[Missing, ...]
    next_step: NextStep
    version: int

    def entry(self, key: SectionKey) -> SectionEntry:
        return next(entry for entry in self.sections if entry.key is key)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One open section."""

    postmortem_id: int
    key: SectionKey
    content: Content
    version: int
    may_edit: bool
    saved_at: datetime
    saved_by: str  #: name; empty: filled from the incident
    dismissed: frozenset[tuple[str, str]]  #: (rule, words) of the hints that were put away


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionLine:
    """One line of a section's history, without the text."""

    number: int
    by: str  #: name; empty: filled from the incident
    started_at: datetime
    saved_at: datetime
    section_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionView:
    """One revision's text and that of the one before it, for the word diff."""

    number: int
    by: str
    saved_at: datetime
    content: Content
    before: Content | None  #: None: this is the first
    is_newest: bool
