"""The facts of an incident as a form: drawn once, used by the report, the log and the sections that show them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import streamlit as st

from pages._ui import flash
from pmcore.domain.errors import PmError, Refusals
from pmcore.domain.incident import Incident
from pmcore.domain.moments import AskBack, as_text, local_text
from pmcore.domain.vocabulary import DetectionMethod
from pmcore.domain.workspace import zones
from pmcore.readmodels.incident import IncidentView
from pmcore.usecases.incidents import EditIncident, MoreFacts
from pmcore.words import _, label
from wiring import ask, run

TIMES = ("detected_at", "acknowledged_at", "resolved_at")
_UNKNOWN = ("customers_affected", "failed_requests", "revenue_loss_usd", "availability_percent", "detected_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the form: times as typed, everything else as it will be stored."""

    times: Mapping[str, str]
    rest: Mapping[str, Any]


def time_labels() -> dict[str, str]:
    return {
        "started_at": _("Started"),
        "detected_at": _("Detected"),
        "acknowledged_at": _("Acknowledged"),
        "resolved_at": _("Resolved"),
    }


def more(known: Incident | None, *, key: str, zone: str) -> Typed:
    """The widgets of everything beside title, severity, service and start."""
    left, right = st.columns(2)
    times = {
        name: _time(name, known and getattr(known, name), key=key, zone=zone, place=column)
        for name, column in zip(TIMES, (left, right, left), strict=True)
    }
    left, right = st.columns(2)
    alert = left.text_input(_("Alert name"), known.alert_name if known else "", key=f"{key}-alert", max_chars=2000)
    methods = list(DetectionMethod)
    method = right.selectbox(
        _("How was it noticed?"), methods, index=_index(methods, known and known.detection_method),
        format_func=label, key=f"{key}-method", placeholder=_("not said"),
    )  # fmt: skip
    return Typed(
        times=times,
        rest={
            "alert_name": alert,
            "detection_method": method,
            **_figures(known, key=key),
            **_flags(known, key=key),
            **_links(known, key=key),
        },
    )


def _time(name: str, at: datetime | None, *, key: str, zone: str, place: Any = st) -> str:
    """A time as text; `now`, `-5m`, `0302` and full dates are all understood."""
    return place.text_input(
        time_labels()[name], local_text(at, zone=zone), key=f"{key}-{name}", placeholder=_("now, -5m, 10:02, 10:02:15"),
        max_chars=100,
    )  # fmt: skip


def _index(options: list[Any], value: Any) -> int | None:
    return options.index(value) if value in options else None


def _figures(known: Incident | None, *, key: str) -> dict[str, Any]:
    def count(name: str, title: str, column: Any) -> int | None:
        value = column.number_input(
            title, value=getattr(known, name) if known else None, step=1, format="%d", key=f"{key}-{name}",
            placeholder=_("unknown"),
        )  # fmt: skip
        return None if value is None else int(value)

    def amount(name: str, title: str, column: Any) -> Decimal | None:
        value = column.number_input(
            title, value=float(getattr(known, name)) if known and getattr(known, name) is not None else None,
            step=None, format="%.2f" if name == "revenue_loss_usd" else "%.3f", key=f"{key}-{name}",
            placeholder=_("unknown"),
        )  # fmt: skip
        return None if value is None else Decimal(str(value))

    left, right = st.columns(2)
    figures: dict[str, Any] = {
        "customers_affected": count("customers_affected", _("Customers affected"), left),
        "failed_requests": count("failed_requests", _("Failed requests"), right),
        "revenue_loss_usd": amount("revenue_loss_usd", _("Revenue loss, USD"), left),
        "availability_percent": amount("availability_percent", _("Availability reached, percent"), right),
    }
    figures["complaints"] = count("complaints", _("Customer complaints"), left)
    answers = {True: _("Yes"), False: _("No")}
    figures["sla_breach"] = right.selectbox(
        _("Was an SLA breached?"), list(answers), index=_index(list(answers), known and known.sla_breach),
        format_func=answers.__getitem__, key=f"{key}-sla", placeholder=_("unknown"),
    )  # fmt: skip
    figures["unknown_because"] = _reasons(known, key=key)
    return figures


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


