"""Home: what needs me?"""

import streamlit as st

from pages._home import boxes
from pages._ui import page
from pmcore.domain.permissions import Right
from pmcore.words import _
from wiring import acting, ask

inbox = ask.inbox()
waiting = sum(
    (
        int(bool(inbox.onboarding)), inbox.owed.total, inbox.returned.total, inbox.to_sign.total, inbox.drafts.total,
        inbox.mentions.total, inbox.handed_over.total,
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
left, right = st.columns(2, gap="medium")
with left:
    boxes.owed(inbox.owed)
    boxes.returned(inbox.returned)
    boxes.drafts(inbox.drafts)
with right:
    boxes.to_sign(inbox.to_sign)
    boxes.mentions(inbox.mentions)
    boxes.handed_over(inbox.handed_over)
    boxes.my_items(inbox.my_items)
    boxes.their_items(inbox.their_items)
