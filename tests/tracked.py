"""Post-mortems as the tracker sees them: an incident, what it owes, and the document's row, at one stroke."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from db.models import ClockStopRow, IncidentRow, ObligationRow, PostmortemRow
from pmcore.domain.vocabulary import ClockKind, ObligationLevel, PostmortemStatus, Severity
from tests.factories import NOON, add

_INCIDENT = {
    "title": "Mail stops", "severity": Severity.P0, "zone": "Europe/Moscow", "detected_at": None,
    "acknowledged_at": None, "resolved_at": None, "impact_seconds": None, "alert_name": "", "detection_method": None,
    "customers_affected": None, "failed_requests": None, "revenue_loss_usd": None, "availability_percent": None,
    "unknown_because": {}, "sla_breach": None, "complaints": None, "near_miss": False, "new_failure_mode": False,
    "interesting": False, "repeats_id": None, "pagerduty_url": "", "grafana_url": "", "prometheus_url": "",
    "restricted": False, "dry_run": False, "imported": False, "reported_at": NOON, "deleted_at": None, "version": 1,
}  # fmt: skip
_POSTMORTEM = {
    "status": PostmortemStatus.DRAFT, "amendment": None, "created_at": NOON, "shared_at": None, "submitted_at": None,
    "first_published_at": None, "edition_number": 0, "changed_at": NOON, "items_total": 0, "items_done": 0,
    "imported": None, "imported_author_key": None, "deleted_at": None, "version": 1,
}  # fmt: skip
_OBLIGATION = {
    "level": ObligationLevel.REQUIRED, "rules": ["p0"], "policy_number": 1, "required_since": NOON,
    "disposition": None, "disposition_reason": None, "disposition_by_id": None, "disposition_at": None,
    "covered_by_id": None, "duplicate_of_id": None, "hand_over_note": "", "version": 1,
}  # fmt: skip


def _of(template: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return template | {name: value for name, value in changes.items() if name in template}


def make_tracked(session: Session, public_id: str, *, author: int, service: int, **changes: Any) -> PostmortemRow:
    """A post-mortem of an incident that lasted twelve minutes and was resolved at 10:12 MSK on its day.

    `started_at`, any column of the three tables, and `drafted` (hours from the clock's start until the draft was
    shared) can be named. Giving `first_published_at` publishes it.
    """
    started = changes.pop("started_at", datetime(2025, 12, 14, 7, tzinfo=UTC))
    resolved = changes.pop("resolved_at", started + timedelta(minutes=12))
    drafted = changes.pop("drafted", None)
    severity = Severity(changes.pop("severity", public_id[:2]))
    if changes.get("first_published_at"):
        changes = {"status": PostmortemStatus.PUBLISHED, "edition_number": 1, "shared_at": resolved, **changes}
    incident = add(
        session,
        IncidentRow(
            **_of(_INCIDENT, changes)
            | {
                "public_id": public_id, "severity": severity, "highest_severity": severity, "service_id": service,
                "started_at": started, "resolved_at": resolved, "reporter_id": author,
                "imported": bool(changes.get("imported")),
                "impact_seconds": changes.get("impact_seconds", int((resolved - started).total_seconds())),
                "search_key": changes.get("search_key", f"{public_id} {changes.get('title', 'Mail stops')}".casefold()),
            }
        ),
    )  # fmt: skip
    owed = {"starts_at": resolved, "drafted_due_at": resolved + timedelta(hours=48)}
    owed["published_due_at"] = owed["drafted_due_at"]
    add(session, ObligationRow(**_of(_OBLIGATION, changes) | owed, incident_id=incident.id, author_id=author))
    if drafted is not None:
        at = resolved + timedelta(hours=drafted)
        add(session, ClockStopRow(incident_id=incident.id, clock=ClockKind.DRAFTED, at=at, by_id=author))
    return add(session, PostmortemRow(**_of(_POSTMORTEM, changes), incident_id=incident.id, author_id=author))


def many_tracked(session: Session, count: int, *, author: int, service: int) -> None:
    """Quickly, for tests of size: one an hour back from noon, three in four published."""

    def batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
        batch = []
        for row in rows:
            batch.append(row)
            if len(batch) == 2_000:
                yield batch
                batch = []
        if batch:
            yield batch

    def incident(n: int) -> dict[str, Any]:
        started = NOON - timedelta(hours=n)
        severity = list(Severity)[n % 3]
        return _INCIDENT | {
            "id": n, "public_id": f"{severity}-{n:06}", "severity": severity, "highest_severity": severity,
            "service_id": service, "started_at": started, "resolved_at": started + timedelta(minutes=n % 90),
            "impact_seconds": n % 90 * 60, "reporter_id": author, "customers_affected": n % 700 or None,
            "search_key": f"{severity}-{n:06} mail stops",
        }  # fmt: skip

    def owed(n: int) -> dict[str, Any]:
        start = NOON - timedelta(hours=n)
        due = start + timedelta(hours=48)
        return _OBLIGATION | {
            "incident_id": n, "author_id": author, "starts_at": start, "drafted_due_at": due, "published_due_at": due,
        }  # fmt: skip

    def document(n: int) -> dict[str, Any]:
        published = NOON - timedelta(hours=n) + timedelta(hours=n % 100 + 1) if n % 4 else None
        status = PostmortemStatus.PUBLISHED if published else PostmortemStatus.DRAFT
        return _POSTMORTEM | {
            "id": n, "incident_id": n, "author_id": author, "status": status, "first_published_at": published,
            "edition_number": int(bool(published)), "items_total": n % 7, "items_done": n % 7 // 2,
        }  # fmt: skip

    for table, row in ((IncidentRow, incident), (ObligationRow, owed), (PostmortemRow, document)):
        for batch in batches(row(n) for n in range(1, count + 1)):
            session.execute(insert(table), batch)
