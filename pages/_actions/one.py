"""One item: what was agreed, how it went, and what can be done about it."""

from datetime import timedelta

import streamlit as st

from pages._actions import words
from pages._ui import badges, flash, popover, prose, times
from pages._ui.fragments import fragment
from pages._ui.kept import Kept
from pmcore.domain.vocabulary import ActionState
from pmcore.readmodels.actions import ItemDetail, ItemEvent
from pmcore.usecases.item_progress import ExtendItem, ReopenItem, VerifyItem, WontDo
from pmcore.words import _, label
from wiring import parts, run

READ = "read.py"
EXTEND, GIVE_UP, REOPEN = "actions-extend-why", "actions-give-up-why", "actions-reopen-why"  #: their forms, and the id


def kept() -> Kept:
    """Reasons stay in the browser until they are given."""
    return Kept(0, "actions")


@fragment
def show(detail: ItemDetail) -> None:
    item = detail.item
    with st.container(border=True, gap="xsmall", key="actions-one"):
        marks = " ".join(words.marks(item))
        st.markdown(
            f"**{prose.line(item.reference)}** {prose.line(item.title)} {badges.action_state(item.state)} {marks}"
        )
        st.markdown(
            f"{words.due(item)} · :material/person: {prose.line(item.owner) or '–'}"
            + (f" ({_('agreed: {name}').format(name=prose.line(detail.agreed_owner))})" if _moved(detail) else "")
            + f" · {label(item.kind)} · {label(item.priority)}"
        )
        st.markdown(f":material/flag: {prose.line(item.criterion)}")
        _outcome(detail)
        with st.container(horizontal=True):
            st.page_link(
                READ,
                label=item.public_id,
                icon=":material/description:",
                query_params={"id": str(item.postmortem_id)},
                width="content",
            )
            if item.ticket_url:
                st.link_button(
                    _("Ticket"), item.ticket_url, icon=":material/open_in_new:", type="tertiary", key="actions-ticket"
                )
        _acts(detail)
        if detail.events:
            with st.expander(_("History"), key="actions-history"):
                for event in detail.events:
                    st.markdown(
                        f"{times.ago(event.at)} · {prose.line(event.by)}: {_told(event)}", help=times.exact(event.at)
                    )


def _moved(detail: ItemDetail) -> bool:
    return bool(detail.agreed_owner) and detail.agreed_owner != detail.item.owner


def _outcome(detail: ItemDetail) -> None:
    item = detail.item
    said = (
        (item.blocked_because, ":material/block:", _("Blocked: {text}")),
        (item.evidence, ":material/check:", _("Evidence: {text}")),
        (item.wont_do_because, ":material/close:", _("Given up: {text}")),
        (detail.approved_by, ":material/gavel:", _("Approved by {text}")),
        (detail.verified_by, ":material/verified:", _("Verified by {text}")),
    )
    for text, icon, sentence in said:
        if text:
            st.markdown(f"{icon} {sentence.format(text=prose.line(text))}")


def _acts(detail: ItemDetail) -> None:
    with st.container(horizontal=True, key="actions-acts"):
        if detail.may_verify:
            _verify(detail)
        if detail.may_extend:
            _extend(detail)
        if detail.may_give_up:
            _give_up(detail)
        if detail.may_reopen:
            _reopen(detail)
    asked = ((detail.may_extend, EXTEND), (detail.may_give_up, GIVE_UP), (detail.may_reopen, REOPEN))
    kept().watch_single(*(f"{form}-{detail.item.item_id}" for may, form in asked if may))


def _verify(detail: ItemDetail) -> None:
    said = _("I have seen that it is done")
    if st.button(said, icon=":material/verified:", type="primary", key="actions-verify"):
        with flash.refusals():
            run(VerifyItem(item_id=detail.item.item_id))
            flash.say_and_rerun(_("Verified."))


def _extend(detail: ItemDetail) -> None:
    item, form = detail.item, f"{EXTEND}-{detail.item.item_id}"
    with (
        popover.show(_("Extend"), icon=":material/more_time:", key="actions-extend"),
        st.form("actions-extend-form", border=False),
    ):
        soonest = max(day for day in (item.due_on, parts.clock().date()) if day) + timedelta(days=7)
        due_on = st.date_input(
            _("New due date"), value=soonest, format="YYYY-MM-DD", key=f"actions-extend-due-{item.item_id}"
        )
        flash.beside("actions-extend", "due")
        reason = st.text_input(_("Why does it need more time?"), key=kept().key(form))
        flash.beside("actions-extend", "reason")
        st.caption(_("The agreed date stays on record."))
        if st.form_submit_button(_("Extend"), type="primary", key="actions-extend-save"):
            with flash.refusals("actions-extend"):
                run(ExtendItem(item_id=item.item_id, due_on=due_on, reason=reason))
                kept().done(form, reason)
                popover.close("actions-extend")
                flash.say_and_rerun(_("Extended to {day}.").format(day=times.day(due_on)))


def _give_up(detail: ItemDetail) -> None:
    form = f"{GIVE_UP}-{detail.item.item_id}"
    with (
        popover.show(_("Won't do"), icon=":material/close:", key="actions-give-up"),
        st.form("actions-give-up-form", border=False),
    ):
        reason = st.text_input(_("Why will it not be done?"), key=kept().key(form))
        if st.form_submit_button(_("Approve giving it up"), type="primary", key="actions-give-up-save"):
            with flash.refusals():
                run(WontDo(item_id=detail.item.item_id, reason=reason))
                kept().done(form, reason)
                popover.close("actions-give-up")
                flash.say_and_rerun(_("Given up, with your approval."))


def _reopen(detail: ItemDetail) -> None:
    said = _("Not done yet") if detail.item.state is ActionState.DONE else _("Reopen")
    form = f"{REOPEN}-{detail.item.item_id}"
    with (
        popover.show(said, icon=":material/replay:", key="actions-reopen"),
        st.form("actions-reopen-form", border=False),
    ):
        reason = st.text_input(_("What is left to do?"), key=kept().key(form))
        if st.form_submit_button(_("Reopen"), type="primary", key="actions-reopen-save"):
            with flash.refusals():
                run(ReopenItem(item_id=detail.item.item_id, reason=reason))
                kept().done(form, reason)
                popover.close("actions-reopen")
                flash.say_and_rerun(_("Open again."))


def _told(event: ItemEvent) -> str:
    old, new, note = (prose.line(text) for text in (event.old, event.new, event.note))
    said = {
        "state": _("{old} → {new}").format(old=_state(event.old), new=_state(event.new)),
        "note": _state(event.new),
        "extension": _("due {old} → {new}").format(old=old, new=new),
        "reassignment": _("{old} → {new}").format(old=old or "–", new=new),
    }[event.kind]
    return f"{said}. {note}" if note else said


def _state(value: str) -> str:
    return label(ActionState(value)) if value in set(ActionState) else ""
