"""The facts of an incident as a form: drawn once, used by the report, the log and the sections that show them."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from pages._ui import flash, incident_figures
from pages._ui.incident_figures import index_of
from pages._ui.kept import Box, Kept
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the form: times as typed, everything else as it will be stored."""

    times: Mapping[str, str]
    rest: Mapping[str, Any]

    @property
    def texts(self) -> tuple[str, ...]:
        """What was typed into text boxes."""
        said = [self.rest[name] for name in ("alert_name", *incident_figures.LINKS)]
        return (*self.times.values(), *said, *self.rest["unknown_because"].values())


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
        _("How was it noticed?"), methods, index=index_of(methods, known and known.detection_method),
        format_func=label, key=f"{key}-method", placeholder=_("not said"),
    )  # fmt: skip
    return Typed(
        times=times,
        rest={
            "alert_name": alert,
            "detection_method": method,
            **incident_figures.figures(known, key=key),
            **incident_figures.flags(known, key=key),
            **incident_figures.links(known, key=key),
        },
    )


def boxes(known: Incident | None, *, form: str, key: str, **more: str) -> list[Box]:
    """The text boxes of `more`, and others by their names with what is stored."""
    texts = dict(more)
    if known is None:
        texts |= dict.fromkeys((*TIMES, "alert", *incident_figures.reasons(None), *incident_figures.LINKS), "")
    else:
        texts |= {name: local_text(getattr(known, name), zone=known.zone) for name in TIMES}
        texts |= {"alert": known.alert_name, **incident_figures.reasons(known)}
        texts |= {name: getattr(known, name) for name in incident_figures.LINKS}
    return [Box(form=form, name=name, key=f"{key}-{name}", known=text, in_form=True) for name, text in texts.items()]


def _time(name: str, at: datetime | None, *, key: str, zone: str, place: Any = None) -> str:
    """A time as text; `now`, `-5m`, `0302` and full dates are all understood."""
    with place or nullcontext():
        typed = st.text_input(
            time_labels()[name], local_text(at, zone=zone), key=f"{key}-{name}",
            placeholder=_("now, -5m, 10:02, 10:02:15"), max_chars=100,
        )  # fmt: skip
        flash.beside(key, name)
    return typed


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
            refused.field = name
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
            _("Service"), names, index=index_of(names, known), key=f"{key}-service", accept_new_options=True,
            placeholder=_("choose or type a new one"), width=width,
        )
        or ""
    )  # fmt: skip


def kept(view: IncidentView) -> Kept:
    """What is typed into the form of `edit` stays in the browser until it is saved."""
    return Kept(view.incident.id, "facts")


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
        flash.beside(prefix, "title")
        affected = service(known.service, key=prefix)
        flash.beside(prefix, "service_name")
        started = _time("started_at", known.started_at, key=prefix, zone=known.zone)
        typed = more(known, key=prefix, zone=known.zone)
        zone = _zone(known, key=prefix)
        asked = st.form_submit_button(_("Save the facts"), type="primary", key=f"{prefix}-submit")
    if asked:
        with flash.refusals(prefix):
            start, facts = read(typed, started=started, zone=zone, key=prefix, known=known)
            run(
                EditIncident(
                    incident_id=known.id, version=known.version, title=title, service=affected, started_at=start,
                    zone=zone, facts=facts,
                )
            )  # fmt: skip
            st.session_state.pop(base, None)
            kept(view).done("facts", title, started, *typed.texts)
            after()
            flash.say_and_rerun(_("Facts of {public_id} saved.").format(public_id=known.public_id))
    choices(key=prefix)
    times = {"title": known.title, "started_at": local_text(known.started_at, zone=known.zone)}
    kept(view).watch(boxes(known, form="facts", key=prefix, **times))


def _zone(known: Incident, *, key: str) -> str:
    names = list(zones())
    return (
        st.selectbox(
            _("Time zone"), names, index=index_of(names, known.zone), key=f"{key}-zone",
            help=_("Times are typed and shown in it."),
        )
        or known.zone
    )  # fmt: skip
