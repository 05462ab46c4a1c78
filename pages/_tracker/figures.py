"""The two pictures above the list, each with its sentence."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from pmcore.charts import tracker as charts
from pmcore.readmodels.tracker import TrackerFigures
from pmcore.words import _, language

_frames: dict[tuple[str, str], tuple[TrackerFigures, pd.DataFrame]] = {}


def _frame(table: Callable[[TrackerFigures], charts.Table], figures: TrackerFigures) -> pd.DataFrame:
    """Made once for the same figures, which are remembered while nothing changes: five hundred points take a while."""
    place = (table.__name__, language())
    known = _frames.get(place)
    if known is None or known[0] is not figures:
        known = _frames[place] = (figures, pd.DataFrame(table(figures)))
    return known[1]


def show(figures: TrackerFigures) -> None:
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, gap="xsmall", key="tracker-drafted"):
        st.markdown(f"**{_('P0 drafted on time, by month')}**")
        st.vega_lite_chart(
            _frame(charts.drafted_table, figures),
            charts.drafted_spec(),
            key="tracker-drafted-chart",
            alt=charts.drafted_alt(figures),
        )
        st.caption(charts.drafted_words(figures))
    with right.container(border=True, gap="xsmall", key="tracker-published"):
        st.markdown(f"**{_('Time to publish')}**")
        if figures.published:
            st.vega_lite_chart(
                _frame(charts.published_table, figures),
                charts.published_spec(),
                key="tracker-published-chart",
                alt=charts.published_alt(figures),
            )
        st.caption(charts.published_words(figures))
