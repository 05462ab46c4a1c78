"""What the reading view is made from: the document, its signatures, and what may happen to it next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pmcore.domain.days import Day
from pmcore.domain.lifecycle import Event
from pmcore.domain.progress import Missing
from pmcore.domain.sign_off import SignOff, Standing
from pmcore.domain.vocabulary import Amendment, ClockState, PostmortemStatus, SectionKey, SignRole
from pmcore.domain.waiting import PublishingTime
from pmcore.readmodels.rail import RailView
from pmcore.readmodels.recurrence import RecurrenceView
from pmcore.readmodels.writing import WritingView


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOffLine:
    """One required role: who has signed, whether it holds, and what the person who asks may do."""

    role: SignRole
    sections: tuple[SectionKey, ...]
    standing: Standing
    by: str  #: name of the signer; empty: nobody
    at: datetime | None
    changed: tuple[SectionKey, ...]  #: of a void one: what differs from what was signed
    may_sign: bool
    may_withdraw: bool
    may_return: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLine:
    """An open return: the author has not submitted it again."""

    role: SignRole
    by: str
    reasons: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """How a post-mortem stands between its author and its readers; without any long text."""

    postmortem_id: int
    incident_id: int
    public_id: str
    status: PostmortemStatus
    amendment: Amendment | None
    edition_number: int
    may: frozenset[Event]  #: what the person who asks may do now
    may_read_draft: bool
    is_signed_off: bool
    sign_offs: tuple[SignOffLine, ...]
    standings: tuple[SignOff, ...]  #: the same, as the domain says it
    returns: tuple[ReturnLine, ...]
    missing_to_submit: tuple[Missing, ...]
    missing_to_publish: tuple[Missing, ...]  #: signatures included
    seen: Mapping[SectionKey, str]  #: hashes of the sections, for signing what was shown
    resolved_at: datetime | None
    zone: str
    waits_since: datetime | None  #: in review: since when
    clock: ClockState  #: of the draft until it is shared, of the publication from then on
    due_at: datetime | None  #: when that clock ends
    roles_for_names: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionLine:
    number: int
    published_at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingView:
    writing: WritingView
    review: ReviewView
    edition: int | None  #: the edition shown; None: the working copy
    editions: tuple[EditionLine, ...]  #: the newest first; empty beside the working copy
    content: Mapping[str, Any] | None  #: as `domain.edition.content`; None: the draft is not shared with this person
    states: Mapping[str, str]  #: the action items' states of today, by number
    days: tuple[Day, ...]
    took: PublishingTime | None = None  #: where the time until the first publication went; None: never submitted
    repetitions: tuple[RecurrenceView, ...] = ()  #: what it repeats, what repeats it, refused ones too
    came_back: tuple[str, ...] = ()  #: public ids of its confirmed repetitions within the retrospective's window
    is_verdict_doubtful: bool = False  #: the verdict of day 30 says otherwise than they do
    rail: RailView | None = None  #: None where only the document is asked for
