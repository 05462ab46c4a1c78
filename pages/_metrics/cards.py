"""The eight figures, a card each: value, target, verdict, trend, how it is counted, and the way to its rows."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa
import streamlit as st

from pages._metrics.filters import PAGE
from pages._ui import address, badges, prose, tables
from pmcore.charts import metrics as charts
from pmcore.domain.metrics import DEFINITIONS, EIGHT, REASON_WORDS, Figure, Metric, MetricVerdict
from pmcore.domain.metrics.definitions import NEVER_COUNTED
from pmcore.readmodels.metrics import MetricsFilter, MetricsView, RowsFilter
from pmcore.words import _, language, times
from pmcore.words import metrics as words

#: The order in which one looks at them.
_FIRST = (
    MetricVerdict.MISSES, MetricVerdict.TOO_FEW, MetricVerdict.MEETS, MetricVerdict.NO_TARGET, MetricVerdict.NOTHING,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a card shows, made once for a figure and a language."""

    head: str
    how: str
    table: pa.Table  #: of the trend
    picture: dict[str, Any]  #: of the trend
    alt: str  #: of the trend
    has_trend: bool


def show(view: MetricsView) -> None:
    as_tables = in_tables()
    with st.grid(3, min_column_width=300, gap="small", key="metrics-cards"):
        with st.container(border=True, gap="xsmall", height="stretch", key="metric-glance"):
            st.markdown(tables.once("metrics-glance", view, lambda: _glance(view)))
        for metric in EIGHT:
            with st.container(border=True, gap="xsmall", height="stretch", key=f"metric-{metric}"):
                _card(view, metric, as_tables=as_tables)


def _glance(view: MetricsView) -> str:
    """Which figures stand where, the ones to look at first."""
    lines = [f"## {_('At a glance')}"]
    for verdict in _FIRST:
        names = [words.name(metric) for metric in EIGHT if view.figures[metric].verdict is verdict]
        if names:
            lines.append(f"{badges.metric(verdict)} {', '.join(names)}")
    since, until = times.day(view.filter.since), times.day(view.filter.until)
    lines.append(f":small[{_('Days from {since} to {until}, as of {time}.')}]".format(
        since=since, until=until, time=times.moment(view.as_of, view.zone)
    ))  # fmt: skip
    lines.append(f":small[{_('A dashed line is the target, n/N stands above each bar.')}]")
    return "\n\n".join(lines)


def _card(view: MetricsView, metric: Metric, *, as_tables: bool) -> None:
    said = told(view, metric)
    st.markdown(said.head)
    trend(said, metric, as_tables=as_tables)
    link(view, metric)


def link(view: MetricsView, metric: Metric) -> None:
    """A button: a link to the page that one is on, with other parameters, leads nowhere."""
    params = RowsFilter(metric=metric).params(view.filter)
    words_of = _("How this is counted, row by row") if words.has_rows(metric) else _("How this is counted")
    st.button(
        words_of, icon=":material/table_rows:", key=f"metric-open-{metric}", type="tertiary",
        on_click=address.write, args=(PAGE, params),
    )  # fmt: skip


def told(view: MetricsView, metric: Metric) -> Told:
    """Of a figure that is as it was, when another has changed, nothing is made again."""
    made: dict[Metric, Told] = tables.once(
        "metrics",
        view,
        lambda: {metric: _told(figure, language(), view.filter) for metric, figure in view.figures.items()},
    )
    return made[metric]


@lru_cache(maxsize=1024)
def _told(figure: Figure, _language: str, filter: MetricsFilter) -> Told:
    table = pa.table(charts.trend_table(figure, filter))
    return Told(
        head=_head(figure),
        how=_how(figure),
        table=table,
        picture=tables.drawn(charts.trend_spec(figure.metric), table),
        alt=charts.trend_alt(figure, filter),
        has_trend=any(point.value is not None for point in figure.trend),
    )


def _head(figure: Figure) -> str:
    """Name, value, n of N, verdict, target, the interval, what is worth naming, and what stands beside."""
    lines = [
        f"## {words.name(figure.metric)}",
        f"**{words.main_value(figure)}** {words.counted(figure)}",
        f"{badges.metric(figure.verdict)} {words.target(figure.metric)}",
    ]
    lines += [f":small[{said}]" for said in (words.interval(figure), prose.sentence(words.named(figure))) if said]
    if figure.besides:
        besides = [f":small[**{words.beside_value(one)}** {words.beside_name(one)}]" for one in figure.besides]
        lines.append("\n".join(f"- {said}" for said in besides))
    return "\n\n".join(lines)


def _how(figure: Figure) -> str:
    """Formula, cohort, what is left out and why: the definition's own words."""
    definition = DEFINITIONS[figure.metric]
    parts = [
        f"**{_('Formula')}:** {_(definition.formula)}",
        f"**{_('Counted')}:** {_(definition.cohort)}",
        f"**{_('Not counted')}:** {_(definition.not_counted)} {_(NEVER_COUNTED)}",
    ]
    if definition.caution:
        parts.append(f"**{_('Mind')}:** {_(definition.caution)}")
    if definition.has_interval:
        parts.append(_(words.INTERVAL_EXPLAINED))
    if figure.left_out:
        rows = "\n".join(f"- {times.number(count)}: {_(REASON_WORDS[reason])}" for reason, count in figure.left_out)
        parts.append(f"**{_('Left out here, each listed among the rows')}:**\n{rows}")
    else:
        parts.append(_("Nothing of this period was left out."))
    return "\n\n".join(parts)


def in_tables() -> bool:
    """Whether this reader prefers numbers."""
    return bool(st.session_state.get("metrics-tables"))


def trend(said: Told, metric: Metric, *, as_tables: bool) -> None:
    """The picture, or the same as a table."""
    if not said.has_trend:
        return
    if not as_tables:
        st.vega_lite_chart(spec=said.picture, key=f"metric-trend-{metric}", alt=said.alt)
        return
    st.dataframe(
        said.table.select(["full", "value", "count"]), key=f"metric-table-{metric}", hide_index=True, alt=said.alt,
        height="content",
        column_config={"full": _("Period"), "value": words.trend_name(metric), "count": _("Counted")},
    )  # fmt: skip
