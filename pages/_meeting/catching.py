"""Action items as they are said: a proposal each. Who, until when and how to tell is settled afterwards."""

import streamlit as st

from pages._ui import flash
from pages._ui.kept import Box, Kept
from pmcore.readmodels.reading import ReadingView
from pmcore.usecases.meeting import CatchItem
from pmcore.words import _
from wiring import run


def show(view: ReadingView) -> None:
    if not (view.rail and view.rail.may_plan):
        return
    whole = view.writing
    st.markdown(f"## {_('Catch an action item')}")
    if view.rail.opens_edition:
        st.caption(_("The text is published: the first item opens its next edition, where it is agreed and signed."))
    caught = st.session_state.setdefault("caught", 0)  # a new box after each, so that a refused one keeps its words
    with st.form("catch-form", border=False):
        title = st.text_input(
            _("What will be done"),
            key=f"catch-title-{caught}",
            placeholder=_("Add an alert for connection pool usage above 80 %"),
        )
        said = st.form_submit_button(_("Propose"), icon=":material/lightbulb:", key="catch-go")
    kept = Kept(whole.postmortem_id, "catch")
    kept.watch([Box(form="catch", name="title", key=f"catch-title-{caught}", in_form=True)])
    if said:
        with flash.refusals():
            run(CatchItem(postmortem_id=whole.postmortem_id, title=title))
            st.session_state["caught"] = caught + 1
            kept.done("catch", title)
            flash.say_and_rerun(_("Proposed. Its owner, due date and criterion are agreed afterwards."))
    if whole.is_author:
        st.page_link(
            "write.py",
            label=_("Agree on the proposals"),
            icon=":material/handshake:",
            query_params={"id": str(whole.postmortem_id), "section": "action_items"},
        )
