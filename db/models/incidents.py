"""Incidents and what they owe."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Computed, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.models.people import ServiceRow, key_of
from db.types import Json, Money, UtcDateTime, one_of
from pmcore.domain.vocabulary import (
    ClockKind,
    DetectionMethod,
    Disposition,
    ObligationLevel,
    Severity,
    SeverityChangeKind,
    TimelineKind,
)

#: Incidents that some list leaves out for somebody; few, so that a total is all less these.
NOT_FOR_ALL = "restricted or dry_run or deleted_at is not null"


class IncidentRow(Base):
    __tablename__ = "incident"
    __table_args__ = (
        one_of("severity", Severity),
        CheckConstraint("highest_severity in ('P0', 'P1', 'P2')", name="highest_severity"),
        one_of("detection_method", DetectionMethod),
        CheckConstraint("resolved_at >= started_at", name="resolved_after_start"),
        CheckConstraint("detected_at >= started_at", name="detected_after_start"),
        CheckConstraint("resolved_at >= detected_at", name="resolved_after_detection"),
        CheckConstraint("acknowledged_at >= started_at", name="acknowledged_after_start"),
        CheckConstraint("customers_affected >= 0", name="customers_affected"),
        CheckConstraint("failed_requests >= 0", name="failed_requests"),
        CheckConstraint("complaints >= 0", name="complaints"),
        CheckConstraint("revenue_loss_usd >= 0", name="revenue_loss_usd"),
        CheckConstraint("repeats_id <> id", name="repeats_another"),
        ForeignKeyConstraint(["service_id", "service_key"], ["service.id", "service.name_key"], onupdate="CASCADE"),
        UniqueConstraint("id", "started_at"),  # what a recurrence refers to
        Index(None, "started_at"),
        Index(None, "highest_severity", "started_at"),
        Index(None, "service_id", "started_at"),
        Index(None, "service_key", "id"),
        Index(None, "alert_name", "started_at"),
        Index(None, "reporter_id"),
        Index(None, "impact_seconds"),
        Index(None, "customers_affected", "revenue_loss_usd"),
        Index(None, "public_id_key"),
        Index("ix_incident_not_for_all", "id", sqlite_where=text(NOT_FOR_ALL), postgresql_where=text(NOT_FOR_ALL)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  #: "P0-012", never changes
    title: Mapped[str]
    severity: Mapped[str]
    highest_severity: Mapped[str]  #: what policy and metrics count
    service_id: Mapped[int]
    #: The service's, and follows it by itself; the lists are sorted by it
    service_key: Mapped[str] = mapped_column(default=key_of(ServiceRow, "service_id"), deferred=True)
    zone: Mapped[str]  #: IANA name, printed beside every time
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    detected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    impact_seconds: Mapped[int | None]  #: start to resolution, for sorting and sums; NULL is unknown
    alert_name: Mapped[str]
    detection_method: Mapped[str | None]
    customers_affected: Mapped[int | None]
    failed_requests: Mapped[int | None]
    revenue_loss_usd: Mapped[Decimal | None] = mapped_column(Money)
    availability_percent: Mapped[str | None]  #: Decimal as text, what was reached during the incident
    unknown_because: Mapped[dict] = mapped_column(Json)  # type: ignore[type-arg]  #: {"revenue_loss_usd": "why"}
    sla_breach: Mapped[bool | None]
    complaints: Mapped[int | None]
    near_miss: Mapped[bool]
    new_failure_mode: Mapped[bool]
    interesting: Mapped[bool]
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    pagerduty_url: Mapped[str]
    grafana_url: Mapped[str]
    prometheus_url: Mapped[str]
    restricted: Mapped[bool]
    dry_run: Mapped[bool]
    imported: Mapped[bool]  #: from the old tracker; times of day and facts are not known
    reporter_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    search_key: Mapped[str]  #: casefolded id, title, service and alert
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int]
    #: "P0-012" before "P0-1000"; the database keeps it
    public_id_key: Mapped[str] = mapped_column(
        Computed("substr(public_id, 1, 2) || cast(100 + length(public_id) as varchar) || public_id", persisted=True),
        deferred=True,
    )
    #: The deadline of the clock that runs, which `db.obligations` notes; NULL where none does
    next_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, deferred=True)
    #: Not over, something is due, nothing is; the database keeps it
    due_place: Mapped[int] = mapped_column(
        Computed(
            "case when resolved_at is null and not imported then 0 when next_due_at is not null then 1 else 2 end",
            persisted=True,
        ),
        deferred=True,
    )


# The orders of the list of incidents: what they begin with goes up, and the newest come first.
Index("ix_incident_service_newest", IncidentRow.service_key, IncidentRow.started_at.desc(), IncidentRow.id.desc())
Index("ix_incident_severity_newest", IncidentRow.severity, IncidentRow.started_at.desc(), IncidentRow.id.desc())
Index(
    "ix_incident_due",
    IncidentRow.due_place, IncidentRow.next_due_at, IncidentRow.started_at.desc(), IncidentRow.id.desc(),
)  # fmt: skip


class SeverityChangeRow(Base):
    """Append-only."""

    __tablename__ = "severity_change"
    __table_args__ = (one_of("kind", SeverityChangeKind), Index(None, "incident_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    old: Mapped[str]
    new: Mapped[str]
    kind: Mapped[str]
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class IncidentViewerRow(Base):
    """A person named to see a restricted incident, beside those who work on it."""

    __tablename__ = "incident_viewer"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)


class LogEntryRow(Base):
    """What was noted while the incident was going on; becomes the timeline of the post-mortem."""

    __tablename__ = "log_entry"
    __table_args__ = (one_of("kind", TimelineKind), Index(None, "incident_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(unique=True)  #: becomes the timeline row's id
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str]
    text: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ObligationRow(Base):
    """One per incident. Deadlines are stored; the clocks' states are derived from them, the stops and `now`."""

    __tablename__ = "obligation"
    __table_args__ = (
        one_of("level", ObligationLevel),
        one_of("disposition", Disposition),
        CheckConstraint("(disposition is null) = (disposition_reason is null)", name="disposition_has_a_reason"),
        CheckConstraint("(starts_at is null) = (drafted_due_at is null)", name="drafted_due"),
        CheckConstraint("(starts_at is null) = (published_due_at is null)", name="published_due"),
        CheckConstraint("covered_by_id is null or disposition = 'covered'", name="covered"),
        CheckConstraint("duplicate_of_id is null or disposition = 'duplicate'", name="duplicate"),
        Index(None, "drafted_due_at"),
        Index(None, "published_due_at"),
        Index(None, "starts_at"),
        Index(None, "long_at"),
        Index(None, "author_id"),
        Index(None, "covered_by_id"),
    )

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), primary_key=True)
    level: Mapped[str]
    rules: Mapped[list] = mapped_column(Json)  # type: ignore[type-arg]  #: ["p0", ...], in the enum's order
    policy_number: Mapped[int] = mapped_column(ForeignKey("policy.number"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  #: NULL: the manager's queue
    long_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: an unresolved P1 becomes required then by itself
    required_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: when a fact first made it required
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: NULL while unresolved or nothing is required
    first_starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: before anybody edited the resolution
    drafted_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disposition: Mapped[str | None]
    disposition_reason: Mapped[str | None]
    disposition_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    disposition_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    covered_by_id: Mapped[int | None] = mapped_column(ForeignKey("postmortem.id"))
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    handed_over_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    handed_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hand_over_note: Mapped[str]
    version: Mapped[int]


class ClockStopRow(Base):
    """A clock stops once and for ever. Append-only."""

    __tablename__ = "clock_stop"
    __table_args__ = (one_of("clock", ClockKind),)

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), primary_key=True)
    clock: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class WaiverRow(Base):
    """An excuse in the making or in force; voided by a rule that fires later."""

    __tablename__ = "waiver"
    __table_args__ = (
        CheckConstraint("length(trim(reason)) > 0", name="reason"),
        Index(
            "uq_waiver_open",
            "incident_id",
            unique=True,
            sqlite_where=text("voided_at is null"),
            postgresql_where=text("voided_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_by_rule: Mapped[str | None]


class WaiverApprovalRow(Base):
    """One person's agreement; the key keeps anybody from agreeing twice."""

    __tablename__ = "waiver_approval"

    waiver_id: Mapped[int] = mapped_column(ForeignKey("waiver.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
