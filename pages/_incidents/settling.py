"""The forms of the ledger: hand over, waive, cover, duplicate, not an incident, reopen."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from pages._incidents import listing
from pages._ui import flash
from pages._ui.kept import Kept
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


def kept() -> Kept:
    """What is typed into these forms stays in the browser until it is sent."""
    return Kept(0, "settling")


@contextmanager
def _done(sentence: str, form: str = "", text: str = "") -> Iterator[None]:
    """The command inside succeeds: say so, close the panel. It is refused: the form keeps its text."""
    with flash.refusals():
        yield
        if form:
            kept().done(form, text)
        listing.close()
        flash.say_and_rerun(sentence)


def _reason(why: str, form: str) -> str:
    return st.text_area(why, key=kept().key(form), max_chars=2000, height=80)


def hand_over(row: LedgerRow) -> None:
    queue = 0
    people = {queue: _("the manager's queue"), **{person.id: person.name for person in ask.people()}}
    form = f"hand-over-note-{row.incident_id}"
    with st.form(f"hand-over-{row.incident_id}", border=False):
        to = st.selectbox(
            _("Who owes it from now on?"), list(people), index=None, format_func=people.__getitem__,
            key=f"hand-over-to-{row.incident_id}", placeholder=_("choose a person"),
        )  # fmt: skip
        note = st.text_input(
            _("A note for that person"), key=kept().key(form), max_chars=2000,
            placeholder=_("where the notes are, what is left to do"),
        )  # fmt: skip
        if st.form_submit_button(_("Hand over"), key="hand-over-submit", type="primary") and to is not None:
            with _done(_("{public_id} is handed over.").format(public_id=row.public_id), form, note):
                run(HandOver(incident_id=row.incident_id, to_id=to or None, note=note))
    kept().watch_single(form)


def waive(row: LedgerRow) -> None:
    form = f"waive-reason-{row.incident_id}"
    with st.form(f"waive-{row.incident_id}", border=False):
        reason = _reason(_("Why is no post-mortem needed?"), form)
        if row.approvals_needed > 1:
            st.caption(_("A P0 is excused by two people: somebody else has to approve it after you."))
        if st.form_submit_button(_("Waive"), key="waive-submit", type="primary"):
            with _done(_("Waiver noted for {public_id}.").format(public_id=row.public_id), form, reason):
                run(WaiveObligation(incident_id=row.incident_id, reason=reason))
    kept().watch_single(form)


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
    form = f"cover-reason-{row.incident_id}"
    with st.form(f"cover-{row.incident_id}", border=False):
        by = _choice(_("Which post-mortem covers it?"), written, key=f"cover-by-{row.incident_id}")
        reason = _reason(_("Why do both belong together?"), form)
        if st.form_submit_button(_("Cover it"), key="cover-submit", type="primary"):
            _settle(row, Disposition.COVERED, form, reason, covered_by_id=by)
    kept().watch_single(form)


def duplicate(row: LedgerRow) -> None:
    others = {choice.incident_id: choice for choice in ask.incident_choices() if choice.incident_id != row.incident_id}
    form = f"duplicate-reason-{row.incident_id}"
    with st.form(f"duplicate-{row.incident_id}", border=False):
        of = _choice(_("Which incident is the same one?"), others, key=f"duplicate-of-{row.incident_id}")
        reason = _reason(_("How do you know?"), form)
        if st.form_submit_button(_("It is a duplicate"), key="duplicate-submit", type="primary"):
            _settle(row, Disposition.DUPLICATE, form, reason, duplicate_of_id=of)
    kept().watch_single(form)


def not_an_incident(row: LedgerRow) -> None:
    form = f"nothing-reason-{row.incident_id}"
    with st.form(f"nothing-{row.incident_id}", border=False):
        reason = _reason(_("What was it instead?"), form)
        if st.form_submit_button(_("It is not an incident"), key="nothing-submit", type="primary"):
            _settle(row, Disposition.NOT_AN_INCIDENT, form, reason)
    kept().watch_single(form)


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


def _settle(row: LedgerRow, disposition: Disposition, form: str, reason: str, **named: int | None) -> None:
    with _done(_("{public_id} is settled.").format(public_id=row.public_id), form, reason):
        run(SettleIncident(incident_id=row.incident_id, disposition=disposition, reason=reason, **named))
