"""The summary as text to paste elsewhere, for the edition that is shown."""

import streamlit as st

from pages._ui import popover, tables
from pmcore.readmodels.reading import ReadingView
from pmcore.words import _
from wiring import ask

SLACK, JIRA = "Slack", "Jira"  #: names, the same in every language


def offer(view: ReadingView) -> None:
    """A button that opens three blocks, each with a button that copies it. Nothing while the draft is not shared."""
    copies = tables.once("copies", view, lambda: ask.copies_of(view))
    if copies is None:
        return
    place = popover.opened(_("Copy the summary"), icon=":material/content_copy:", key="copies", width="content")
    if place is None:
        return
    with place:
        if view.writing.restricted:
            st.caption(_("This post-mortem is restricted: paste it only where those may read who may see it here."))
        for tab, text, key in zip(
            st.tabs([SLACK, JIRA, _("Mail")], key="copies-for"),
            (copies.slack, copies.jira, copies.mail),
            ("copy-slack", "copy-jira", "copy-mail"),
            strict=True,
        ):
            with tab.container(key=key):
                st.code(text, language=None, wrap_lines=True, height=320)
        st.caption(_("Copy it with the button in its upper right corner, and paste it as text."))
