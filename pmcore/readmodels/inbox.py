"""What waits for one person, a box a question. Each box has its first few rows and says how many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from pmcore.domain.action_item import Mark
from pmcore.domain.progress import NextStep
from pmcore.domain.survey import Quarter
from pmcore.domain.vocabulary import (
    ActionState,
    Amendment,
    ClockState,
    ObligationLevel,
    PostmortemStatus,
    SectionKey,
    Severity,
    SignRole,
)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box(Generic[Row]):
    rows: tuple[Row, ...]
    total: int

    @classmethod
    def of(cls, rows: Iterable[Row], total: int | None = None) -> "Box[Row]":
        kept = tuple(rows)
        return cls(rows=kept, total=len(kept) if total is None else total)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedRow:
    """An incident whose post-mortem nobody has begun."""

    incident_id: int
    public_id: str
    title: str
    severity: Severity
    level: ObligationLevel
    clock: ClockState  #: of the draft
    due_at: datetime | None
    is_ongoing: bool
    is_unassigned: bool  #: of the manager's queue


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """A post-mortem that the person writes, and what comes next."""

    postmortem_id: int
    public_id: str
    title: str
    severity: Severity
    status: PostmortemStatus
    amendment: Amendment | None
    next_step: NextStep
    clock: ClockState  #: of publication while the draft is shared, else of the draft
    due_at: datetime | None
    returned_by: str = ""  #: who sent it back, as which role and why; empty: nobody
    returned_as: SignRole | None = None
    reasons: str = ""  #: shortened
    returned_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSignRow:
    postmortem_id: int
    public_id: str
    title: str
    severity: Severity
    author: str
    submitted_at: datetime | None
    roles: tuple[SignRole, ...]  #: in which this person can sign; empty: asked to read
    is_void: bool  #: signed before, changed since


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    item_id: int
    postmortem_id: int
    public_id: str
    number: int
    title: str
    state: ActionState
    due_on: date | None
    owner: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnboardingRow:
    """The person's own open checklist."""

    done: int  #: of `total` steps
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRow:
    """A round is open that the person has neither answered nor declined."""

    quarter: Quarter
    last_at: datetime  #: a moment of its last day


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionRow:
    """Somebody called this person in a comment."""

    thread_id: int
    postmortem_id: int
    section: SectionKey
    public_id: str
    title: str
    by: str
    text: str  #: shortened
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOverRow:
    """What this person writes from now on, or no longer."""

    id: int
    incident_id: int
    postmortem_id: int | None  #: None: not begun
    public_id: str
    title: str
    is_mine_now: bool
    other: str  #: who wrote it before, or does from now on; empty: nobody, or the manager's queue
    by: str  #: who handed it over
    note: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """A meeting to which the person is invited, and which has not been held."""

    postmortem_id: int
    public_id: str
    title: str
    starts_at: datetime
    zone: str
    facilitator: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRow:
    """Feedback on a dry run: the person is asked for it, or waits for it."""

    postmortem_id: int
    public_id: str
    title: str
    asked_by: str  #: empty: the person who looks
    waits_for: int  #: people who have not answered; 0: the person who looks is asked
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationRow:
    """A blocked item that somebody brought before those who can help."""

    escalation_id: int
    postmortem_id: int
    public_id: str
    number: int  #: of the item
    by: str
    reason: str  #: shortened
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RepetitionRow:
    """An incident that seems to repeat an earlier one, and nobody has decided it; the person may."""

    incident_id: int  #: the later one
    postmortem_id: int | None
    earlier_id: int
    public_id: str
    title: str
    earlier: str  #: public id
    named_by: str  #: empty: the app found it
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What somebody else wants of the person."""

    mentions: Box[MentionRow]
    handed_over: Box[HandedOverRow]
    meetings: Box[MeetingRow]
    feedback: Box[FeedbackRow]
    escalations: Box[EscalationRow]
    repetitions: Box[RepetitionRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    owed: Box[OwedRow]
    drafts: Box[DraftRow]
    returned: Box[DraftRow]
    to_sign: Box[ToSignRow]
    calls: Calls
    my_items: Box[ItemRow]
    their_items: Box[ItemRow]  #: of other owners, in post-mortems of which the person is the author
    onboarding: OnboardingRow | None = None  #: None: not new, or done
    survey: SurveyRow | None = None
    survey_needs_keeping: bool = False  #: a round is to be opened, closed or cleaned up after
