"""Time to detect and to resolve: an incident a dot, on a log axis with the median, and no trend."""

import pyarrow as pa
import streamlit as st

from pages._metrics import cards
from pages._ui import folded, tables
from pmcore.charts import metrics_dots as charts
from pmcore.domain.metrics import DEFINITIONS, Metric
from pmcore.readmodels.metrics import MetricsView
from pmcore.words import _
from pmcore.words import metrics as words

TWO = (Metric.TIME_TO_DETECT, Metric.TIME_TO_RESOLVE)


def show(view: MetricsView) -> None:
    words_of = _("How quickly incidents are noticed and resolved")
    if (place := folded.expander(words_of, key="metrics-speed", icon=":material/speed:")) is None:
        return
    with place:
        st.markdown(_(DEFINITIONS[Metric.TIME_TO_DETECT].caution))
        with st.grid(2, min_column_width=300, gap="small", key="metrics-dots"):
            for metric in TWO:
                with st.container(border=True, gap="xsmall", height="stretch", key=f"metric-{metric}"):
                    _one(view, metric)


def _one(view: MetricsView, metric: Metric) -> None:
    figure = view.figures[metric]
    st.markdown(f"## {words.name(metric)}\n\n**{words.main_value(figure)}** {charts.dots_words(figure)}")
    if figure.of:
        picture(view, metric)
    cards.link(view, metric)


def picture(view: MetricsView, metric: Metric) -> None:
    name = f"metric-dots-{metric}"
    table = tables.once(name, view, lambda: charts.dots_table(metric, view))
    alt = tables.once(f"{name}-alt", view, lambda: charts.dots_alt(metric, view))
    if cards.in_tables():
        shown = ("incident", "severity", "at", "took")
        st.dataframe(
            tables.once(f"{name}-rows", view, lambda: pa.table({key: table[key] for key in shown})),
            key=f"{name}-table", hide_index=True, alt=alt, height=280,
            column_config={
                "incident": _("Incident"), "severity": _("Severity"),
                "at": st.column_config.DateColumn(_("Began"), format="YYYY-MM-DD"), "took": _("Took"),
            },
        )  # fmt: skip
        return
    drawn = tables.once(f"{name}-drawn", view, lambda: tables.drawn(charts.dots_spec(), pa.table(table)))
    st.vega_lite_chart(spec=drawn, key=f"{name}-chart", alt=alt)
