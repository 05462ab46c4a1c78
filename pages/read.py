"""Read & sign: what happened, and may it be published as it stands?"""

import streamlit as st

from pages._read import effort, feedback, head, rail, signatures
from pages._ui import document, empty, prose, review_bar, tables
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

text, beside = st.columns([3, 2], gap="large")
with text:
    head.choose(view)
    head.edition_line(view)
    shown = tables.once("reading", view, lambda: ask.document_of(view))
    if shown is None:
        empty.box(
            _("{name} has not shared this draft yet.").format(name=prose.line(postmortem.author)),
            icon=":material/visibility_off:",
        )
    else:
        document.show(shown)
with beside:
    signatures.show(view)
    rail.show(view)
    if view.rail:
        feedback.show(view, view.rail)
        effort.show(view.rail, postmortem.postmortem_id)