def _flags(known: Incident | None, *, key: str) -> dict[str, Any]:
    earlier = {
        choice.incident_id: choice for choice in ask.incident_choices() if not known or choice.incident_id != known.id
    }
    if known and known.repeats_id and known.repeats_id not in earlier:
        earlier = {known.repeats_id: None, **earlier}
    repeats = st.selectbox(
        _("Repeats an earlier incident"), list(earlier), index=_index(list(earlier), known and known.repeats_id),
        format_func=lambda number: _named(earlier.get(number)), key=f"{key}-repeats", placeholder=_("none"),
    )  # fmt: skip
    with st.container(horizontal=True, gap="medium"):
        flags = {
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
    return {"repeats_id": repeats, **flags}


def _named(choice: Any) -> str:
    return f"{choice.public_id} {choice.title}" if choice else _("an incident that you may not see")


def _links(known: Incident | None, *, key: str) -> dict[str, Any]:
    names = {"pagerduty_url": "PagerDuty", "grafana_url": "Grafana", "prometheus_url": "Prometheus"}
    return {
        name: st.text_input(
            _("Link to {tool}").format(tool=tool), getattr(known, name) if known else "", key=f"{key}-{name}",
            placeholder="https://", max_chars=2000,
        )
        for name, tool in names.items()
    }  # fmt: skip


def read(
    typed: Typed, *, started: str, zone: str, key: str, known: Incident | None = None
) -> tuple[datetime, MoreFacts]:
    """The start and the other facts. Times left as they were shown keep their moment, whatever the zone.

    Raises Refusals with every time that cannot be read; those that the clocks passed twice can be chosen below.
    """
    problems: list[PmError] = []

    def moment(name: str, text: str, after: datetime | None) -> datetime | None:
        at: datetime | None = getattr(known, name) if known else None
        if known and text == local_text(at, zone=known.zone):
            return at
        if not text.strip():
            return None
        try:
            return ask.moment(text, zone=zone, after=after, field=name)
        except AskBack as asked:
            st.session_state[f"{key}-asked"] = (name, asked.choices, zone)
            problems.append(asked)
        except PmError as refused:
            problems.append(refused)
        return None

    st.session_state.pop(f"{key}-asked", None)
    start = moment("started_at", started or "now", None)
    times = {name: moment(name, typed.times[name], start) for name in TIMES}
    if problems or start is None:
        raise Refusals(tuple(problems))
    return start, MoreFacts(**times, **typed.rest)


def choices(*, key: str) -> None:
    """Below a form that was refused for a time that the clocks skipped or passed twice: both answers, one tap each."""
    if f"{key}-asked" not in st.session_state:
        return
    name, moments, zone = st.session_state[f"{key}-asked"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("{field} means:").format(field=time_labels()[name]))
        for number, at in enumerate(moments):
            text = as_text(at, zone=zone)
            st.button(text, key=f"{key}-choice-{number}", on_click=_choose, args=(key, name, text))


def _choose(key: str, name: str, text: str) -> None:
    st.session_state[f"{key}-{name}"] = text
    st.session_state.pop(f"{key}-asked", None)


def service(known: str, *, key: str, width: Any = "stretch") -> str:
    """A service of the list, or a new one by its name."""
    names = [service.name for service in ask.services()]
    names = names if known in names or not known else [known, *names]
    return (
        st.selectbox(
            _("Service"), names, index=_index(names, known), key=f"{key}-service", accept_new_options=True,
            placeholder=_("choose or type a new one"), width=width,
        )
        or ""
    )  # fmt: skip


def edit(view: IncidentView, *, key: str, after: Callable[[], None] = lambda: None) -> None:
    """All facts of a known incident; saving says so and reruns. The form keeps its text when it is refused, and when
    somebody else saves meanwhile."""
    base = f"{key}-{view.incident.id}-base"
    known: Incident = st.session_state.setdefault(base, view.incident)
    prefix = f"{base}-{known.version}"
    if known.version != view.incident.version:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(_("Somebody changed the facts since this form was opened."))
            st.button(
                _("Show what is saved now"), key=f"{prefix}-reload", on_click=st.session_state.pop, args=(base, None)
            )
    with st.form(prefix, border=False):
        title = st.text_input(_("Title"), known.title, key=f"{prefix}-title", max_chars=400)
        affected = service(known.service, key=prefix)
        started = _time("started_at", known.started_at, key=prefix, zone=known.zone)
        typed = more(known, key=prefix, zone=known.zone)
        zone = _zone(known, key=prefix)
        asked = st.form_submit_button(_("Save the facts"), type="primary", key=f"{prefix}-submit")
    if asked:
        with flash.refusals():
            start, facts = read(typed, started=started, zone=zone, key=prefix, known=known)
            run(
                EditIncident(
                    incident_id=known.id, version=known.version, title=title, service=affected, started_at=start,
                    zone=zone, facts=facts,
                )
            )  # fmt: skip
            st.session_state.pop(base, None)
            after()
            flash.say_and_rerun(_("Facts of {public_id} saved.").format(public_id=known.public_id))
    choices(key=prefix)


def _zone(known: Incident, *, key: str) -> str:
    names = list(zones())
    return (
        st.selectbox(
            _("Time zone"), names, index=_index(names, known.zone), key=f"{key}-zone",
            help=_("Times are typed and shown in it."),
        )
        or known.zone
    )  # fmt: skip
