"""The two pictures above the list, each with its sentence."""

import pandas as pd
import streamlit as st

from pmcore.charts import tracker as charts
from pmcore.readmodels.tracker import TrackerFigures
from pmcore.words import _


def show(figures: TrackerFigures) -> None:
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, gap="xsmall", key="tracker-drafted"):
        st.markdown(f"**{_('P0 drafted on time, by month')}**")
        st.vega_lite_chart(
            pd.DataFrame(charts.drafted_table(figures)),
            charts.drafted_spec(),
            key="tracker-drafted-chart",
            alt=charts.drafted_alt(figures),
        )
        st.caption(charts.drafted_words(figures))
    with right.container(border=True, gap="xsmall", key="tracker-published"):
        st.markdown(f"**{_('Time to publish')}**")
        if figures.published:
            st.vega_lite_chart(
                pd.DataFrame(charts.published_table(figures)),
                charts.published_spec(),
                key="tracker-published-chart",
                alt=charts.published_alt(figures),
            )
        st.caption(charts.published_words(figures))
