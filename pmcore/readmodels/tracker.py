"""What the tracker, its charts and its sheets are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pmcore.domain.errors import N_, PmError
from pmcore.domain.tracker import TrackerColumn
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState, Amendment, PostmortemStatus, Severity
from pmcore.readmodels import address

#: What an address may say.
FILTER_NAMES = frozenset(
    {"text", "service", "severity", "status", "author", "since", "until", "dry_runs", "sort", "order"}
)


class BadFilter(PmError):
    """A filter in an address cannot be read."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("The filter “{name}” cannot be read. Open the tracker and filter again."), name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerFilter:
    """Which post-mortems, in which order. Empty means all of them."""

    text: str = ""
    service_id: int | None = None
    severities: tuple[Severity, ...] = ()  #: the highest that the incident reached
    statuses: tuple[PostmortemStatus, ...] = ()
    author_id: int | None = None
    since: date | None = None  #: the incident began on this day of the workspace's zone, or later
    until: date | None = None  #: this day included
    dry_runs: bool = False
    sort: TrackerColumn = TrackerColumn.DATE
    descending: bool = True

    def params(self) -> dict[str, str]:
        """For an address: only what differs from the default."""
        said = {
            "text": self.text,
            "service": str(self.service_id or ""),
            "severity": ",".join(self.severities),
            "status": ",".join(self.statuses),
            "author": str(self.author_id or ""),
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "dry_runs": "1" if self.dry_runs else "",
            "sort": "" if self.sort is TrackerColumn.DATE else self.sort.value,
            "order": "" if self.descending else "up",
        }
        return {name: value for name, value in said.items() if value}

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "TrackerFilter":
        """Raises BadFilter, naming the one that cannot be read."""
        name = ""
        try:
            for name in params:
                if name not in FILTER_NAMES:
                    raise ValueError
            name = "service"
            service_id = address.number(params.get(name, ""))
            name = "severity"
            severities = tuple(Severity(word) for word in params.get(name, "").split(",") if word)
            name = "status"
            statuses = tuple(PostmortemStatus(word) for word in params.get(name, "").split(",") if word)
            name = "author"
            author_id = address.number(params.get(name, ""))
            name = "since"
            since = address.day(params.get(name, ""))
            name = "until"
            until = address.day(params.get(name, ""))
            name = "sort"
            sort = TrackerColumn(params.get(name) or TrackerColumn.DATE)
        except ValueError:
            raise BadFilter(name[:40]) from None
        return cls(
            text=params.get("text", "")[:200].replace("\0", ""), service_id=service_id, severities=severities,
            statuses=statuses, author_id=author_id, since=since, until=until,
            dry_runs=params.get("dry_runs", "") == "1", sort=sort, descending=params.get("order", "") != "up",
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerRow:
    """One post-mortem: the eleven columns as values."""

    postmortem_id: int
    incident_id: int
    public_id: str
    title: str
    on: date  #: of the start, in the incident's zone
    service: str
    duration_seconds: int | None
    customers_affected: int | None
    revenue_loss_usd: Decimal | None
    impact_told: str  #: what an old tracker said, word for word
    author: str
    status: PostmortemStatus
    amendment: Amendment | None
    items_total: int
    items_done: int
    published_on: date | None
    document_url: str  #: of an imported post-mortem; empty: it is read here
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerPage:
    rows: tuple[TrackerRow, ...]
    total: int  #: of all pages
    number: int  #: this page, from 1
    pages: int  #: at least 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """One line of the sheet "Action items"."""

    public_id: str  #: "P0-012/AI-3"
    postmortem_id: int
    title: str
    kind: ActionKind
    priority: ActionPriority
    owner: str
    state: ActionState
    original_due_on: date | None
    due_on: date | None
    done_on: date | None
    criterion: str
    evidence: str
    ticket_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDrafted:
    """Of the P0 whose draft was due in a month, how many were shared in time."""

    month: date  #: its first day
    on_time: int
    due: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One post-mortem's way from the clock's start to its first edition."""

    public_id: str
    severity: Severity
    at: datetime
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerFigures:
    """What the charts above the tracker show. Without restricted incidents and dry runs, for everybody alike."""

    zone: str  #: of the workspace; months are its months
    months: tuple[MonthDrafted, ...]  #: the last twelve, the oldest first
    on_time: int  #: of all time
    due: int
    published: tuple[Published, ...]  #: the newest, the oldest of them first
    published_count: int  #: of all time
    published_in_time: int
    mean_hours: float | None
