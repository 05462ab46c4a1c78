"""What the Incidents page shows: one row an incident, with what is owed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from pmcore.domain.choices import Choice
from pmcore.domain.errors import N_, PmError
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
from pmcore.readmodels import address

FILTER_NAMES = frozenset(
    {"text", "severity", "service", "level", "clock", "author", "mine", "since", "until", "dry_runs", "sort"}
)
MOST_ID = 2_000_000_000  #: what no row has as its number

_E = TypeVar("_E", bound=StrEnum)


class BadLedgerFilter(PmError):
    """A filter in an address cannot be read."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("The filter “{name}” cannot be read. Filter the incidents again."), name=name)


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

    def params(self) -> dict[str, str]:
        """For an address: only what differs from the default."""
        said = {
            "text": self.text,
            "severity": ",".join(self.severities),
            "service": ",".join(str(number) for number in self.service_ids),
            "level": ",".join(self.levels),
            "clock": ",".join(self.clocks),
            "author": str(self.author_id or ""),
            "mine": "1" if self.mine else "",
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "dry_runs": "1" if self.dry_runs else "",
            "sort": "" if self.sort is LedgerSort.NEXT_DUE else self.sort.value,
        }
        return {name: value for name, value in said.items() if value}

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "LedgerFilter":
        """Raises BadLedgerFilter, naming the one that cannot be read."""
        said = _Said(params)
        return cls(
            text=params.get("text", "")[:200].replace("\0", ""),
            severities=said.words("severity", Severity),
            service_ids=said.numbers("service"),
            levels=said.words("level", ObligationLevel),
            clocks=said.words("clock", ClockState),
            author_id=next(iter(said.numbers("author")), None),
            mine=params.get("mine") == "1",
            since=said.day("since"),
            until=said.day("until"),
            dry_runs=params.get("dry_runs") == "1",
            sort=next(iter(said.words("sort", LedgerSort)), LedgerSort.NEXT_DUE),
        )


class _Said:
    """The parts of an address, each read or refused by its name."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self._params = params

    def _parts(self, name: str) -> list[str]:
        return [part for part in self._params.get(name, "").split(",") if part]

    def words(self, name: str, kind: type[_E]) -> tuple[_E, ...]:
        try:
            return tuple(kind(part) for part in self._parts(name))
        except ValueError:
            raise BadLedgerFilter(name) from None

    def numbers(self, name: str) -> tuple[int, ...]:
        parts = self._parts(name)
        if not all(part.isascii() and part.isdigit() and int(part[:12]) <= MOST_ID for part in parts):
            raise BadLedgerFilter(name)
        return tuple(int(part) for part in parts)

    def day(self, name: str) -> date | None:
        try:
            return address.day(self._params.get(name, ""))
        except ValueError:
            raise BadLedgerFilter(name) from None


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
    returned: int  #: how often a reviewer sent the post-mortem back
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
