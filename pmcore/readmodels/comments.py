"""What is said beside a section."""

from dataclasses import dataclass
from datetime import datetime

from pmcore.domain.vocabulary import SectionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentView:
    id: int
    by_id: int
    by: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadView:
    """The first comment and its replies, the oldest first."""

    id: int  #: of the first comment, also when that was deleted
    comments: tuple[CommentView, ...]  #: without deleted ones; at least one
    resolved_at: datetime | None
    resolved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discussion:
    """All threads of one section."""

    postmortem_id: int
    section: SectionKey
    threads: tuple[ThreadView, ...]  #: open ones first, the oldest first

    @property
    def open_count(self) -> int:
        return sum(thread.resolved_at is None for thread in self.threads)
