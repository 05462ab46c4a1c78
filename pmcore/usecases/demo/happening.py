"""An incident as it is lived through: reported, logged, resolved, and its figures added when it is over."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pmcore.domain.vocabulary import DetectionMethod, Language, Severity
from pmcore.usecases.demo.cast import ENGINEERS, ZONE, reviewers_of
from pmcore.usecases.demo.stage import Play, Stage
from pmcore.usecases.demo.story import Story, Told
from pmcore.usecases.incident_keeping import NameViewer, name_viewer
from pmcore.usecases.incidents import EditIncident, MoreFacts, ReportIncident, edit_incident, report_incident
from pmcore.usecases.log import AddLogEntry, ResolveNow, add_log_entry, resolve_now

#: Users a minute and how many of a hundred requests failed, by severity: the least and the most.
_USERS = {Severity.P0: (40, 160), Severity.P1: (8, 45), Severity.P2: (1, 9)}
_FAILED = {Severity.P0: (3.0, 42.0), Severity.P1: (0.6, 4.5), Severity.P2: (0.05, 0.7)}
_UNKNOWN = {
    Language.ENGLISH: "The orders went through later by themselves; nobody can tell which would have been lost",
    Language.RUSSIAN: "Часть заказов оформили позже, отделить потерянные от отложенных не получилось",
}
_PAGED = {Language.ENGLISH: "On-call engineer paged", Language.RUSSIAN: "Вызван дежурный инженер"}
_ACKED = {
    Language.ENGLISH: ("Acknowledged, looking at the dashboards", "Acknowledged, comparing with the last release"),
    Language.RUSSIAN: ("Принял, смотрю дашборды", "Принял, сверяю с последним релизом"),
}


def happen(stage: Stage, story: Story, told: Told, rng: random.Random) -> Play:
    """From the first alert to the figures of the next hour. `stage.incidents[told.key]` is set on the way."""
    started = stage.start_of(told.days, rng)
    length = timedelta(minutes=told.minutes)
    found = started + _after(rng, length, 0.05, 0.22)
    acked = found + timedelta(seconds=rng.randrange(50, 200))
    over = started + length
    yield acked + timedelta(seconds=40)
    earlier = stage.incidents.get(told.flagged("repeats"))
    facts = MoreFacts(
        detected_at=found, acknowledged_at=acked, alert_name=story.alert, repeats_id=earlier,
        detection_method=_noticed(told), restricted="restricted" in told.flags,
        pagerduty_url=f"https://pager.example.com/incidents/{rng.randrange(10**5, 10**6)}",
    )  # fmt: skip
    incident_id = stage.do(
        report_incident,
        ReportIncident(
            title=told.title, severity=told.severity, service=told.service, started_at=started, facts=facts,
            dry_run="dry_run" in told.flags,
        ),
        by=told.author,
    )  # fmt: skip
    stage.incidents[told.key] = incident_id
    if facts.restricted:
        for username in _let_in(stage, told, story):
            stage.do(
                name_viewer, NameViewer(incident_id=incident_id, user_id=stage.actors[username].user_id), by=told.author
            )
    yield from _log(stage, story, told, rng, incident_id, found=found, acked=acked, over=over)
    yield over + _after(rng, timedelta(minutes=60), 0.2, 0.8)
    _add_figures(stage, told, story, rng, incident_id, facts)


def _let_in(stage: Stage, told: Told, story: Story) -> list[str]:
    """Those who will sign and do something about it; everybody else sees nothing of a restricted incident."""
    return [*reviewers_of(story.language).values(), *(u for u in ENGINEERS[story.language][:2] if u != told.author)]


def _noticed(told: Told) -> DetectionMethod:
    if "by_customer" in told.flags:
        return DetectionMethod.CUSTOMER_REPORT
    return DetectionMethod.MANUAL if "by_hand" in told.flags else DetectionMethod.ALERT


def _after(rng: random.Random, length: timedelta, least: float, most: float) -> timedelta:
    return timedelta(seconds=round(length.total_seconds() * rng.uniform(least, most)))


def _log(
    stage: Stage, story: Story, told: Told, rng: random.Random, incident_id: int, *,
    found: datetime, acked: datetime, over: datetime,
) -> Play:  # fmt: skip
    """What was noted while it went on, by whoever had a hand free."""
    team = [told.author, *(u for u in ENGINEERS[story.language] if u != told.author)]
    first = (
        f"/alert {_clock(found)} {story.alert}",
        f"/paged {_clock(found + timedelta(seconds=15))} {_PAGED[story.language]}",
        f"/ack {_clock(acked)} {rng.choice(_ACKED[story.language])}",
    )
    for line in first:
        stage.do(add_log_entry, AddLogEntry(incident_id=incident_id, line=line), by=told.author)
    begun, steps = stage.at, sorted(rng.uniform(0.08, 0.9) for _ in story.timeline)
    for line, step in zip(story.timeline, steps, strict=True):
        yield begun + (over - begun) * step
        by = told.author if "restricted" in told.flags else rng.choice(team[:3])
        text = line.removeprefix("note ") if line.startswith("note ") else f"/{line}"
        text = text.replace("{service}", told.service)
        stage.do(add_log_entry, AddLogEntry(incident_id=incident_id, line=text), by=by)
    yield over
    stage.do(resolve_now, ResolveNow(incident_id=incident_id), by=told.author)


def _clock(at: datetime) -> str:
    """A time of day as people type it into the log."""
    return f"{at.astimezone(ZoneInfo(ZONE)):%H:%M:%S}"


def _add_figures(
    stage: Stage, told: Told, story: Story, rng: random.Random, incident_id: int, facts: MoreFacts
) -> None:
    incident = stage.work.incidents.get(incident_id, actor=stage.actors[told.author])
    stage.do(
        edit_incident,
        EditIncident(
            incident_id=incident_id, version=incident.version, title=told.title, service=told.service,
            started_at=incident.started_at, zone=incident.zone,
            facts=replace(facts, resolved_at=incident.resolved_at, **figures(told, story, rng)),
        ),
        by=told.author,
    )  # fmt: skip


def figures(told: Told, story: Story, rng: random.Random) -> dict[str, Any]:
    """How big it was: more users the worse and the longer, and now and then a figure that nobody knows."""
    users = round(rng.uniform(*_USERS[told.severity]) * told.minutes)
    failed = round(users * rng.uniform(1.6, 3.1))
    lost = Decimal(round(failed * rng.uniform(0.05, 0.22) * 100)) / 100
    known: dict[str, Any] = {
        "customers_affected": users,
        "failed_requests": failed,
        "revenue_loss_usd": lost,
        "availability_percent": Decimal(round((100 - rng.uniform(*_FAILED[told.severity])) * 100)) / 100,
        "sla_breach": told.severity is Severity.P0 and rng.random() < 0.8,
        "complaints": rng.randrange(1, 12) if told.severity is Severity.P0 or "complaints" in told.flags else 0,
        "grafana_url": f"https://grafana.example.com/d/{told.service}/overview",
        "near_miss": "near_miss" in told.flags,
        "new_failure_mode": told.severity is Severity.P2,
    }
    if "unknown" in told.flags:
        known |= {"revenue_loss_usd": None, "unknown_because": {"revenue_loss_usd": _UNKNOWN[story.language]}}
    return known
