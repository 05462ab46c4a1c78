"""The forms of the ledger: hand over, waive, cover, duplicate, not an incident, reopen."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from pages._incidents import listing
from pages._ui import flash
from pmcore.domain.choices import Choice
from pmcore.domain.vocabulary import Disposition
from pmcore.readmodels.incident import IncidentChoice
from pmcore.readmodels.ledger import LedgerRow
from pmcore.usecases.obligations import HandOver, ReopenIncident, SettleIncident, WaiveObligation, WithdrawWaiver
from pmcore.words import _
from wiring import ask, run


def labels() -> dict[Choice, str]:
    return {
        Choice.HAND_OVER: _("Hand over"),
        Choice.WAIVE: _("Waive"),
        Choice.APPROVE_WAIVER: _("Approve the waiver"),
        Choice.WITHDRAW_WAIVER: _("Withdraw the waiver"),
        Choice.COVER: _("Covered by another one"),
        Choice.DUPLICATE: _("Duplicate"),
        Choice.NOT_AN_INCIDENT: _("Not an incident"),
        Choice.REOPEN: _("Reopen"),
    }


@contextmanager
def _done(sentence: str) -> Iterator[None]:
    """The command inside succeeds: say so, close the panel. It is refused: the form keeps its text."""
    with flash.refusals():
        yield
        listing.close()
        flash.say_and_rerun(sentence)


def _reason(row: LedgerRow, why: str, *, key: str) -> str:
    return st.text_area(why, key=f"{key}-reason-{row.incident_id}", max_chars=2000, height=80)


def hand_over(row: LedgerRow) -> None:
    queue = 0
    people = {queue: _("the manager's queue"), **{person.id: person.name for person in ask.people()}}
    with st.form(f"hand-over-{row.incident_id}", border=False):
        to = st.selectbox(
            _("Who owes it from now on?"), list(people), index=None, format_func=people.__getitem__,
            key=f"hand-over-to-{row.incident_id}", placeholder=_("choose a person"),
        )  # fmt: skip
        note = st.text_input(
            _("A note for that person"), key=f"hand-over-note-{row.incident_id}", max_chars=2000,
            placeholder=_("where the notes are, what is left to do"),
        )  # fmt: skip
        if st.form_submit_button(_("Hand over"), key="hand-over-submit", type="primary") and to is not None:
            with _done(_("{public_id} is handed over.").format(public_id=row.public_id)):
                run(HandOver(incident_id=row.incident_id, to_id=to or None, note=note))


def waive(row: LedgerRow) -> None:
    with st.form(f"waive-{row.incident_id}", border=False):
        reason = _reason(row, _("Why is no post-mortem needed?"), key="waive")
        if row.approvals_needed > 1:
            st.caption(_("A P0 is excused by two people: somebody else has to approve it after you."))
        if st.form_submit_button(_("Waive"), key="waive-submit", type="primary"):
            with _done(_("Waiver noted for {public_id}.").format(public_id=row.public_id)):
                run(WaiveObligation(incident_id=row.incident_id, reason=reason))


def approve_waiver(row: LedgerRow) -> None:
    if st.button(_("Approve: no post-mortem is needed"), key="approve-submit", type="primary"):
        with _done(_("{public_id} is waived.").format(public_id=row.public_id)):
            run(WaiveObligation(incident_id=row.incident_id))


def withdraw_waiver(row: LedgerRow) -> None:
    if st.button(_("Withdraw: the post-mortem is owed again"), key="withdraw-submit", type="primary"):
        with _done(_("The waiver of {public_id} is withdrawn.").format(public_id=row.public_id)):
            run(WithdrawWaiver(incident_id=row.incident_id))


def cover(row: LedgerRow) -> None:
    written = {choice.postmortem_id: choice for choice in ask.incident_choices() if choice.postmortem_id is not None}
    with st.form(f"cover-{row.incident_id}", border=False):
        by = _choice(_("Which post-mortem covers it?"), written, key=f"cover-by-{row.incident_id}")
        reason = _reason(row, _("Why do both belong together?"), key="cover")
        if st.form_submit_button(_("Cover it"), key="cover-submit", type="primary"):
            _settle(row, Disposition.COVERED, reason, covered_by_id=by)


def duplicate(row: LedgerRow) -> None:
    others = {choice.incident_id: choice for choice in ask.incident_choices() if choice.incident_id != row.incident_id}
    with st.form(f"duplicate-{row.incident_id}", border=False):
        of = _choice(_("Which incident is the same one?"), others, key=f"duplicate-of-{row.incident_id}")
        reason = _reason(row, _("How do you know?"), key="duplicate")
        if st.form_submit_button(_("It is a duplicate"), key="duplicate-submit", type="primary"):
            _settle(row, Disposition.DUPLICATE, reason, duplicate_of_id=of)


def not_an_incident(row: LedgerRow) -> None:
    with st.form(f"nothing-{row.incident_id}", border=False):
        reason = _reason(row, _("What was it instead?"), key="nothing")
        if st.form_submit_button(_("It is not an incident"), key="nothing-submit", type="primary"):
            _settle(row, Disposition.NOT_AN_INCIDENT, reason)


def reopen(row: LedgerRow) -> None:
    if st.button(_("Reopen: it needs a post-mortem of its own"), key="reopen-submit", type="primary"):
        with _done(_("{public_id} is open again.").format(public_id=row.public_id)):
            run(ReopenIncident(incident_id=row.incident_id))


def _choice(question: str, among: dict[Any, IncidentChoice], *, key: str) -> Any:
    named = {number: f"{choice.public_id} {choice.title}" for number, choice in among.items()}
    return st.selectbox(
        question, list(named), index=None, format_func=lambda number: named.get(number, "–"), key=key,
        placeholder=_("choose an incident"),
    )  # fmt: skip


def _settle(row: LedgerRow, disposition: Disposition, reason: str, **named: int | None) -> None:
    with _done(_("{public_id} is settled.").format(public_id=row.public_id)):
        run(SettleIncident(incident_id=row.incident_id, disposition=disposition, reason=reason, **named))
