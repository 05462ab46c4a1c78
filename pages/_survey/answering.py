"""The open round: what is promised, the questions, and the way out. Nothing leaves the browser before Send."""

import streamlit as st

from pages._ui import flash
from pmcore.domain.survey import MAX_REMARK
from pmcore.domain.survey_questions import (
    HIGHEST,
    LOWEST,
    OF_SCALE,
    QUESTIONS,
    REMARK_QUESTIONS,
    SCALE_NAMES,
    SurveyQuestion,
)
from pmcore.readmodels.survey import OpenRound, SurveyView
from pmcore.usecases.survey import AnswerSurvey, DeclineSurvey
from pmcore.words import _, times
from wiring import ask, run

_UNSAID = 0  #: among the options: prefers not to say
_FORM = "survey"


def show(view: SurveyView) -> None:
    found = view.open
    if found is None:
        _none(view)
        return
    st.header(
        _("Round {quarter}").format(quarter=times.quarter(found.quarter.year, found.quarter.number)), anchor=False
    )
    until = times.day_of(found.last_at, ask.me().zone)
    if found.has_answered:
        st.success(
            _("You have answered, thank you. The results appear here after {day}.").format(day=until),
            icon=":material/how_to_reg:",
        )
    elif not found.may_answer:
        st.info(
            _("A round is open to the end of {day}; your role only reads.").format(day=until),
            icon=":material/visibility:",
        )
    else:
        _ask(found, until)


def _none(view: SurveyView) -> None:
    said = _("No round is open.")
    if view.next_on is not None:
        said += " " + _("The next one opens by itself on {day}, for two weeks.").format(day=times.day(view.next_on))
    st.info(said, icon=":material/event:")


def _ask(found: OpenRound, until: str) -> None:
    if found.has_declined:
        st.info(
            _("You will not be reminded this quarter. You may still answer, to the end of {day}.").format(day=until),
            icon=":material/notifications_off:",
        )
    else:
        st.markdown(_("Open to the end of {day}. An answer cannot be changed: nobody could find it.").format(day=until))
    _promise()
    with st.form("survey-form", border=False, width=840):
        scores = _scores()
        st.markdown(f"### {_('In your own words')}")
        st.caption(
            _(
                "Neither has to be filled in. Managers read these texts as they are: wording, language and details can "
                "tell who wrote them."
            )
        )
        remarks = {
            kind: st.text_area(_(asked), key=f"survey-{kind}", max_chars=MAX_REMARK, height=90)
            for kind, asked in REMARK_QUESTIONS.items()
        }
        if st.form_submit_button(_("Send"), type="primary", icon=":material/send:", key="survey-send"):
            with flash.refusals(_FORM):
                run(AnswerSurvey(scores=scores, remarks=remarks))
                _forget()
                flash.say_and_rerun(_("Thank you. Your answer is among the others, without your name."))
    if not found.has_declined and st.button(
        _("Not this quarter"), icon=":material/notifications_off:", type="tertiary", key="survey-decline"
    ):
        with flash.refusals():
            run(DeclineSurvey())
            flash.say_and_rerun(_("You will not be reminded this quarter."))


def _promise() -> None:
    with st.container(border=True, gap="small", width=840, key="survey-promise"):
        st.markdown(
            "**:material/shield_person: {}**\n\n- {}\n- {}\n- {}\n\n**{}** {}".format(
                _("What we promise"),
                _(
                    "Your answer is kept without your name and without a time, shuffled anew among the others. The two "
                    "texts are kept apart from it."
                ),
                _("That you answered is known to the app alone, so that nobody is asked twice; when the round closes, "
                  "it is forgotten."),
                _("Results are shown after closing, and only when five people or more have answered."),
                _("What we cannot promise:"),
                _(
                    "whoever runs the database and copies it between two answers, or its log while the round is open, "
                    "can compare the versions."
                ),
            )
        )  # fmt: skip


def _scores() -> dict[SurveyQuestion, int | None]:
    """What was chosen; a question without a choice is not among it."""
    chosen: dict[SurveyQuestion, int | None] = {}
    for scale, questions in OF_SCALE.items():
        st.markdown(f"### {_(SCALE_NAMES[scale])}")
        for question in questions:
            number = QUESTIONS.index(question) + 1
            said = st.radio(
                f"{number}. {_(question.sentence)}",
                [*range(LOWEST, HIGHEST + 1), _UNSAID],
                index=None,
                format_func=_named,
                horizontal=True,
                key=f"survey-{question.key}",
            )
            flash.beside(_FORM, question.key.value)
            if said is not None:
                chosen[question.key] = said or None
    return chosen


def _named(score: int) -> str:
    words = {
        LOWEST: _("1 – strongly disagree"),
        HIGHEST: _("5 – strongly agree"),
        _UNSAID: _("prefer not to say"),
    }
    return words.get(score, str(score))


def _forget() -> None:
    """What was chosen stays in no session."""
    for key in [key for key in st.session_state if str(key).startswith("survey-")]:
        del st.session_state[key]
