"""Write: what has to be said, and where does each section stand?"""

from pages._ui import repetitions, review_bar
from pages._write import (
    action_items,
    around,
    comments,
    details,
    files,
    head,
    history,
    impact,
    lessons,
    prevention,
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
    SectionKey.LESSONS: lessons.form,
    SectionKey.PREVENTION: prevention.form,
    SectionKey.REFERENCES: references.form,
    SectionKey.SIGN_OFF: sign_off.form,
}

postmortem = head.asked()
head.show(postmortem)
review = ask.review(postmortem)
review_bar.bar(postmortem, review)
again = ask.recurrences(postmortem.incident_id)
repetitions.line(again)
opened = head.opened(postmortem)
section_list.show(postmortem, opened)
head.require_readable(postmortem)
view = head.view(postmortem, opened)
around.show(postmortem, opened, is_whole=view == head.PREVIEW, is_writing=view == head.WRITE and postmortem.may_edit)

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
