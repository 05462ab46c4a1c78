"""What happened, as facts that are entered once: times, size, flags. Unknown is a value, and never zero."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from pmcore.domain.content import one_line
from pmcore.domain.errors import N_, PmError, Refusals
from pmcore.domain.vocabulary import DetectionMethod, Severity, SeverityChangeKind
from pmcore.domain.workspace import zones

LONGEST_TITLE = 200
MOST = 2_000_000_000  #: a count beyond this is a slip, and does not fit PostgreSQL's integer
MOST_USD = Decimal("999999999999.99")
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  #: a time before this is a slip of the year
PUBLIC_ID = re.compile(r"[A-Z][A-Z0-9]{0,9}-[0-9]{1,9}", re.ASCII)


class BadIncident(PmError):
    """One fact cannot be true; `field` names it."""


class DuplicateId(PmError):
    """The public id belongs to another incident, perhaps to a deleted one."""


class CannotChangeSeverity(PmError):
    """The change says nothing, or does not say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    id: int = 0  #: 0 before it is stored
    public_id: str  #: "P0-012", unique for ever, never changes with the severity
    title: str
    severity: Severity
    highest_severity: Severity  #: the worst it ever was; what policy and metrics count
    service_id: int
    service: str = ""  #: its name, read with the incident
    zone: str  #: IANA name, printed beside every time
    started_at: datetime
    detected_at: datetime | None = None
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    alert_name: str = ""
    detection_method: DetectionMethod | None = None
    customers_affected: int | None = None
    failed_requests: int | None = None
    revenue_loss_usd: Decimal | None = None
    availability_percent: Decimal | None = None  #: what was reached during the incident
    unknown_because: Mapping[str, str] = field(default_factory=dict)  #: fact -> why nobody knows it
    sla_breach: bool | None = None
    complaints: int | None = None
    near_miss: bool = False
    new_failure_mode: bool = False
    interesting: bool = False
    repeats_id: int | None = None  #: the earlier incident that this one repeats
    pagerduty_url: str = ""
    grafana_url: str = ""
    prometheus_url: str = ""
    restricted: bool = False
    dry_run: bool = False
    imported: bool = False
    reporter_id: int
    reported_at: datetime
    deleted_at: datetime | None = None
    version: int = 1


def _between(earlier: datetime | None, later: datetime | None) -> timedelta | None:
    """The time from one moment to the other, or None when one is unknown or the order is impossible."""
    if earlier is None or later is None or later < earlier:
        return None
    return later - earlier


def time_to_detect(incident: Incident) -> timedelta | None:
    """From the start to the alert."""
    return _between(incident.started_at, incident.detected_at)


def time_to_resolve(incident: Incident) -> timedelta | None:
    """From detection to resolution: the Duration of Incident Details."""
    return _between(incident.detected_at, incident.resolved_at)


def impact_duration(incident: Incident) -> timedelta | None:
    """From the start to resolution: the tracker's Duration, and what P1's 30 minutes mean."""
    return _between(incident.started_at, incident.resolved_at)


def is_ongoing(incident: Incident) -> bool:
    return incident.resolved_at is None


def tidy(incident: Incident) -> Incident:
    """The same incident in canonical form: one-line texts, whole seconds, whole cents. Raises BadText."""
    return replace(
        incident,
        public_id=incident.public_id.strip().upper(),
        title=_line(incident.title, "title"),
        alert_name=_line(incident.alert_name, "alert_name"),
        pagerduty_url=_line(incident.pagerduty_url, "pagerduty_url"),
        grafana_url=_line(incident.grafana_url, "grafana_url"),
        prometheus_url=_line(incident.prometheus_url, "prometheus_url"),
        unknown_because={name: text for name, raw in incident.unknown_because.items() if (text := _line(raw, name))},
        started_at=incident.started_at.replace(microsecond=0),
        detected_at=_seconds(incident.detected_at),
        acknowledged_at=_seconds(incident.acknowledged_at),
        resolved_at=_seconds(incident.resolved_at),
        revenue_loss_usd=_cents(incident.revenue_loss_usd),
    )


def _line(text: str, field: str) -> str:
    return one_line(text, field=field)


