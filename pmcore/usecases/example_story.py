"""What happened in the worked example, as data. Times of day are Moscow's (UTC+3), on 14 December 2025."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pmcore.domain.vocabulary import ActionKind, ActionPriority, Horizon, ImpactFigure, LessonKind, TimelineKind
from pmcore.usecases.example_cast import BACKEND, DEVOPS, QA, Placeholder

ZONE = "Europe/Moscow"
SERVICE = "email-service"
PUBLIC_ID = "P0-001"
TITLE = "email-service: database connection pool exhausted"
STARTED = datetime(2025, 12, 14, 7, 0, 0, tzinfo=UTC)
DETECTED = STARTED + timedelta(minutes=2, seconds=15)
ACKNOWLEDGED = STARTED + timedelta(minutes=3)
RESOLVED = STARTED + timedelta(minutes=12)

#: The clock of each later step; the drafted and the published clock both end within 48 hours.
REPORTED = STARTED + timedelta(minutes=3, seconds=30)
DRAFT_BEGUN = RESOLVED + timedelta(hours=2)
DRAFT_SHARED = RESOLVED + timedelta(hours=5)
SUBMITTED = RESOLVED + timedelta(hours=24)
SIGNED = RESOLVED + timedelta(hours=28)
PUBLISHED = RESOLVED + timedelta(hours=30)


FACTS: dict[str, Any] = {
    "alert_name": "EmailServiceDown",
    "customers_affected": 500,
    "failed_requests": 1200,
    "revenue_loss_usd": Decimal("150.00"),
    "availability_percent": Decimal("98.5"),
    "sla_breach": True,
    "complaints": 3,
    "pagerduty_url": "http://pagerduty.com/incidents/P0-001",
    "grafana_url": "http://grafana.monitoring/d/slo-dashboard?from=1765695600000&to=1765696320000",
    "prometheus_url": "http://prometheus.monitoring:9090/alerts?search=EmailServiceDown",
}

SUMMARY: dict[str, Any] = {
    "incident": "email-service answered with 500 errors because it had run out of database connections.",
    "impact": "About 500 users affected, $150 estimated revenue loss, 12 minutes downtime.",
    "root_cause": "The connection pool was too small for peak traffic, and nobody watched how full it was.",
    "resolution": "The pool was raised from 10 to 50 connections and the pods were restarted.",
    "prevention": "Pool usage is measured and alerted on, and the pool follows the traffic.",
    "can_recur": "Not at today's peaks: the pool is five times as large. It does not follow the traffic before AI-3.",
    "confirmed": [
        {"id": figure.value, "figure": figure.value}
        for figure in (ImpactFigure.DURATION, ImpactFigure.SLA, ImpactFigure.COMPLAINTS)
    ],
}

#: (seconds after the start, kind, event, actor)
TIMELINE: tuple[tuple[int, TimelineKind, str, str], ...] = (
    (0, TimelineKind.INCIDENT_START, "Incident Start: Service started throwing 500 errors", "System"),
    (135, TimelineKind.ALERT, "Alert Fired: EmailServiceDown", "Prometheus"),
    (150, TimelineKind.PAGED, "On-call engineer paged", "PagerDuty"),
    (180, TimelineKind.ACKNOWLEDGED, "Engineer acknowledged, started investigation", "@engineer"),
    (300, TimelineKind.IDENTIFIED, "Identified root cause: Database connection pool exhausted", "@engineer"),
    (390, TimelineKind.FIX, "Applied fix: Increased pool size from 10 to 50", "@engineer"),
    (420, TimelineKind.FIX, "Restarted email-service pods", "@engineer"),
    (540, TimelineKind.RECOVERED, "Service recovered, availability >99%", "System"),
    (720, TimelineKind.RESOLVED, "Incident resolved, alert cleared", "Prometheus"),
)

WHAT_HAPPENED = """Email service ran out of database connections due to connection pool exhaustion.

```
The pool was configured with max_size=10, but during peak traffic (125 req/s),
we needed ~35 concurrent connections. When pool was exhausted, new requests
failed with "TimeoutError: Could not acquire connection from pool within 30s".
```
"""
ROOT_CAUSE = "Insufficient connection pool size + lack of monitoring on pool usage"
FACTORS = (
    "Traffic spike during peak hours (10 AM MSK) - 2x normal volume",
    "Long-running queries holding connections longer than expected",
    "No auto-scaling configured for database connection pool",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One answer; `parent` is the index of the why it asks about. Detection is a branch of its own."""

    parent: int | None
    question: str
    answer: str
    stop_because: str = ""
    action: str = ""  #: "AI-1"


