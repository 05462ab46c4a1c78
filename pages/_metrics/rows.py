"""The very rows behind a figure, with those left out and why."""

import streamlit as st

from pages._metrics import cards, dots
from pages._metrics.filters import PAGE
from pages._ui import address, empty, tables
from pmcore.domain.metrics import DEFINITIONS, REASON_WORDS
from pmcore.readmodels.metrics import ROW_MARK_WORDS, MetricRow, MetricRows, MetricsView, RowsFilter, Which
from pmcore.words import _, label, ngettext, times
from pmcore.words import metrics as words


def show(view: MetricsView, found: MetricRows) -> None:
    metric = found.asked.metric
    said = cards.told(view, metric)
    st.button(
        _("All figures"), icon=":material/arrow_back:", key="metrics-all", type="tertiary", on_click=address.write,
        args=(PAGE, view.filter.params()),
    )  # fmt: skip
    with st.grid(2, min_column_width=300, gap="small", key="metrics-one"):
        with st.container(border=True, gap="xsmall", height="stretch", key=f"metric-{metric}"):
            st.markdown(said.head)
            if metric in dots.TWO:
                dots.picture(view, metric)
            else:
                cards.trend(said, metric, as_tables=cards.in_tables())
        with st.container(border=True, gap="xsmall", height="stretch", key="counted-how"):
            st.markdown(f"## {_('How this is counted')}\n\n{said.how}")
    if not words.has_rows(metric):
        empty.box(
            _("Who answered what is shown to nobody. The page Survey has what may be told."),
            icon=":material/lock:", link=("survey.py", _("Survey")),
        )  # fmt: skip
        return
    st.header(_("The rows"), anchor=False)
    _which(view, found)
    _table(view, found)


def _which(view: MetricsView, found: MetricRows) -> None:
    said = {
        Which.ALL: _("All"), Which.FOR: _("Count for it"), Which.AGAINST: _("Count against it"),
        Which.LEFT_OUT: _("Left out"),
    }  # fmt: skip
    st.session_state["metrics-which"] = found.asked.which
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.segmented_control(
            _("Rows shown"), list(Which), format_func=said.__getitem__, key="metrics-which", required=True, wrap=True,
            on_change=_chosen, args=(view, found.asked),
        )  # fmt: skip
        if found.pages > 1:
            turn = f"metrics-page-{found.page}-of-{found.pages}"
            st.pagination(found.pages, default=found.page, key=turn, on_change=_turned, args=(turn, view, found.asked))


def _chosen(view: MetricsView, asked: RowsFilter) -> None:
    which = st.session_state["metrics-which"] or Which.ALL
    address.write(PAGE, RowsFilter(metric=asked.metric, which=which).params(view.filter))


def _turned(key: str, view: MetricsView, asked: RowsFilter) -> None:
    address.write(PAGE, asked.on(st.session_state[key]).params(view.filter))


def _table(view: MetricsView, found: MetricRows) -> None:
    if not found.rows:
        empty.box(_("No row of this kind in this period."), icon=":material/table_rows:")
        return
    count = ngettext("{count} row", "{count} rows", found.total).format(count=times.number(found.total))
    st.caption(f"{count} · {_('choose a row to open it')}")
    key = f"metrics-rows-{found.asked.metric}-{found.asked.which}-{found.page}"
    st.dataframe(
        tables.of(f"metrics-{found.asked.metric}", found.rows, lambda row: _cells(view, found, row)),
        key=key,
        hide_index=True,
        height="content",
        on_select=lambda: _opened(key, found),
        selection_mode="single-row",
        alt=_("The rows behind {name}; choose a row to open it").format(name=words.name(found.asked.metric)),
        placeholder="–",
        column_config=_columns(),
    )
    if opened := st.session_state.pop("metrics-opened", None):
        st.switch_page(opened[0], query_params={"id": str(opened[1])})


def _columns() -> dict[str, object]:
    kinds = st.column_config
    return {
        "reference": kinds.TextColumn(_("Incident"), pinned=True, width=110),
        "on": kinds.DateColumn(_("Day"), format="YYYY-MM-DD", width=96),
        "counts": kinds.TextColumn(_("Counts"), width=100),
        "value": kinds.TextColumn(_("Took"), width=110),
        "notes": kinds.TextColumn(_("What to know"), width=330),
        "title": kinds.TextColumn(_("Title"), width=260),
        "severity": kinds.TextColumn(_("Severity"), width=76),
        "service": kinds.TextColumn(_("Service"), width=130),
    }


def _cells(view: MetricsView, found: MetricRows, row: MetricRow) -> dict[str, object]:
    metric = found.asked.metric
    took = {"value": words.value(row.value, DEFINITIONS[metric].unit)} if words.has_value(metric) else {}
    return {
        "reference": row.reference,
        "on": words.on_day(row.on, row.at, view.zone),
        "counts": words.counts(metric, row.n, row.of, is_left_out=row.left_out is not None),
        **took,
        "notes": _notes(row) or None,
        "title": row.title,
        "severity": label(row.severity),
        "service": row.service,
    }


def _notes(row: MetricRow) -> str:
    reason = [_(REASON_WORDS[row.left_out])] if row.left_out else []
    marks = [_(ROW_MARK_WORDS[mark]) for mark in row.marks]
    return " · ".join(part for part in (*reason, *marks, row.why, row.other) if part)


def _opened(key: str, found: MetricRows) -> None:
    if chosen := st.session_state[key]["selection"]["rows"]:
        row = found.rows[chosen[0]]
        is_written = row.postmortem_id is not None
        opened = ("read.py", row.postmortem_id) if is_written else ("log.py", row.incident_id)
        st.session_state["metrics-opened"] = opened
