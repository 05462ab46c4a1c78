"""What an incident repeats, and what repeats it, as one person may see it."""

from dataclasses import dataclass
from datetime import date, datetime

from pmcore.domain.likeness import Reason
from pmcore.domain.vocabulary import ActionState, RecurrenceState, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPromise:
    """An action item of the earlier incident that was not finished when the later one began."""

    number: int  #: 3 of "AI-3"
    title: str
    due_on: date | None
    owner: str  #: name; empty: nobody's
    state: ActionState  #: of today


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrenceView:
    """One pair, seen from one of the two incidents; the person may see both."""

    incident_id: int  #: the later one
    earlier_id: int
    is_later: bool  #: the one from which it is seen is the later one: it repeats the other
    other_id: int
    public_id: str  #: of the other one, as all that follows
    title: str
    severity: Severity
    started_at: datetime
    zone: str
    restricted: bool
    postmortem_id: int | None
    days_between: int  #: from the resolution of the earlier one, else from its start, to the start of the later one
    is_within: bool  #: it came back within the 30 days of the retrospective
    state: RecurrenceState
    reasons: tuple[Reason, ...]  #: words of a text that the person may not read are left out
    named_by: str  #: empty: the app found it
    last_fix: str  #: Markdown, of the earlier one; empty where it says nothing, or nothing to this person
    open_promises: tuple[OpenPromise, ...]  #: of the earlier one, when the later one began
    decided_by: str  #: empty: nobody yet
    decided_at: datetime | None
    note: str
    may_decide: bool  #: the person who asks: confirm or refuse, or take either back
    version: int
