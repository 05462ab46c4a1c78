"""Rounds: what the calendar asks for is done by whoever looks; an administrator may open one earlier."""

import streamlit as st

from pages._ui import flash
from pmcore.readmodels.survey import SurveyView
from pmcore.usecases.survey import KeepSurvey, OpenSurvey
from pmcore.words import _
from wiring import ask, run


def kept(view: SurveyView) -> SurveyView:
    """As it is once everything due has been done."""
    if not view.needs_keeping:
        return view
    with flash.refusals():
        run(KeepSurvey())
    return ask.survey()


def offer(view: SurveyView) -> None:
    """For those who may, while there is none to answer."""
    if not view.may_open:
        return
    said = _("For two weeks. Nobody can close it earlier: results appear when its time has passed.")
    if st.button(_("Open a round now"), icon=":material/campaign:", key="survey-open", help=said):
        with flash.refusals():
            run(OpenSurvey())
            flash.say_and_rerun(_("The round is open. Everybody finds it on Home."))
