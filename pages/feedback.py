"""Feedback: is it easy to fill in, are the sections clear, what is missing?"""

import streamlit as st

from pages._read import head
from pages._ui import empty, flash
from pages._ui.kept import Kept
from pmcore.domain.dry_run import MAX_MISSING
from pmcore.domain.rail_vocabulary import Opinion
from pmcore.usecases.dry_run import GiveFeedback
from pmcore.words import _, label
from wiring import run

view = head.asked(_("Feedback"))
with head.show(view):
    head.back(view)
mine = view.rail.mine if view.rail else None
if mine is None:
    empty.box(_("Nobody asked you about this one."), icon=":material/rate_review:", link=("home.py", _("Home")))
    st.stop()
st.markdown(_("This was a dry run. What you say here makes the template and the process better; a minute is enough."))
options = list(Opinion)


def chosen(said: Opinion | None) -> int | None:
    return options.index(said) if said else None


kept = Kept(view.writing.postmortem_id, "feedback")
with st.form("feedback-form", border=False, width=640):
    easy = st.radio(
        _("Is it easy to fill in?"), options, chosen(mine.easy), format_func=label, key="feedback-easy", horizontal=True
    )
    clear = st.radio(
        _("Are the sections clear?"), options, chosen(mine.clear), format_func=label, key="feedback-clear",
        horizontal=True,
    )  # fmt: skip
    missing = st.text_area(_("What is missing?"), mine.missing, key="feedback-missing", max_chars=MAX_MISSING)
    if st.form_submit_button(_("Send"), type="primary", key="feedback-go"):
        with flash.refusals():
            run(GiveFeedback(postmortem_id=view.writing.postmortem_id, easy=easy, clear=clear, missing=missing))
            kept.done("feedback", missing)
            flash.note(_("Thank you. It is shown beside the dry run."))
            st.switch_page("read.py", query_params={"id": str(view.writing.postmortem_id)})
kept.watch_form("feedback", {"feedback-missing": mine.missing})
