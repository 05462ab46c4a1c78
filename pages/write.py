"""Write: what has to be said, and where does each section stand?"""

import streamlit as st

from pages._ui import repetitions, review_bar
from pages._write import (
    action_items,
    around,
    comments,
    details,
    files,
    grouped,
    head,
    history,
    impact,
    preview,
    references,
    root_cause,
    section_list,
    sign_off,
    texts,
    timeline,
)
from pmcore.domain.vocabulary import SectionKey
from wiring import ask

FORMS = {
    SectionKey.SUMMARY: texts.form,
    SectionKey.DETAILS: details.form,
    SectionKey.TIMELINE: timeline.form,
    SectionKey.ROOT_CAUSE: root_cause.form,
    SectionKey.IMPACT: impact.form,
    SectionKey.RESOLUTION: texts.form,
    SectionKey.ACTION_ITEMS: action_items.form,
    SectionKey.LESSONS: grouped.lessons,
    SectionKey.PREVENTION: grouped.prevention,
    SectionKey.REFERENCES: references.form,
    SectionKey.SIGN_OFF: sign_off.form,
}

postmortem = head.asked()
with st.container():  # one thing, so that nothing in it moves what is below: a fragment is known by its place
    head.show(postmortem)
    review = ask.review(postmortem)
    review_bar.bar(postmortem, review)
    again = ask.recurrences(postmortem.incident_id)
    repetitions.line(again)
    opened = head.opened(postmortem)
    section_list.show(postmortem, opened)
    head.require_readable(postmortem)
    view = head.view(postmortem, opened)

may_write = view == head.WRITE and postmortem.may_edit
around.show(postmortem, opened, is_whole=view == head.PREVIEW, is_writing=may_write)
if view == head.PREVIEW:
    preview.show(postmortem, review, again)
else:
    section = ask.section(postmortem.postmortem_id, opened)
    if view == head.HISTORY:
        history.show(section, postmortem.zone)
    else:
        FORMS[opened](section, postmortem)
        files.show(section)
        comments.show(postmortem.postmortem_id, opened)
    section_list.neighbours(postmortem, opened)
