"""Closed rounds: figures, pictures with their tables, and for managers the texts."""

import pyarrow as pa
import streamlit as st

from pages._ui import address, badges, prose, tables
from pmcore.charts import survey as charts
from pmcore.domain.metrics import MetricVerdict
from pmcore.domain.survey_questions import REMARK_QUESTIONS, SCALE_NAMES, SurveyScale
from pmcore.domain.survey_results import LEAST_ANSWERS, TARGET, ScaleResult
from pmcore.readmodels.survey import PastRound, SurveyView
from pmcore.words import _, ngettext, times
from wiring import ask

_PAGE = "survey"


def take_away(view: SurveyView) -> None:
    if view.past:
        st.link_button(_("Excel"), "/download/survey.xlsx", icon=":material/download:", key="survey-xlsx")
        st.link_button(_("CSV"), "/download/survey.csv", icon=":material/csv:", key="survey-csv")


def show(view: SurveyView) -> None:
    if not view.past:
        return
    st.header(_("Results"), anchor=False)
    found = _chosen(view.past)
    _figures(found)
    if not found.is_told:
        st.info(
            _(
                "Fewer than {least} people answered, so nothing else is shown: with so few, a figure would tell what "
                "somebody said."
            ).format(least=LEAST_ANSWERS),
            icon=":material/shield_person:",
        )
    for scale in SurveyScale:
        if (told := found.scale(scale)) is not None:
            _scale(scale, told)
    if view.may_read_remarks and found.is_told:
        _remarks(found)
    if len(view.past) > 1:
        _trend(view.past)


def _chosen(past: tuple[PastRound, ...]) -> PastRound:
    """The round of the address; else the newest."""
    known = {str(found.quarter): found for found in past}
    asked = address.read(_PAGE, names={"round"}).get("round", "")
    chosen = asked if asked in known else next(iter(known))
    if len(past) == 1:
        return known[chosen]
    address.follow(_PAGE, {"round": chosen}, lambda: {"survey-round": chosen})
    st.selectbox(
        _("Quarter"), list(known), format_func=lambda key: charts.named(known[key]), key="survey-round", width=220,
        on_change=lambda: address.write(_PAGE, {"round": st.session_state["survey-round"]}),
    )  # fmt: skip
    return known[chosen]


def _figures(found: PastRound) -> None:
    with st.container(horizontal=True, gap="medium", key="survey-figures"):
        for scale in SurveyScale:
            told = found.scale(scale)
            with st.container(border=True, gap="xsmall", width="stretch", key=f"survey-figure-{scale}"):
                st.markdown(f"**{_(SCALE_NAMES[scale])}**")
                st.markdown(f"## {charts.mean_words(told)}")
                st.markdown(_verdict(told))
        with st.container(border=True, gap="xsmall", width="stretch", key="survey-figure-rate"):
            st.markdown(f"**{_('Answered')} · {charts.named(found)}**")
            st.markdown(f"## {charts.rate_words(found)}")
            st.markdown(_("of the people who were asked"))


def _verdict(told: ScaleResult | None) -> str:
    if told is None:
        return _("shown from {least} answers on").format(least=LEAST_ANSWERS)
    goal = _("target: above {target}").format(target=TARGET)
    share = _("{share} favourable").format(share=times.percent(told.favourable, digits=0))
    verdict = MetricVerdict.MEETS if told.meets else MetricVerdict.MISSES
    return f"{badges.metric(verdict)} {goal} · {share}"


def _scale(scale: SurveyScale, told: ScaleResult) -> None:
    with st.container(border=True, gap="xsmall", key=f"survey-{scale}"):
        st.markdown(f"### {_(SCALE_NAMES[scale])}")
        picture, table = st.tabs([_("Picture"), _("Table")], key=f"survey-tabs-{scale}")
        picture.vega_lite_chart(
            pa.table(charts.bars_table(told)),
            charts.bars_spec(),
            key=f"survey-bars-{scale}",
            alt=charts.bars_alt(scale, told),
        )
        table.dataframe(
            pa.Table.from_pylist(charts.bars_rows(told)),
            hide_index=True,
            key=f"survey-table-{scale}",
            alt=charts.bars_alt(scale, told),
        )
        said = [_("“Turned” questions count the other way round: there, disagreeing is favourable.")]
        if told.left_out:
            said.append(
                ngettext(
                    "{count} answer left something out here and is not counted: the difference would show it.",
                    "{count} answers left something out here and are not counted: the difference would show them.",
                    told.left_out,
                ).format(count=told.left_out)
            )
        st.caption(" ".join(said))


def _remarks(found: PastRound) -> None:
    told = ask.survey_remarks(found.quarter)
    st.header(_("In their own words"), anchor=False)
    st.caption(_("Seen by managers only, in an order that says nothing. Please do not guess who wrote what."))
    for kind, asked in REMARK_QUESTIONS.items():
        texts = [one.text for one in told if one.kind is kind]
        with st.container(border=True, gap="small", key=f"survey-remarks-{kind}"):
            st.markdown(f"### {_(asked)}")
            for text in texts:
                prose.markdown(text)
            if not texts:
                st.markdown(_("Nobody wrote anything."))


def _trend(past: tuple[PastRound, ...]) -> None:
    st.header(_("By quarter"), anchor=False)
    with st.container(border=True, gap="xsmall", key="survey-trend"):
        picture, table = st.tabs([_("Picture"), _("Table")], key="survey-tabs-trend")
        picture.vega_lite_chart(
            tables.once("survey-trend", past, lambda: pa.table(charts.trend_table(past))),
            charts.trend_spec(),
            key="survey-trend-chart",
            alt=charts.trend_alt(past),
        )
        table.dataframe(
            pa.Table.from_pylist(charts.trend_rows(past)), hide_index=True, key="survey-trend-table",
            alt=charts.trend_alt(past),
        )  # fmt: skip
        st.caption(_("The dashed line is the target. A quarter with too few answers has no point."))
