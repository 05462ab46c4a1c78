"""What a section shows of the incident, in words; a page shows it as a table of two columns."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import streamlit as st

from pages._ui import prose
from pmcore.domain.impact import IN_WORDS, error_budget, in_words
from pmcore.domain.vocabulary import DetectionMethod
from pmcore.words import _, label, times

Facts = Mapping[str, Any]
Pairs = tuple[tuple[str, str], ...]


def table(pairs: Pairs) -> None:
    """Label and value, the value as people typed it."""
    with st.container(width=760):
        st.markdown(
            "\n".join(
                [
                    f"| {_('Fact')} | {_('Value')} |",
                    "|:--|:--|",
                    *(f"| {name} | {prose.line(value) or '–'} |" for name, value in pairs),
                ]
            )
        )


def lines(pairs: Pairs) -> None:
    """The same as lines, for values that are too long for a table on a phone: addresses."""
    with st.container(width=760):
        st.markdown("\n".join(f"- **{name}:** {prose.line(value) or '–'}" for name, value in pairs))


def details(facts: Facts) -> Pairs:
    return (
        (_("Priority"), str(facts.get("severity") or "")),
        (_("Service Affected"), str(facts.get("service") or "")),
        (_("Customer Impact"), _count(facts, "customers_affected", _("{count} customers"))),
        (_("Failed Requests"), _count(facts, "failed_requests", _("{count} requests"))),
        (_("Revenue Impact"), _money(facts)),
        (_("Started"), _moment(facts, "started_at")),
        (_("Alert Fired"), _moment(facts, "detected_at")),
        (_("Acknowledged"), _moment(facts, "acknowledged_at")),
        (_("Resolved"), _moment(facts, "resolved_at")),
        (_("Alert Name"), str(facts.get("alert_name") or "")),
        (_("Detection Method"), _method(facts)),
        (_("Time to Detection (TTD)"), _lasted(facts, "time_to_detect_seconds")),
        (_("Duration, detection to resolution"), _lasted(facts, "time_to_resolve_seconds")),
        (_("Impact, start to resolution"), _lasted(facts, "impact_seconds")),
    )


def impact(facts: Facts) -> Pairs:
    percent = str(facts.get("availability_percent") or "")
    return (
        (_("Affected Users"), _count(facts, "customers_affected", "{count}")),
        (_("Failed Requests"), _count(facts, "failed_requests", "{count}")),
        (_("Revenue Loss"), _money(facts)),
        (
            _("SLA Breach"),
            {"yes": _("Yes"), "no": _("No")}.get(str(facts.get("sla_breach")), _why(facts, "sla_breach")),
        ),
        (_("Customer Complaints"), _count(facts, "complaints", "{count}")),
        (_("Availability"), f"{times.figure(percent)} %" if percent else _why(facts, "availability_percent")),
        (_("Impact, start to resolution"), _lasted(facts, "impact_seconds")),
    )


def references(facts: Facts) -> Pairs:
    return (
        (_("Incident"), str(facts.get("pagerduty_url") or "")),
        (_("Grafana Dashboard"), str(facts.get("grafana_url") or "")),
        (_("Prometheus Alerts"), str(facts.get("prometheus_url") or "")),
    )


def budget(facts: Facts) -> str:
    """The arithmetic of the error budget in one sentence, or what it still needs."""
    used = error_budget(facts)
    if used is None:
        return _("The error budget needs the availability that was reached and the time from start to resolution.")
    return _(IN_WORDS).format(**{name: times.figure(value) for name, value in in_words(used).items()})


def _why(facts: Facts, key: str) -> str:
    reason = (facts.get("unknown_because") or {}).get(key)
    return _("unknown, because {reason}").format(reason=reason) if reason else ""


def _count(facts: Facts, key: str, sentence: str) -> str:
    count = str(facts.get(key) or "")
    return sentence.format(count=times.number(int(count))) if count.isdigit() else _why(facts, key)


def _money(facts: Facts) -> str:
    amount = str(facts.get("revenue_loss_usd") or "")
    return times.usd(Decimal(amount)) if amount else _why(facts, "revenue_loss_usd")


def _moment(facts: Facts, key: str) -> str:
    at = str(facts.get(key) or "")
    zone = str(facts.get("zone") or "UTC")
    return times.moment(datetime.fromisoformat(at), zone, seconds=True) if at else _why(facts, key)


def _method(facts: Facts) -> str:
    method = str(facts.get("detection_method") or "")
    return label(DetectionMethod(method)) if method else _why(facts, "detection_method")


def _lasted(facts: Facts, key: str) -> str:
    seconds = str(facts.get(key) or "")
    return times.duration(int(seconds) if seconds.isdigit() else None)
