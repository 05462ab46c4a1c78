"""Incidents, their log and severity history in SQL: row <-> dataclass, and nothing else."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import IncidentRow, IncidentViewerRow, LogEntryRow, ServiceRow, SeverityChangeRow, UserRow
from db.visibility import can_see, could_see
from pmcore.domain.errors import N_, EditConflict, NotFound
from pmcore.domain.incident import DuplicateId, Incident, impact_duration
from pmcore.domain.log import LogEntry
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import DetectionMethod, Severity, SeverityChangeKind, TimelineKind


class SqlIncidents:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, incident_id: int, *, actor: Actor) -> Incident:
        return self._get(incident_id, can_see(actor))

    def get_deleted(self, incident_id: int, *, actor: Actor) -> Incident:
        return self._get(incident_id, could_see(actor) & IncidentRow.deleted_at.is_not(None))

    def _get(self, incident_id: int, allowed: ColumnElement[bool]) -> Incident:
        found = self._session.execute(
            select(IncidentRow, ServiceRow.name)
            .join(ServiceRow, ServiceRow.id == IncidentRow.service_id)
            .where(IncidentRow.id == incident_id, allowed)
            .with_for_update(of=IncidentRow)
            .execution_options(populate_existing=True)
        ).one_or_none()
        if found is None:
            raise NotFound
        return to_incident(found[0], service=found[1])

    def newest_public_id(self, prefix: str) -> str | None:
        return self._session.scalar(
            select(IncidentRow.public_id)
            .where(IncidentRow.public_id.startswith(f"{prefix}-", autoescape=True))
            .order_by(func.length(IncidentRow.public_id).desc(), IncidentRow.public_id.desc())
            .limit(1)
        )

    def add(self, incident: Incident) -> int:
        row = IncidentRow(public_id=incident.public_id, version=1, **_columns(incident))
        try:
            with self._session.begin_nested():
                self._session.add(row)
                self._session.flush()
        except IntegrityError as error:
            taken = select(IncidentRow.id).filter_by(public_id=incident.public_id)
            if self._session.scalar(taken) is None:
                raise
            raise DuplicateId(
                N_("The id {public_id} is taken, perhaps by a deleted incident. Choose another one."),
                field="public_id",
                public_id=incident.public_id,
            ) from error
        return row.id

    def save(self, incident: Incident) -> None:
        saved = self._session.execute(
            update(IncidentRow)
            .filter_by(id=incident.id, version=incident.version)
            .values(
                version=incident.version + 1,
                service_key=select(ServiceRow.name_key).filter_by(id=incident.service_id).scalar_subquery(),
                **_columns(incident),
            )
            .returning(IncidentRow.id)
            .execution_options(synchronize_session=False)
        ).first()
        if saved is None:
            raise EditConflict

    def add_severity_change(
        self,
        *,
        incident_id: int,
        old: Severity,
        new: Severity,
        kind: SeverityChangeKind,
        reason: str,
        by_id: int,
        at: datetime,
    ) -> None:
        self._session.add(
            SeverityChangeRow(
                incident_id=incident_id,
                old=old.value,
                new=new.value,
                kind=kind.value,
                reason=reason,
                by_id=by_id,
                at=at,
            )
        )

    def log(self, incident_id: int) -> tuple[LogEntry, ...]:
        found = self._session.execute(
            select(LogEntryRow, UserRow.name)
            .join(UserRow, UserRow.id == LogEntryRow.author_id)
            .where(LogEntryRow.incident_id == incident_id, LogEntryRow.deleted_at.is_(None))
            .order_by(LogEntryRow.at, LogEntryRow.id)
        )
        return tuple(to_entry(row, author=name) for row, name in found)

    def entry(self, entry_id: int) -> LogEntry:
        found = self._session.execute(
            select(LogEntryRow, UserRow.name)
            .join(UserRow, UserRow.id == LogEntryRow.author_id)
            .where(LogEntryRow.id == entry_id)
        ).one_or_none()
        if found is None:
            raise NotFound
        return to_entry(found[0], author=found[1])

    def add_entry(self, entry: LogEntry) -> int:
        row = LogEntryRow(
            uuid=entry.uuid,
            incident_id=entry.incident_id,
            at=entry.at,
            kind=entry.kind.value,
            text=entry.text,
            author_id=entry.author_id,
            deleted_at=None,
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def save_entry(self, entry: LogEntry) -> None:
        self._session.execute(
            update(LogEntryRow)
            .filter_by(id=entry.id)
            .values(kind=entry.kind.value, deleted_at=entry.deleted_at)
            .execution_options(synchronize_session=False)
        )

    def add_viewer(self, *, incident_id: int, user_id: int) -> None:
        self._session.merge(IncidentViewerRow(incident_id=incident_id, user_id=user_id))

    def remove_viewer(self, *, incident_id: int, user_id: int) -> None:
        self._session.execute(delete(IncidentViewerRow).filter_by(incident_id=incident_id, user_id=user_id))


def to_incident(row: IncidentRow, *, service: str) -> Incident:
    return Incident(
        id=row.id,
        public_id=row.public_id,
        title=row.title,
        severity=Severity(row.severity),
        highest_severity=Severity(row.highest_severity),
        service_id=row.service_id,
        service=service,
        zone=row.zone,
        started_at=row.started_at,
        detected_at=row.detected_at,
        acknowledged_at=row.acknowledged_at,
        resolved_at=row.resolved_at,
        alert_name=row.alert_name,
        detection_method=DetectionMethod(row.detection_method) if row.detection_method else None,
        customers_affected=row.customers_affected,
        failed_requests=row.failed_requests,
        revenue_loss_usd=None if row.revenue_loss_usd is None else row.revenue_loss_usd.quantize(Decimal("0.01")),
        availability_percent=None if row.availability_percent is None else Decimal(row.availability_percent),
        unknown_because=row.unknown_because or {},
        sla_breach=row.sla_breach,
        complaints=row.complaints,
        near_miss=row.near_miss,
        new_failure_mode=row.new_failure_mode,
        interesting=row.interesting,
        repeats_id=row.repeats_id,
        pagerduty_url=row.pagerduty_url,
        grafana_url=row.grafana_url,
        prometheus_url=row.prometheus_url,
        restricted=row.restricted,
        dry_run=row.dry_run,
        imported=row.imported,
        reporter_id=row.reporter_id,
        reported_at=row.reported_at,
        deleted_at=row.deleted_at,
        version=row.version,
    )


def to_entry(row: LogEntryRow, *, author: str) -> LogEntry:
    return LogEntry(
        id=row.id,
        uuid=row.uuid,
        incident_id=row.incident_id,
        at=row.at,
        kind=TimelineKind(row.kind),
        text=row.text,
        author_id=row.author_id,
        author=author,
        deleted_at=row.deleted_at,
    )


def _columns(incident: Incident) -> dict[str, Any]:
    impact = impact_duration(incident)
    reached = incident.availability_percent
    return {
        "title": incident.title,
        "severity": incident.severity.value,
        "highest_severity": incident.highest_severity.value,
        "service_id": incident.service_id,
        "zone": incident.zone,
        "started_at": incident.started_at,
        "detected_at": incident.detected_at,
        "acknowledged_at": incident.acknowledged_at,
        "resolved_at": incident.resolved_at,
        "impact_seconds": None if impact is None else int(impact.total_seconds()),
        "alert_name": incident.alert_name,
        "detection_method": incident.detection_method.value if incident.detection_method else None,
        "customers_affected": incident.customers_affected,
        "failed_requests": incident.failed_requests,
        "revenue_loss_usd": incident.revenue_loss_usd,
        "availability_percent": None if reached is None else format(reached, "f"),
        "unknown_because": dict(incident.unknown_because),
        "sla_breach": incident.sla_breach,
        "complaints": incident.complaints,
        "near_miss": incident.near_miss,
        "new_failure_mode": incident.new_failure_mode,
        "interesting": incident.interesting,
        "repeats_id": incident.repeats_id,
        "pagerduty_url": incident.pagerduty_url,
        "grafana_url": incident.grafana_url,
        "prometheus_url": incident.prometheus_url,
        "restricted": incident.restricted,
        "dry_run": incident.dry_run,
        "imported": incident.imported,
        "reporter_id": incident.reporter_id,
        "reported_at": incident.reported_at,
        "search_key": " ".join((incident.public_id, incident.title, incident.service, incident.alert_name)).casefold(),
        "deleted_at": incident.deleted_at,
    }
