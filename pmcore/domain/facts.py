"""What a section says that was entered elsewhere: copied into its content, so that hashes and signatures cover it.

Every value is a string ("" is "not said"), so that equal facts are equal bytes. Times are ISO 8601 in UTC, durations
whole seconds, people and services ids (a rename voids no signature; a service's name beside its id is how it was called
when its facts were first copied).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pmcore.domain.action_item import ActionItem
from pmcore.domain.incident import Incident, impact_duration, time_to_detect, time_to_resolve

Facts = dict[str, Any]


def details_facts(incident: Incident) -> Facts:
    """Incident Details: classification, times and what follows from them."""
    return {
        "severity": incident.severity.value,
        "service_id": str(incident.service_id),
        "service": incident.service,
        "zone": incident.zone,
        "customers_affected": _text(incident.customers_affected),
        "failed_requests": _text(incident.failed_requests),
        "revenue_loss_usd": _text(incident.revenue_loss_usd),
        "started_at": _text(incident.started_at),
        "detected_at": _text(incident.detected_at),
        "acknowledged_at": _text(incident.acknowledged_at),
        "resolved_at": _text(incident.resolved_at),
        "alert_name": incident.alert_name,
        "detection_method": _text(incident.detection_method),
        "time_to_detect_seconds": _text(time_to_detect(incident)),
        "time_to_resolve_seconds": _text(time_to_resolve(incident)),
        "impact_seconds": _text(impact_duration(incident)),
        "unknown_because": dict(incident.unknown_because),
    }


def impact_facts(incident: Incident, *, slo_target_percent: str = "", slo_window_days: int = 0) -> Facts:
    """Impact Assessment: figures, and the service level objective in force when the post-mortem was started."""
    return {
        "customers_affected": _text(incident.customers_affected),
        "failed_requests": _text(incident.failed_requests),
        "revenue_loss_usd": _text(incident.revenue_loss_usd),
        "sla_breach": _text(incident.sla_breach),
        "complaints": _text(incident.complaints),
        "availability_percent": _text(incident.availability_percent),
        "impact_seconds": _text(impact_duration(incident)),
        "slo_target_percent": slo_target_percent,
        "slo_window_days": str(slo_window_days) if slo_window_days else "",
        "unknown_because": dict(incident.unknown_because),
    }


def reference_facts(incident: Incident) -> Facts:
    """References: the links that were reported with the incident."""
    return {
        "pagerduty_url": incident.pagerduty_url,
        "grafana_url": incident.grafana_url,
        "prometheus_url": incident.prometheus_url,
    }


def item_facts(items: Iterable[ActionItem]) -> Facts:
    """Action Items: what was agreed of each; never state, evidence, extensions or a later owner."""
    return {
        "items": [
            {
                "number": str(item.number),
                "title": item.title,
                "owner_id": _text(item.agreed_owner_id or item.owner_id),
                "due_on": _text(item.original_due_on or item.due_on),
                "criterion": item.criterion,
                "kind": item.kind.value,
            }
            for item in sorted(items, key=lambda item: item.number)
        ]
    }


def keep_names(old: Mapping[str, Any], new: Facts) -> Facts:
    """The new facts, with what must not move by itself kept: a service's name while it is the same service, and the
    objective that was in force when the post-mortem was started."""
    kept = dict(new)
    if old.get("service_id") and old.get("service_id") == new.get("service_id"):
        kept["service"] = old["service"]
    for key in ("slo_target_percent", "slo_window_days"):
        if key in new and old.get(key):
            kept[key] = old[key]
    return kept


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat(timespec="seconds")
        case timedelta():
            return str(int(value.total_seconds()))
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)
