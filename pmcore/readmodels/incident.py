"""One incident in full, its log, and choices of incidents."""

from dataclasses import dataclass
from datetime import datetime

from pmcore.domain.incident import Incident
from pmcore.domain.log import LogEntry
from pmcore.domain.vocabulary import Severity, SeverityChangeKind
from pmcore.readmodels.ledger import LedgerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityChangeView:
    at: datetime
    old: Severity
    new: Severity
    kind: SeverityChangeKind
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    incident: Incident
    owed: LedgerRow  #: as the ledger shows it
    reporter: str
    repeats: str  #: public id of the earlier incident; "" for none, or one that may not be seen
    severity_changes: tuple[SeverityChangeView, ...]
    viewers: tuple[tuple[int, str], ...]  #: named to see it, when restricted
    first_starts_at: datetime | None
    starts_at: datetime | None  #: of the clocks
    handed_over_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A noted line as the log page shows it."""

    entry: LogEntry
    may_edit: bool
    may_delete: bool
    fact: str  #: the fact that could take the entry's time: "detected_at"; "" when none, or when they agree


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentChoice:
    """For a choice: the newest incidents that the person may see."""

    incident_id: int
    public_id: str
    title: str
    severity: Severity
    postmortem_id: int | None
