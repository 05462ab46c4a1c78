"""What happens between day 0 and day 30 beside the text, as one person may see it."""

from dataclasses import dataclass
from datetime import datetime

from pmcore.domain.rail_vocabulary import Opinion, Verdict
from pmcore.domain.retrospective import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeView:
    user_id: int
    name: str
    required: bool
    attended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingView:
    uid: str
    starts_at: datetime
    minutes: int
    place: str
    presenter_id: int
    presenter: str
    facilitator_id: int
    facilitator: str
    attendees: tuple[AttendeeView, ...]
    were_there: int  #: of those who are required
    should_be_there: int
    scheduled_at: datetime
    is_scheduled_late: bool  #: later than 48 hours after the resolution
    changed_at: datetime
    sequence: int
    began_at: datetime | None
    held_at: datetime | None
    notes: str  #: empty for who may neither read the text nor runs the meeting
    notes_version: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictView:
    verdict: Verdict
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationView:
    id: int
    number: int  #: 3 of "AI-3"
    reason: str
    by: str
    at: datetime
    answer: str  #: empty: none yet
    answered_at: datetime | None
    may_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedView:
    """A blocked item that the person may escalate, and that is not escalated yet."""

    item_id: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackView:
    user_id: int
    name: str
    easy: Opinion | None
    clear: Opinion | None
    missing: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RailView:
    resolved_at: datetime | None
    schedule_by: datetime | None  #: 48 hours after the resolution
    meeting: MeetingView | None
    progress: Progress  #: of the promises
    verdict: VerdictView | None
    escalations: tuple[EscalationView, ...]  #: the newest first
    blocked: tuple[BlockedView, ...]
    feedback: tuple[FeedbackView, ...]  #: of a dry run
    mine: FeedbackView | None  #: what the person who asks is asked or has said
    writing_seconds: int  #: noted by anybody
    meeting_seconds: int
    may_plan: bool  #: schedule the meeting and run it
    may_judge: bool
    may_ask: bool  #: others about a dry run
    may_note_time: bool
    opens_edition: bool  #: an item that is caught now opens the next edition
