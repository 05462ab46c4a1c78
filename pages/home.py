"""Home: what needs me?"""

import streamlit as st

from pages._home import boxes, called, off_target
from pages._ui import page
from pmcore.domain.permissions import Right
from pmcore.usecases.survey import KeepSurvey
from pmcore.words import _
from wiring import acting, ask, run

inbox = ask.inbox()
waiting = sum(
    (
        int(bool(inbox.onboarding)), int(bool(inbox.survey)), inbox.owed.total, inbox.returned.total,
        inbox.to_sign.total, inbox.drafts.total,
        inbox.calls.mentions.total, inbox.calls.handed_over.total, inbox.calls.meetings.total,
        inbox.calls.feedback.total, inbox.calls.escalations.total, inbox.calls.repetitions.total,
    )
)  # fmt: skip
sentence = boxes.counted(waiting) if waiting else _("Nothing waits for you.")
with page.header(_("Home"), sentence):
    may_report = acting.actor().may(Right.REPORT)
    if may_report and st.button(_("Report an incident"), icon=":material/add_alert:", type="primary", key="report"):
        st.switch_page("report.py")

if ask.is_alone():
    boxes.first_steps()
boxes.onboarding(inbox.onboarding)
boxes.survey(inbox.survey)
left, right = st.columns(2, gap="medium")
with left:
    boxes.owed(inbox.owed)
    boxes.returned(inbox.returned)
    boxes.drafts(inbox.drafts)
    is_off = off_target.show(ask.off_target())
# On a phone the right one is below: what waits comes before what is empty.
with right if is_off or boxes.has_own(inbox) else left:
    called.escalations(inbox.calls.escalations)
    boxes.to_sign(inbox.to_sign)
    called.mentions(inbox.calls.mentions)
    called.handed_over(inbox.calls.handed_over)
    called.meetings(inbox.calls.meetings)
    called.feedback(inbox.calls.feedback)
    called.repetitions(inbox.calls.repetitions)
    boxes.my_items(inbox.my_items)
    boxes.their_items(inbox.their_items)
with right:
    boxes.without_rows(inbox)
if inbox.survey_needs_keeping:
    run(KeepSurvey())
