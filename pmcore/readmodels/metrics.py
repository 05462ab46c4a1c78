"""What the metrics page, its charts, workbook, print and the command line are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from pmcore.domain.errors import N_, PmError
from pmcore.domain.metrics import WINDOWS, Figure, Metric, Reason
from pmcore.domain.vocabulary import Severity
from pmcore.readmodels import address

#: What an address may say.
METRICS_NAMES = frozenset({"from", "to", "service", "severity", "days", "metric", "which", "page"})
MONTHS_AT_MOST = 24  #: a longer period is told by quarters
PAGE_ROWS = 50


class BadMetrics(PmError):
    """A filter in an address cannot be read."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("The filter “{name}” cannot be read. Open Metrics and choose again."), name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsFilter:
    """Which period of the workspace's days, and of what."""

    since: date
    until: date  #: this day included
    service_id: int | None = None
    severity: Severity | None = None  #: the highest that the incident reached
    window_days: int = WINDOWS[0]  #: within which a repetition counts

    def params(self) -> dict[str, str]:
        """For an address."""
        said = {
            "from": self.since.isoformat(),
            "to": self.until.isoformat(),
            "service": str(self.service_id or ""),
            "severity": self.severity or "",
            "days": "" if self.window_days == WINDOWS[0] else str(self.window_days),
        }
        return {name: value for name, value in said.items() if value}

    @classmethod
    def of(cls, params: Mapping[str, str], *, today: date) -> "MetricsFilter":
        """The last twelve months where nothing else is said. Raises BadMetrics, naming what cannot be read."""
        name = ""
        try:
            for name in params:
                if name not in METRICS_NAMES:
                    raise ValueError
            usual = usual_filter(today)
            name = "to"
            until = address.day(params.get(name, "")) or usual.until
            name = "from"
            since = address.day(params.get(name, "")) or min(usual.since, first_of_month(until))
            if since > until:
                raise ValueError
            name = "service"
            service_id = address.number(params.get(name, ""))
            name = "severity"
            severity = Severity(params[name]) if params.get(name) else None
            name = "days"
            window_days = address.number(params.get(name, "")) or WINDOWS[0]
            if window_days not in WINDOWS:
                raise ValueError
        except ValueError:
            raise BadMetrics(name[:40]) from None
        return cls(since=since, until=until, service_id=service_id, severity=severity, window_days=window_days)


def usual_filter(today: date) -> MetricsFilter:
    """This month and the eleven before it."""
    first = today.year * 12 + today.month - 12
    return MetricsFilter(since=date(first // 12, first % 12 + 1, 1), until=last_of_month(today))


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def spans(filter: MetricsFilter) -> tuple[tuple[date, date], ...]:
    """The months of the period, or its quarters when there would be too many: (first day, last day), cut off by it."""
    step = 3 if is_by_quarter(filter) else 1
    found: list[tuple[date, date]] = []
    begin = filter.since
    while begin <= filter.until:
        last = begin.year * 12 + (begin.month - 1) // step * step + step - 1
        end = last_of_month(date(last // 12, last % 12 + 1, 1))
        found.append((begin, min(end, filter.until)))
        begin = end + timedelta(days=1)
    return tuple(found)


def is_by_quarter(filter: MetricsFilter) -> bool:
    since, until = filter.since, filter.until
    return (until.year - since.year) * 12 + until.month - since.month + 1 > MONTHS_AT_MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One incident on the axis of times."""

    incident_id: int
    public_id: str
    severity: Severity  #: the highest it reached
    started_at: datetime
    detect_seconds: int | None
    resolve_seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsView:
    """The page: ten figures, and the dots of the last two."""

    filter: MetricsFilter
    zone: str  #: of the workspace; days and months are its days and months
    as_of: datetime  #: the last quarter of an hour: what was due by then is due
    figures: Mapping[Metric, Figure]  #: all ten, in the enum's order
    dots: tuple[Dot, ...]  #: the newest, the oldest of them first
    rounds_closed: int  #: rounds of the survey behind satisfaction and blameless score; 0: "–, no round yet"


class Which(StrEnum):
    """Which rows of a metric are asked for."""

    ALL = "all"
    FOR = "for"  #: those that count for it
    AGAINST = "against"  #: counted, and not for it
    LEFT_OUT = "left_out"


class RowMark(StrEnum):
    """What a reader should know of a row beside whether it counts."""

    WAIVED = "waived"
    DOWNGRADED = "downgraded"
    RUNNING = "running"
    LATE = "late"
    EXTENDED = "extended"
    WONT_DO = "wont_do"
    COVERS = "covers"  #: counted once for several incidents
    ACTION_STILL_OPEN = "action_still_open"
    PREVENTED = "verdict_prevented"
    NOT_EXERCISED = "verdict_not_exercised"
    RECURRED = "verdict_recurred"


ROW_MARK_WORDS: dict[RowMark, str] = {
    RowMark.WAIVED: N_("waived"),
    RowMark.DOWNGRADED: N_("downgraded later"),
    RowMark.RUNNING: N_("still running"),
    RowMark.LATE: N_("late"),
    RowMark.EXTENDED: N_("extended"),
    RowMark.WONT_DO: N_("won't do"),
    RowMark.COVERS: N_("covers several incidents"),
    RowMark.ACTION_STILL_OPEN: N_("an action item was still open"),
    RowMark.PREVENTED: N_("verdict of day 30: prevented"),
    RowMark.NOT_EXERCISED: N_("verdict of day 30: not exercised"),
    RowMark.RECURRED: N_("verdict of day 30: recurred"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsFilter:
    """The rows behind a figure."""

    metric: Metric
    which: Which = Which.ALL
    page: int = 1

    def params(self, filter: MetricsFilter) -> dict[str, str]:
        """For an address, together with the period."""
        said = {
            "metric": self.metric.value,
            "which": "" if self.which is Which.ALL else self.which.value,
            "page": str(self.page) if self.page > 1 else "",
        }
        return {**filter.params(), **{name: value for name, value in said.items() if value}}

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "RowsFilter | None":
        """None where the address names no metric. Raises BadMetrics."""
        if not params.get("metric"):
            return None
        name = "metric"
        try:
            metric = Metric(params[name])
            name = "which"
            which = Which(params.get(name) or Which.ALL)
            name = "page"
            page = address.number(params.get(name, "")) or 1
        except ValueError:
            raise BadMetrics(name) from None
        return cls(metric=metric, which=which, page=page)

    def on(self, page: int) -> "RowsFilter":
        return replace(self, page=page)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRow:
    """One row behind a figure. `n` and `of` are what it adds to the figure's; both 0 where it is left out."""

    incident_id: int
    postmortem_id: int | None
    item_id: int | None
    reference: str  #: "P0-012", "P0-012/AI-3"
    title: str
    severity: Severity  #: the highest that the incident reached
    service: str
    at: datetime | None  #: the moment that puts it into the period
    on: date | None  #: the day, where it is a day that does
    n: int
    of: int
    left_out: Reason | None
    value: float | None  #: hours, seconds or a number of items, in the definition's unit; None where it has none
    marks: tuple[RowMark, ...]
    why: str  #: in people's words: why it was waived, will not be done, is settled
    other: str  #: the incident that covers or repeats it, as far as one may see it


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRows:
    asked: RowsFilter
    rows: tuple[MetricRow, ...]
    total: int  #: of all pages
    page: int  #: from 1
    pages: int  #: at least 1
