"""What those say who were asked about a dry run."""

import streamlit as st

from pages._ui import flash, popover, prose
from pages._ui.kept import Kept
from pmcore.domain.dry_run import FEWEST_ASKED
from pmcore.domain.rail_vocabulary import Opinion
from pmcore.readmodels.rail import FeedbackView, RailView
from pmcore.readmodels.reading import ReadingView
from pmcore.usecases.dry_run import AskForFeedback
from pmcore.words import _, label, ngettext
from wiring import ask, run


def show(view: ReadingView, told: RailView) -> None:
    if not (told.feedback or told.may_ask or told.mine):
        return
    st.markdown(f"## {_('Feedback on the dry run')}")
    Kept(view.writing.postmortem_id, "feedback").tell()
    for each in told.feedback:
        _one(each)
    with st.container(horizontal=True, key="feedback-actions"):
        if told.mine:
            st.page_link(
                "feedback.py", label=_("Give feedback"), icon=":material/rate_review:",
                query_params={"id": str(view.writing.postmortem_id)}, width="content",
            )  # fmt: skip
        if told.may_ask:
            _ask(view, told)


def _one(each: FeedbackView) -> None:
    with st.container(gap=None, key=f"feedback-{each.user_id}"):
        if each.answered_at is None:
            st.markdown(f":material/hourglass_empty: {prose.line(each.name)}: {_('not answered yet')}")
            return
        st.markdown(
            f":material/reviews: **{prose.line(each.name)}** · {_('easy to fill in:')} {_said(each.easy)} · "
            f"{_('clear:')} {_said(each.clear)}"
        )
        prose.markdown(each.missing)


def _said(opinion: Opinion | None) -> str:
    return label(opinion) if opinion else "–"


def _ask(view: ReadingView, told: RailView) -> None:
    asked = {each.user_id for each in told.feedback} | {view.writing.author_id, ask.me().user_id}
    named = _("Ask others") if told.feedback else _("Ask for feedback")
    place = popover.opened(named, icon=":material/contact_support:", key="ask-feedback")
    if place is None:
        return
    with place, st.form("ask-feedback-form", border=False):
        chosen = st.multiselect(
            _("Whom? At least {count} people in all.").format(count=FEWEST_ASKED),
            [person for person in ask.people() if person.id not in asked],
            format_func=lambda person: person.name,
            key="ask-feedback-people",
            placeholder=_("Choose people"),
        )
        if st.form_submit_button(_("Ask"), type="primary", key="ask-feedback-go"):
            with flash.refusals():
                people = tuple(person.id for person in chosen)
                count = run(AskForFeedback(postmortem_id=view.writing.postmortem_id, user_ids=people))
                popover.close("ask-feedback")
                said = ngettext("{count} person is asked.", "{count} people are asked.", count)
                flash.say_and_rerun(said.format(count=count))
