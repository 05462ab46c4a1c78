"""The part of an incident's form that is no time: figures, why one is unknown, flags and links."""

from decimal import Decimal
from typing import Any

import streamlit as st

from pages._ui import flash
from pmcore.domain.incident import Incident
from pmcore.words import _
from wiring import ask

LINKS = {"pagerduty_url": "PagerDuty", "grafana_url": "Grafana", "prometheus_url": "Prometheus"}
_UNKNOWN = ("customers_affected", "failed_requests", "revenue_loss_usd", "availability_percent", "detected_at")


def index_of(options: list[Any], value: Any) -> int | None:
    return options.index(value) if value in options else None


def figures(known: Incident | None, *, key: str) -> dict[str, Any]:
    def count(name: str, title: str, column: Any) -> int | None:
        with column:
            value = st.number_input(
                title, value=getattr(known, name) if known else None, step=1, format="%d", key=f"{key}-{name}",
                placeholder=_("unknown"),
            )  # fmt: skip
            flash.beside(key, name)
        return None if value is None else int(value)

    def amount(name: str, title: str, column: Any) -> Decimal | None:
        with column:
            value = st.number_input(
                title, value=float(getattr(known, name)) if known and getattr(known, name) is not None else None,
                step=None, format="%.2f" if name == "revenue_loss_usd" else "%.3f", key=f"{key}-{name}",
                placeholder=_("unknown"),
            )  # fmt: skip
            flash.beside(key, name)
        return None if value is None else Decimal(str(value))

    left, right = st.columns(2)
    said: dict[str, Any] = {
        "customers_affected": count("customers_affected", _("Customers affected"), left),
        "failed_requests": count("failed_requests", _("Failed requests"), right),
        "revenue_loss_usd": amount("revenue_loss_usd", _("Revenue loss, USD"), left),
        "availability_percent": amount("availability_percent", _("Availability reached, percent"), right),
    }
    said["complaints"] = count("complaints", _("Customer complaints"), left)
    answers = {True: _("Yes"), False: _("No")}
    said["sla_breach"] = right.selectbox(
        _("Was an SLA breached?"), list(answers), index=index_of(list(answers), known and known.sla_breach),
        format_func=answers.__getitem__, key=f"{key}-sla", placeholder=_("unknown"),
    )  # fmt: skip
    said["unknown_because"] = _reasons(known, key=key)
    return said


def _reasons(known: Incident | None, *, key: str) -> dict[str, str]:
    """Unknown is a value, and better with its reason."""
    names = {
        "customers_affected": _("Customers affected"), "failed_requests": _("Failed requests"),
        "revenue_loss_usd": _("Revenue loss, USD"), "availability_percent": _("Availability reached, percent"),
        "detected_at": _("Detected"),
    }  # fmt: skip
    with st.expander(_("Something cannot be known? Say why")):
        return {
            name: st.text_input(
                _("{fact} is unknown because").format(fact=names[name]),
                known.unknown_because.get(name, "") if known else "", key=f"{key}-why-{name}", max_chars=2000,
            )
            for name in _UNKNOWN
        }  # fmt: skip


def reasons(known: Incident | None) -> dict[str, str]:
    """The boxes that ask why a fact is unknown, with what is stored."""
    return {f"why-{name}": known.unknown_because.get(name, "") if known else "" for name in _UNKNOWN}


def flags(known: Incident | None, *, key: str) -> dict[str, Any]:
    earlier = {
        choice.incident_id: choice for choice in ask.incident_choices() if not known or choice.incident_id != known.id
    }
    if known and known.repeats_id and known.repeats_id not in earlier:
        earlier = {known.repeats_id: None, **earlier}
    repeats = st.selectbox(
        _("Repeats an earlier incident"), list(earlier), index=index_of(list(earlier), known and known.repeats_id),
        format_func=lambda number: _named(earlier.get(number)), key=f"{key}-repeats", placeholder=_("none"),
    )  # fmt: skip
    with st.container(horizontal=True, gap="medium"):
        said = {
            "near_miss": st.checkbox(_("Near miss"), known.near_miss if known else False, key=f"{key}-near"),
            "new_failure_mode": st.checkbox(
                _("New failure mode"), known.new_failure_mode if known else False, key=f"{key}-new"
            ),
            "interesting": st.checkbox(
                _("Technically interesting"), known.interesting if known else False, key=f"{key}-interesting"
            ),
            "restricted": st.checkbox(
                _("Restricted"), known.restricted if known else False, key=f"{key}-restricted",
                help=_("Seen by those who work on it, by people you name, and by administrators only."),
            ),
        }  # fmt: skip
    return {"repeats_id": repeats, **said}


def _named(choice: Any) -> str:
    return f"{choice.public_id} {choice.title}" if choice else _("an incident that you may not see")


def links(known: Incident | None, *, key: str) -> dict[str, Any]:
    typed = {}
    for name, tool in LINKS.items():
        typed[name] = st.text_input(
            _("Link to {tool}").format(tool=tool), getattr(known, name) if known else "", key=f"{key}-{name}",
            placeholder="https://", max_chars=2000,
        )  # fmt: skip
        flash.beside(key, name)
    return typed
