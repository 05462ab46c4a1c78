"""What the Incidents page shows: one row an incident, with what is owed."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pmcore.domain.choices import Choice
from pmcore.domain.vocabulary import (
    Amendment,
    ClockKind,
    ClockState,
    Disposition,
    ObligationLevel,
    PostmortemStatus,
    Rule,
    Severity,
)


class LedgerSort(StrEnum):
    NEXT_DUE = "next_due"  #: unresolved first, then what is due soonest, then the newest
    NEWEST = "newest"
    OLDEST = "oldest"
    SEVERITY = "severity"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFilter:
    """Every part narrows; an empty one leaves everything."""

    text: str = ""  #: words of id, title, service or alert
    severities: tuple[Severity, ...] = ()
    service_ids: tuple[int, ...] = ()
    levels: tuple[ObligationLevel, ...] = ()
    clocks: tuple[ClockState, ...] = ()  #: of either clock
    author_id: int | None = None  #: who owes it
    mine: bool = False  #: reported or owed by the person who asks
    since: date | None = None  #: started on this day or later, in the workspace's zone
    until: date | None = None  #: started on this day or earlier
    dry_runs: bool = False  #: show them too
    sort: LedgerSort = LedgerSort.NEXT_DUE
    page: int = 1  #: from 1
    page_size: int = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    kind: ClockKind
    state: ClockState
    due_at: datetime | None
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    incident_id: int
    public_id: str
    title: str
    severity: Severity
    highest_severity: Severity  #: differs after a downgrade
    service: str
    zone: str
    started_at: datetime
    resolved_at: datetime | None
    ongoing: bool
    unresolved_too_long: bool
    level: ObligationLevel
    rules: tuple[Rule, ...]
    p1_minutes: int  #: of the policy that applies, for the rule's words
    drafted: ClockView
    published: ClockView
    moved: bool  #: the clocks start elsewhere than they first did
    author_id: int | None
    author: str  #: "" in the manager's queue
    reporter_id: int
    postmortem_id: int | None
    status: PostmortemStatus | None
    amendment: Amendment | None
    disposition: Disposition | None
    disposition_reason: str
    settled_by: str  #: public id of what covers it, or of what it duplicates; "" when it may not be seen
    waiver_reason: str  #: of the open waiver
    approvals: int
    approvals_needed: int
    is_waived: bool
    hand_over_note: str
    restricted: bool
    dry_run: bool
    choices: tuple[Choice, ...]  #: what the person who asks may do with it


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    rows: tuple[LedgerRow, ...]
    total: int
    pages: int  #: at least 1
    page: int  #: the one shown; the last one when a later one was asked for
