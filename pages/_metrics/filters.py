"""Period, service, severity: in the address, so that a link shows the same figures again."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._ui import address, popover
from pmcore.domain.metrics import WINDOWS
from pmcore.domain.vocabulary import Severity
from pmcore.readmodels.address import EARLIEST, LATEST
from pmcore.readmodels.metric_periods import PERIOD_WORDS, Period, days_of, period_of
from pmcore.readmodels.metrics import METRICS_NAMES, BadMetrics, MetricsFilter, RowsFilter, usual_filter
from pmcore.words import _, label, say, times

PAGE = "metrics"


def asked(today: date) -> tuple[MetricsFilter, RowsFilter | None]:
    """What the address asks for: the period, and the rows of a figure. One that cannot be read is said and dropped."""
    said = address.read(PAGE, names=METRICS_NAMES)
    try:
        return MetricsFilter.of(said, today=today), RowsFilter.of(said)
    except BadMetrics as refusal:
        st.warning(say(refusal), icon=":material/filter_alt_off:")
        address.write(PAGE, {})
        return usual_filter(today), None


def params(filter: MetricsFilter, rows: RowsFilter | None) -> dict[str, str]:
    return rows.params(filter) if rows else filter.params()


def draw(filter: MetricsFilter, rows: RowsFilter | None, services: Mapping[int, str], today: date) -> None:
    """As the address has them; a change goes to the address. Above the rows of a figure it stays with them."""
    address.follow(PAGE, params(filter, rows), lambda: {
        "metrics-period": period_of(filter, today), "metrics-since": filter.since, "metrics-until": filter.until,
        "metrics-service": filter.service_id if filter.service_id in services else None,
        "metrics-severity": filter.severity, "metrics-window": filter.window_days,
    })  # fmt: skip
    changed = {"on_change": _changed, "args": (rows,)}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="metrics-filters"):
        st.selectbox(
            _("Period"), list(Period), index=None, format_func=lambda key: _(PERIOD_WORDS[key]), key="metrics-period",
            placeholder=_("other days"), width=190, on_change=_period_changed, args=(rows, today),
        )  # fmt: skip
        st.selectbox(
            _("Service"), list(services), index=None, format_func=lambda key: services.get(key, "–"),
            key="metrics-service", placeholder=_("any"), width=170, **changed,
        )  # fmt: skip
        st.pills(
            _("Severity"), list(Severity), format_func=label, key="metrics-severity", width="content", **changed
        )  # fmt: skip
        if place := popover.opened(_("Other days"), icon=":material/date_range:", key="metrics-more"):
            with place:
                _more(changed)
        st.toggle(_("Tables for charts"), key="metrics-tables", persist_state="session")


def _more(changed: Mapping[str, Any]) -> None:
    for key, words in (("metrics-since", _("From")), ("metrics-until", _("Until"))):
        st.date_input(words, value=None, min_value=EARLIEST, max_value=LATEST, key=key, format="YYYY-MM-DD", **changed)
    st.segmented_control(
        _("Repeated within"), list(WINDOWS), format_func=times.days, key="metrics-window", required=True, **changed
    )  # fmt: skip


def place_for_files() -> DeltaGenerator:
    """Where the files are offered, once the filter is known."""
    return st.container(horizontal=True, gap="xsmall", width="content", key="metrics-files")


def take_away(filter: MetricsFilter) -> None:
    query = urlencode(filter.params())
    st.link_button(
        _("Excel"), f"/download/metrics.xlsx?{query}", type="primary", icon=":material/download:", key="metrics-xlsx",
        help=_("All rows, and the figures as formulas over them"),
    )  # fmt: skip
    st.link_button(_("Report on one page"), f"/print/metrics?{query}", icon=":material/print:", key="metrics-print")


def _typed() -> dict[str, str]:
    state = st.session_state
    said = {
        "from": str(state["metrics-since"] or ""), "to": str(state["metrics-until"] or ""),
        "service": str(state["metrics-service"] or ""), "severity": state["metrics-severity"] or "",
        "days": str(state["metrics-window"] or ""),
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def _changed(rows: RowsFilter | None) -> None:
    address.write(PAGE, _typed() | ({"metric": rows.metric, "which": rows.which} if rows else {}))


def _period_changed(rows: RowsFilter | None, today: date) -> None:
    chosen = st.session_state["metrics-period"] or Period.TWELVE_MONTHS
    st.session_state["metrics-since"], st.session_state["metrics-until"] = days_of(chosen, today)
    _changed(rows)
