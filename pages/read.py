"""Read & sign: what happened, and may it be published as it stands?"""

import streamlit as st

from pages._read import changes as changed
from pages._read import effort, feedback, head, rail, signatures
from pages._ui import document, empty, prose, repetitions, review_bar, tables
from pmcore.words import _
from wiring import ask

view = head.asked()
postmortem = view.writing
with head.show(view):
    head.links(view)

if not postmortem.sections:
    empty.box(_("It was imported from the old tracker; its text is kept where it was."), icon=":material/upload_file:")
    if postmortem.document_url:
        st.link_button(_("Open the document"), postmortem.document_url, key="imported-document")
    st.stop()

review_bar.bar(postmortem, view.review)

changes = ask.changes(view)
shown = changed.chosen(changes)
if changes is not None and shown == changed.MINE:
    changed.mine(view, changes)
else:
    text, beside = st.columns([3, 2], gap="large")
    with text:
        head.choose(view)
        head.edition_line(view)
        changed.news(changes, postmortem.zone)
        body = tables.once("reading", view, lambda: ask.document_of(view))
        if body is None:
            empty.box(
                _("{name} has not shared this draft yet.").format(name=prose.line(postmortem.author)),
                icon=":material/visibility_off:",
            )
        else:
            document.show(body)
    with beside:
        signatures.show(view, changes)
        repetitions.cards(view.repetitions, heading=True)
        rail.show(view)
        if view.rail:
            feedback.show(view, view.rail)
            effort.show(view.rail, postmortem.postmortem_id)
changed.note(view, changes, shown)