def _seconds(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(microsecond=0)


def _cents(amount: Decimal | None) -> Decimal | None:
    """Rounded to the cent; what cannot be an amount is left for `check` to name."""
    if amount is None or not amount.is_finite() or abs(amount) > MOST_USD:
        return amount
    return amount.quantize(Decimal("0.01"))


def check(incident: Incident, *, now: datetime) -> None:
    """Raises Refusals with everything that is wrong at once, each naming its field."""
    problems = (*_texts(incident), *_times(incident, now), *_numbers(incident))
    if problems:
        raise Refusals(problems)


def _texts(incident: Incident) -> Iterator[BadIncident]:
    if not incident.title:
        yield BadIncident(N_("Give the incident a title: what do people see?"), field="title")
    if len(incident.title) > LONGEST_TITLE:
        yield BadIncident(
            N_("The title has {length} characters; {longest} fit. Put the rest into the log."),
            field="title", length=len(incident.title), longest=LONGEST_TITLE,
        )  # fmt: skip
    if not PUBLIC_ID.fullmatch(incident.public_id):
        yield BadIncident(N_("Write the id as Latin letters, a dash and a number, like P0-012."), field="public_id")
    if incident.zone not in zones():
        yield BadIncident(N_("Choose a time zone of the list, for example Europe/Moscow."), field="zone")
    for name in ("pagerduty_url", "grafana_url", "prometheus_url"):
        url = getattr(incident, name)
        if url and not re.fullmatch(r"https?://\S+", url, re.IGNORECASE):
            yield BadIncident(N_("A link begins with http:// or https:// and has no spaces."), field=name)


def _times(incident: Incident, now: datetime) -> Iterator[BadIncident]:
    for name in ("started_at", "detected_at", "acknowledged_at", "resolved_at"):
        at: datetime | None = getattr(incident, name)
        if at is not None and at > now:
            yield BadIncident(
                N_("This time lies in the future. Check the date, or leave it empty for now."), field=name
            )
        if at is not None and at < EARLIEST:
            yield BadIncident(N_("This time lies before the year 2000. Check the year."), field=name)
    start, found, over = incident.started_at, incident.detected_at, incident.resolved_at
    if found is not None and found < start:
        yield BadIncident(N_("It was detected before it started. Mend one of the two times."), field="detected_at")
    if incident.acknowledged_at is not None and incident.acknowledged_at < start:
        yield BadIncident(
            N_("It was acknowledged before it started. Mend one of the two times."), field="acknowledged_at"
        )
    if over is not None and over < start:
        yield BadIncident(N_("It was resolved before it started. Mend one of the two times."), field="resolved_at")
    elif over is not None and found is not None and over < found:
        yield BadIncident(N_("It was resolved before it was detected. Mend one of the two times."), field="resolved_at")


def _numbers(incident: Incident) -> Iterator[BadIncident]:
    for name in ("customers_affected", "failed_requests", "complaints"):
        count: int | None = getattr(incident, name)
        if count is not None and not 0 <= count <= MOST:
            yield BadIncident(
                N_("Give a whole number from 0 to {most}, or leave it empty."), field=name, most=f"{MOST:,}"
            )
    loss = incident.revenue_loss_usd
    if loss is not None and not (loss.is_finite() and 0 <= loss <= MOST_USD):
        yield BadIncident(N_("Give an amount of 0 dollars or more, or leave it empty."), field="revenue_loss_usd")
    reached = incident.availability_percent
    if reached is not None and not (reached.is_finite() and 0 <= reached <= 100):
        yield BadIncident(N_("Give a percentage from 0 to 100, or leave it empty."), field="availability_percent")
    if incident.repeats_id is not None and incident.repeats_id == incident.id:
        yield BadIncident(N_("An incident repeats an earlier one, not itself."), field="repeats_id")


def next_public_id(severity: Severity, *, newest: str | None) -> str:
    """The proposal: one more than the highest number in use with this severity's letters."""
    number = int(newest.rpartition("-")[2]) + 1 if newest else 1
    return f"{severity.value}-{number:03d}"


def change_kind(incident: Incident, new: Severity, *, is_slip: bool) -> SeverityChangeKind:
    """A correction mends a slip; otherwise the direction names the change."""
    if is_slip:
        return SeverityChangeKind.CORRECTION
    return SeverityChangeKind.ESCALATION if new.rank < incident.severity.rank else SeverityChangeKind.DOWNGRADE


def change_severity(incident: Incident, new: Severity, *, is_slip: bool, reason: str) -> Incident:
    """The incident with another severity. Only a correction lowers the highest one.

    Raises CannotChangeSeverity when nothing changes, or when a downgrade or a correction says no reason.
    """
    says_nothing = new is incident.severity and not (is_slip and new is not incident.highest_severity)
    if says_nothing:
        raise CannotChangeSeverity(N_("It has this severity already."), field="severity")
    kind = change_kind(incident, new, is_slip=is_slip)
    if kind is not SeverityChangeKind.ESCALATION and not reason.strip():
        raise CannotChangeSeverity(N_("Say why; the reason is kept beside the incident."), field="reason")
    highest = new if is_slip else min(new, incident.highest_severity, key=lambda severity: severity.rank)
    return replace(incident, severity=new, highest_severity=highest)
