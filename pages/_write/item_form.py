"""One open action item, in a fragment of its own."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

import streamlit as st

from pages._ui import flash
from pages._ui.fragments import fragment
from pages._ui.kept import Box, Kept
from pmcore.domain.item_terms import Terms, default_due
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState
from pmcore.readmodels.actions import ItemView
from pmcore.readmodels.writing import SectionView, WritingView
from pmcore.usecases.action_items import DeleteItem, EditItem, ProposeItem
from pmcore.words import _, label
from wiring import ask, parts, run

NEW = "new"
_OPEN = "item-open"


def open_(what: str) -> None:
    """`what` is an item's id, "new", or "" to close."""
    st.session_state[_OPEN] = what


def is_open(what: str, section: SectionView) -> bool:
    return section.may_edit and st.session_state.get(_OPEN) == what


def last_deleted(postmortem_id: int) -> int | None:
    return st.session_state.get(f"item-deleted-{postmortem_id}")


def forget_deleted(postmortem_id: int) -> None:
    st.session_state.pop(f"item-deleted-{postmortem_id}", None)


@fragment
def editor(postmortem: WritingView, item: ItemView | None) -> None:
    """`item` is None for a new one. What was typed stays until it is saved or cancelled."""
    name = _name(postmortem.postmortem_id, item)
    with st.container(border=True, key=name):
        terms = _terms(postmortem, item, name)
        is_proposal = item is None or item.state is ActionState.PROPOSED
        with st.container(horizontal=True):
            said = _("Commit") if is_proposal else _("Save")
            commit = st.button(
                said,
                type="primary",
                icon=":material/handshake:" if is_proposal else ":material/save:",
                key=f"{name}-commit",
            )
            said = _("Keep as a proposal") if is_proposal else _("Back to a proposal")
            may_propose = item is None or item.state in (ActionState.PROPOSED, ActionState.COMMITTED)
            propose = may_propose and st.button(
                said, key=f"{name}-propose", type="secondary" if is_proposal else "tertiary"
            )
            delete = item is not None and st.button(
                _("Delete"), icon=":material/delete:", type="tertiary", key=f"{name}-delete"
            )
            cancel = st.button(_("Cancel"), type="tertiary", key=f"{name}-cancel")
        st.caption(_("A promise needs one person, a due date and a success criterion; a proposal may wait for them."))
    if cancel:
        _over(postmortem, item)
        st.rerun()
    with flash.refusals(name):
        if delete and item:
            run(DeleteItem(item_id=item.item_id))
            st.session_state[f"item-deleted-{postmortem.postmortem_id}"] = item.item_id
            _closed(postmortem, item, _("AI-{number} deleted.").format(number=item.number))
        if commit or propose:
            _save(postmortem, item, terms, commit=commit)


def _save(postmortem: WritingView, item: ItemView | None, terms: Terms, *, commit: bool) -> None:
    if item is None:
        run(ProposeItem(postmortem_id=postmortem.postmortem_id, terms=terms, commit=commit))
    else:
        run(EditItem(item_id=item.item_id, version=item.version, terms=terms, commit=commit))
    _closed(postmortem, item, _("Saved."))


def _closed(postmortem: WritingView, item: ItemView | None, said: str) -> None:
    _over(postmortem, item)
    flash.say_and_rerun(said)


def _over(postmortem: WritingView, item: ItemView | None) -> None:
    _kept(postmortem.postmortem_id).done(_form(item))
    open_("")


def _kept(postmortem_id: int) -> Kept:
    return Kept(postmortem_id, "items")


def _form(item: ItemView | None) -> str:
    return str(item.item_id) if item else NEW


def _name(postmortem_id: int, item: ItemView | None) -> str:
    return f"item-form-{item.item_id if item else f'new-{postmortem_id}'}"


def _texts(item: ItemView | None) -> dict[str, str]:
    """What is stored, by box."""
    return {
        "title": item.title if item else "",
        "criterion": item.criterion if item else "",
        "ticket": item.ticket_url if item else "",
    }


def keep(postmortem_id: int, items: Iterable[ItemView]) -> None:
    """What is typed into a form stays in the browser until it is saved, and opens its form again."""
    shown = st.session_state.get(_OPEN)
    boxes = [
        Box(
            form=_form(item), name=name, key=f"{_name(postmortem_id, item)}-{name}", known=text,
            is_open=_form(item) == shown, is_new=item is None,
        )
        for item in (*items, None)
        for name, text in _texts(item).items()
    ]  # fmt: skip
    _kept(postmortem_id).watch(boxes, reopen=open_)


def _terms(postmortem: WritingView, item: ItemView | None, name: str) -> Terms:
    kept, form, known = _kept(postmortem.postmortem_id), _form(item), _texts(item)
    title = st.text_input(
        _("What will be done"), value=kept.back(form, "title", known["title"]), key=f"{name}-title",
        placeholder=_("Add an alert for connection pool usage above 80 %"),
    )  # fmt: skip
    flash.beside(name, "title")
    with st.container(horizontal=True, gap="small"):
        owner_id = _owner(item, name)
        priority = st.selectbox(
            _("Priority"), list(ActionPriority), format_func=label, key=f"{name}-priority", width=190,
            index=list(ActionPriority).index(item.priority if item else ActionPriority.HIGH),
        )  # fmt: skip
        due_on = _due(postmortem, item, priority, name)
        kind = st.selectbox(
            _("Kind"), list(ActionKind), format_func=label, key=f"{name}-kind", width=190,
            index=list(ActionKind).index(item.kind if item else ActionKind.PREVENTION),
        )  # fmt: skip
    flash.beside(name, "owner")
    flash.beside(name, "due")
    criterion = st.text_area(
        _("Success criterion"), value=kept.back(form, "criterion", known["criterion"]), key=f"{name}-criterion",
        height=68, placeholder=_("How will somebody else see that it is done?"),
    )  # fmt: skip
    flash.beside(name, "criterion")
    ticket = st.text_input(
        _("Ticket"), value=kept.back(form, "ticket", known["ticket"]), key=f"{name}-ticket", placeholder="https://"
    )
    flash.beside(name, "ticket")
    return Terms(
        title=title, kind=kind, priority=priority, owner_id=owner_id, due_on=due_on, criterion=criterion,
        ticket_url=ticket,
    )  # fmt: skip


def _owner(item: ItemView | None, name: str) -> int | None:
    people = {person.id: person.name for person in ask.people()}
    known = st.session_state.setdefault(f"{name}-known", {})  # whoever was chosen stays, to be named in the refusal
    if (chosen := st.session_state.get(f"{name}-owner")) in known:
        people.setdefault(chosen, f"{known[chosen]} ({_('deactivated')})")
    known.update((person, called) for person, called in people.items() if person not in known)
    if item and item.owner_id is not None:
        people.setdefault(item.owner_id, f"{item.owner} ({_('deactivated')})")
    return st.selectbox(
        _("Owner"), list(people), format_func=lambda person: people.get(person, "–"), key=f"{name}-owner", width=240,
        index=list(people).index(item.owner_id) if item and item.owner_id is not None else None,
        placeholder=_("One person"),
    )  # fmt: skip


def _due(postmortem: WritingView, item: ItemView | None, priority: ActionPriority, name: str) -> date | None:
    """Of a new item: follows the priority until somebody chooses a day."""
    today = parts.clock().astimezone(ZoneInfo(postmortem.zone)).date()
    return st.date_input(
        _("Due date"), value=item.due_on if item else default_due(priority, today=today), width=170,
        key=f"{name}-due-{'' if item else priority}", format="YYYY-MM-DD",
    )  # fmt: skip
