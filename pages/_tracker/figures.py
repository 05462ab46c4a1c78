"""The two pictures above the list, each with its sentence."""

from collections.abc import Callable

import pyarrow as pa
import streamlit as st

from pages._ui import tables
from pmcore.charts import tracker as charts
from pmcore.readmodels.tracker import TrackerFigures
from pmcore.words import _


def _table(rows: Callable[[TrackerFigures], charts.Table], figures: TrackerFigures) -> pa.Table:
    """Five hundred points take a while."""
    return tables.once(rows.__name__, figures, lambda: pa.table(rows(figures)))


def _words(say: Callable[[TrackerFigures], str], figures: TrackerFigures) -> str:
    return tables.once(say.__name__, figures, lambda: say(figures))


def show(figures: TrackerFigures) -> None:
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, gap="xsmall", key="tracker-drafted"):
        st.markdown(f"**{_('P0 drafted on time, by month')}**")
        st.vega_lite_chart(
            _table(charts.drafted_table, figures),
            charts.drafted_spec(),
            key="tracker-drafted-chart",
            alt=_words(charts.drafted_alt, figures),
        )
        st.caption(_words(charts.drafted_words, figures))
    with right.container(border=True, gap="xsmall", key="tracker-published"):
        st.markdown(f"**{_('Time to publish')}**")
        if figures.published:
            st.vega_lite_chart(
                _table(charts.published_table, figures),
                charts.published_spec(),
                key="tracker-published-chart",
                alt=_words(charts.published_alt, figures),
            )
        st.caption(_words(charts.published_words, figures))
