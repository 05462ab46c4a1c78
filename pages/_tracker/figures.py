"""The two pictures above the list, each with its sentence."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import streamlit as st

from pages._ui import tables
from pmcore.charts import tracker as charts
from pmcore.readmodels.tracker import TrackerFigures
from pmcore.words import _


def _picture(
    spec: Callable[[], dict[str, Any]], rows: Callable[[TrackerFigures], charts.Table], figures: TrackerFigures
) -> dict[str, Any]:
    """Five hundred points take a while."""
    return tables.once(rows.__name__, figures, lambda: tables.drawn(spec(), pa.table(rows(figures))))


def _words(say: Callable[[TrackerFigures], str], figures: TrackerFigures) -> str:
    return tables.once(say.__name__, figures, lambda: say(figures))


def show(figures: TrackerFigures) -> None:
    with st.container(horizontal=True, gap="medium", key="tracker-figures"):
        _drafted(figures)
        _published(figures)


def _drafted(figures: TrackerFigures) -> None:
    with st.container(border=True, gap="xsmall", key="tracker-drafted"):
        _say(_("P0 drafted on time, by month"), _words(charts.drafted_words, figures))
        st.vega_lite_chart(
            spec=_picture(charts.drafted_spec, charts.drafted_table, figures),
            key="tracker-drafted-chart",
            alt=_words(charts.drafted_alt, figures),
        )


def _published(figures: TrackerFigures) -> None:
    with st.container(border=True, gap="xsmall", key="tracker-published"):
        _say(_("Time to publish"), _words(charts.published_words, figures))
        if figures.published:
            st.vega_lite_chart(
                spec=_picture(charts.published_spec, charts.published_table, figures),
                key="tracker-published-chart",
                alt=_words(charts.published_alt, figures),
            )


def _say(heading: str, sentence: str) -> None:
    """What the picture shows, in words, above it."""
    st.markdown(f"**{heading}**  \n:small[:gray[{sentence}]]")
