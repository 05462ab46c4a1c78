"""Sections whose body is figures: Incident Details, Timeline, Impact Assessment. Labels are the mission's."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pmcore.documents import facts
from pmcore.documents.blocks import Block, Bullets, Heading, Lines, Note, Pair, Table
from pmcore.documents.source import Source
from pmcore.domain.impact import error_budget
from pmcore.domain.vocabulary import DetectionMethod, SectionKey, TimelineKind
from pmcore.words import label, times


def details(source: Source) -> Iterator[Block]:
    known, zone = source.facts(SectionKey.DETAILS), source.zone
    requests = facts.count(known.get("failed_requests", ""))
    people = facts.count(known.get("customers_affected", ""))
    impact = facts.joined(f"{people} users" if people else "", f"{requests} requests" if requests else "", by=", ")
    loss = facts.usd(known.get("revenue_loss_usd", ""))
    took = facts.duration(known.get("time_to_resolve_seconds", ""))
    detected = facts.duration(known.get("time_to_detect_seconds", ""))
    method = known.get("detection_method", "")
    yield Heading(text="Severity Classification")
    yield Bullets(
        pairs=(
            Pair(label="Priority", value=known.get("severity", ""), hint="P0 / P1 / P2"),
            Pair(label="Service Affected", value=known.get("service", ""), hint="Name of the service"),
            Pair(
                label="Customer Impact",
                value=facts.or_why(impact, known, "customers_affected"),
                hint="Number of affected users and requests",
            ),
            Pair(
                label="Revenue Impact",
                value=facts.or_why(f"{loss} estimated loss" if loss else "", known, "revenue_loss_usd"),
                hint="$XXX estimated loss",
            ),
            Pair(
                label="Duration",
                value=f"{took} from detection to resolution" if took else "",
                hint="XX minutes from detection to resolution",
            ),
        )
    )
    yield Heading(text="Detection")
    yield Bullets(
        pairs=(
            Pair(
                label="Alert Fired",
                value=facts.or_why(facts.moment(known.get("detected_at", ""), zone), known, "detected_at"),
                hint="YYYY-MM-DD HH:MM:SS and zone",
            ),
            Pair(label="Alert Name", value=known.get("alert_name", ""), hint="Name of the alert"),
            Pair(
                label="Detection Method",
                value=label(DetectionMethod(method)) if method else "",
                hint="Automated alert / Customer report / Manual discovery",
            ),
            Pair(
                label="Time to Detection (TTD)",
                value=f"{detected} from incident start to alert" if detected else "",
                hint="X minutes from incident start to alert",
            ),
        )
    )


_MARKS: dict[TimelineKind, str] = {
    TimelineKind.INCIDENT_START: "🔴",
    TimelineKind.ALERT: "🚨",
    TimelineKind.PAGED: "👤",
    TimelineKind.ACKNOWLEDGED: "🔍",
    TimelineKind.IDENTIFIED: "🐛",
    TimelineKind.FIX: "🔧",
    TimelineKind.RECOVERED: "✅",
    TimelineKind.RESOLVED: "✅",
}


def timeline(source: Source) -> Iterator[Block]:
    entries = sorted(source.rows(SectionKey.TIMELINE, "entries"), key=lambda row: row.get("at") or "~")
    moments = [facts.local(row.get("at", ""), source.zone) for row in entries]
    first = next((at for at in moments if at), None)
    one_day = len({at.date() for at in moments if at}) < 2
    zone = times.zone_name(first, source.zone) if first else source.zone or "[zone]"
    yield Note(text=f"All times in {zone}")
    yield Table(
        columns=("Time", "Event", "Actor"),
        rows=tuple(
            (
                f"{at:%H:%M:%S}" if at and one_day else f"{at:%Y-%m-%d %H:%M:%S}" if at else "?",
                facts.joined(_mark(row), row.get("event", "")),
                source.persons.typed(row.get("actor", "")),
            )
            for at, row in zip(moments, entries, strict=True)
        ),
        hints=("HH:MM:SS", "What happened", "Person or system"),
    )
    known = source.facts(SectionKey.DETAILS)
    detect, resolve = (facts.duration(known.get(f"time_to_{what}_seconds", "")) for what in ("detect", "resolve"))
    total = facts.duration(known.get("impact_seconds", ""))
    parts = facts.joined(f"to detect: {detect}" if detect else "", f"to resolve: {resolve}" if resolve else "", by=", ")
    value = facts.joined(total, f"({parts})" if parts else "") if total else ""
    yield Lines(pairs=(Pair(label="Total Duration", value=value, hint="XX minutes (to detect: X, to resolve: Y)"),))


def _mark(row: Mapping[str, str]) -> str:
    kind = row.get("kind", "")
    return _MARKS.get(TimelineKind(kind), "") if kind in set(TimelineKind) else ""


def impact(source: Source) -> Iterator[Block]:
    key = SectionKey.IMPACT
    known, said = source.facts(key), source.section(key)
    users = facts.count(known.get("customers_affected", ""))
    share, basis = said.get("user_share", ""), said.get("revenue_basis", "")
    requests = facts.count(known.get("failed_requests", ""))
    took = facts.duration(known.get("impact_seconds", ""))
    loss = facts.usd(known.get("revenue_loss_usd", ""))
    over = f"over {took}" if took else ""
    yield Heading(text="User Impact")
    yield Bullets(
        pairs=(
            Pair(
                label="Affected Users",
                value=facts.joined(
                    facts.or_why(f"{users} users" if users else "", known, "customers_affected"),
                    f"({facts.percent(share)})" if share else "",
                ),
                hint="Number and share of users",
            ),
            Pair(
                label="Failed Requests",
                value=facts.or_why(
                    facts.joined(f"{requests} requests", over) if requests else "", known, "failed_requests"
                ),
                hint="Number of requests over XX minutes",
            ),
            source.pair(key, "user_experience"),
        )
    )
    yield Heading(text="Business Impact")
    yield Bullets(
        pairs=(
            Pair(
                label="Revenue Loss",
                value=facts.joined(
                    facts.or_why(f"{loss} estimated" if loss else "", known, "revenue_loss_usd"),
                    f"({basis})" if basis else "",
                ),
                hint="$XXX estimated, and how",
            ),
            Pair(label="SLA Breach", value=breach(known, took), hint="Yes / No - availability reached and target"),
            Pair(
                label="Customer Complaints",
                value=facts.or_why(facts.count(known.get("complaints", "")), known, "complaints"),
                hint="Number of tickets",
            ),
        )
    )
    yield Heading(text="SLO Impact")
    yield Bullets(pairs=tuple(_slo(source, known, took)))
    if said.get("notes"):
        yield Heading(text="Notes")
        yield source.prose(key, "notes")


def breach(known: Mapping[str, Any], took: str) -> str:
    """Whether the agreement was broken, and what was reached; else why that is unknown. `took`: a duration in words."""
    answer = {"yes": "Yes", "no": "No"}.get(known.get("sla_breach", ""), "")
    reached, target = facts.percent(known.get("availability_percent", "")), known.get("slo_target_percent", "")
    detail = facts.joined(
        f"availability {reached}" if reached else "",
        f"for {took}" if reached and took else "",
        f"(target: {facts.percent(target)})" if reached and target else "",
    )
    return facts.or_why(facts.joined(answer, detail, by=" - ") if answer else "", known, "sla_breach")


def _slo(source: Source, known: Mapping[str, Any], took: str) -> Iterator[Pair]:
    reached = facts.percent(known.get("availability_percent", ""))
    dropped = facts.joined(f"Dropped to {reached}" if reached else "", f"for {took}" if reached and took else "")
    yield Pair(
        label="Availability",
        value=facts.or_why(dropped, known, "availability_percent"),
        hint="XX.X% for XX minutes",
    )
    yield Pair(label="Error Budget Used", value=budget_used(known), hint="Part of the window's budget")
    remaining = source.pair(SectionKey.IMPACT, "budget_remaining")
    yield replace(remaining, value=facts.percent(remaining.value))


def budget_used(known: Mapping[str, Any]) -> str:
    """Both figures, named: what was used, and what it would have been with everything failed."""
    budget = error_budget(known)
    if budget is None:
        return ""
    window = known.get("slo_window_days", "")
    return (
        f"{facts.rounded(budget.used_percent)} of the {window}-day budget "
        f"({facts.rounded(budget.all_failed_percent)} had everything failed)"
    )
