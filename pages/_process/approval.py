"""Whether a manager has approved the text that is shown, and the button to do so."""

import streamlit as st

from pages._ui import badges, flash, prose, undo
from pmcore.domain.process import Standing
from pmcore.readmodels.process import ApprovalView
from pmcore.usecases.process import ApproveProcess, WithdrawApproval
from pmcore.words import _, times
from wiring import run


def action(view: ApprovalView) -> None:
    """The page's main action, for those who may, while there is something to approve."""
    if not view.may_approve or view.standing is Standing.APPROVED:
        return
    wording = _("Approve version {version}").format(version=view.version)
    if st.button(wording, icon=":material/verified:", type="primary", key="process-approve"):
        with flash.refusals():
            approval_id = run(ApproveProcess(seen_hash=view.content_hash))
            sentence = _("You approved version {version} of the process.").format(version=view.version)
            undo.offer(sentence, WithdrawApproval(approval_id=approval_id))
            st.rerun()


def show(view: ApprovalView, zone: str) -> None:
    said = {
        Standing.APPROVED: _("by {name} on {day}, version {approved}."),
        Standing.CHANGED: _(
            "{name} approved version {approved} on {day}. This is version {version}: "
            "an Engineering Manager reads it and approves it again."
        ),
        Standing.NEVER: _("Version {version}. An Engineering Manager reads it and approves it here."),
    }[view.standing]
    sentence = said.format(
        name=prose.line(view.by), approved=prose.line(view.approved_version), version=prose.line(view.version),
        day=times.day_of(view.at, zone) if view.at else "–",
    )  # fmt: skip
    with st.container(border=True, key="process-approval"):
        st.markdown(f"{badges.approval(view.standing)} {sentence}")