WHYS = (
    Why(parent=None, question="Why did the service fail?", answer="Database connections were exhausted"),
    Why(
        parent=0,
        question="Why were connections exhausted?",
        answer="Connection pool max_size=10 was too small for peak traffic",
    ),
    Why(
        parent=1,
        question="Why was pool size set to 10?",
        answer="Default configuration from initial setup, never adjusted",
        stop_because="The pool will follow the traffic, so no fixed size has to be right",
        action="AI-3",
    ),
    Why(
        parent=0,
        question="Why wasn't this detected earlier?",
        answer="No alerting on connection pool usage metrics",
        action="AI-2",
    ),
    Why(
        parent=3,
        question="Why was there no alerting?",
        answer="PostgreSQL connection pool metrics were not exported to Prometheus",
        stop_because="Exporting them is something we can do",
        action="AI-1",
    ),
)

IMPACT = {
    "user_share": "25",
    "user_experience": 'Users saw "Service Temporarily Unavailable" error',
    "revenue_basis": "$0.125 per failed request",
    "budget_remaining": "72",
}

IMMEDIATE_FIX = """```bash
# Increased connection pool size
kubectl set env deployment/email-service -n production \\
  DB_POOL_SIZE=50

# Restarted pods to apply change
kubectl rollout restart deployment/email-service -n production
```
"""
VALIDATION = """```bash
# Verified service recovered
kubectl get pods -n production -l app=email-service
# All pods Running

# Verified SLO metrics recovered
curl http://prometheus:9090/api/v1/query?query=slo:email_service:availability:ratio_rate5m
# Result: 0.999 (99.9%)
```
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    title: str
    priority: ActionPriority
    kind: ActionKind
    owner: Placeholder
    due_on: date
    criterion: str


ITEMS = (
    Item(
        title="Add Prometheus metrics for connection pool usage",
        priority=ActionPriority.HIGH,
        kind=ActionKind.DETECTION,
        owner=BACKEND,
        due_on=date(2025, 12, 21),
        criterion="`db_pool_connections_active`, `db_pool_connections_idle` metrics exported",
    ),
    Item(
        title="Create alert for high connection pool usage (>80%)",
        priority=ActionPriority.HIGH,
        kind=ActionKind.DETECTION,
        owner=DEVOPS,
        due_on=date(2025, 12, 21),
        criterion="Alert fires when pool >80% utilized",
    ),
    Item(
        title="Implement auto-scaling for connection pool based on traffic",
        priority=ActionPriority.HIGH,
        kind=ActionKind.PREVENTION,
        owner=BACKEND,
        due_on=date(2025, 12, 28),
        criterion="Pool size adjusts automatically between 10-100",
    ),
    Item(
        title="Review and optimize long-running queries",
        priority=ActionPriority.MEDIUM,
        kind=ActionKind.PREVENTION,
        owner=BACKEND,
        due_on=date(2026, 1, 15),
        criterion="All queries <500ms P95",
    ),
    Item(
        title="Add connection pool monitoring to Grafana dashboard",
        priority=ActionPriority.MEDIUM,
        kind=ActionKind.DETECTION,
        owner=DEVOPS,
        due_on=date(2026, 1, 15),
        criterion="Panel showing pool usage trends",
    ),
    Item(
        title="Conduct load testing to validate new pool size",
        priority=ActionPriority.LOW,
        kind=ActionKind.PROCESS,
        owner=QA,
        due_on=date(2026, 3, 1),
        criterion="System handles 3x peak traffic without issues",
    ),
)

LESSONS: tuple[tuple[LessonKind, str], ...] = (
    (LessonKind.WENT_WELL, "Alert fired quickly (2m 15s TTD)"),
    (LessonKind.WENT_WELL, "On-call engineer responded promptly"),
    (LessonKind.WENT_WELL, "Root cause identified quickly (5 minutes)"),
    (LessonKind.WENT_WELL, "Fix applied and validated within 12 minutes total"),
    (LessonKind.WENT_BADLY, "No monitoring on database connection pool usage"),
    (LessonKind.WENT_BADLY, "Default configuration never reviewed after initial setup"),
    (LessonKind.WENT_BADLY, "No load testing under peak traffic scenarios"),
    (LessonKind.SURPRISING, "Traffic spike was 2x normal but not unprecedented (happens monthly)"),
    (
        LessonKind.SURPRISING,
        "Long-running queries were caused by missing index on `emails.received_at` column",
    ),
)

MEASURES: tuple[tuple[Horizon, str], ...] = (
    (Horizon.IMMEDIATE, "Increased DB pool size to 50"),
    (Horizon.IMMEDIATE, "Restarted service with new config"),
    (Horizon.SHORT_TERM, "Add connection pool monitoring"),
    (Horizon.SHORT_TERM, "Create alerting on high pool usage"),
    (Horizon.SHORT_TERM, "Review all database indexes"),
    (Horizon.LONG_TERM, "Implement auto-scaling for connection pool"),
    (Horizon.LONG_TERM, "Conduct regular load testing"),
    (Horizon.LONG_TERM, "Build automated capacity planning based on traffic trends"),
)

RELATED = (("P0-012", "similar connection pool issue 6 months ago"),)
DISTRIBUTION = "Engineering team, Product team, Support team"
