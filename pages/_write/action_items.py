"""Action Items: read as a list, one edited at a time; or the reason why none is needed."""

import streamlit as st

from pages._ui import badges, flash, prose
from pages._ui.fragments import fragment
from pages._write import advice, fields, item_form, saving
from pmcore.domain.vocabulary import ActionPriority, ActionState
from pmcore.readmodels.actions import ItemView
from pmcore.readmodels.writing import SectionView, WritingView
from pmcore.usecases.action_items import CommitItems, RestoreItem
from pmcore.words import _, label, times
from wiring import ask, run

PAGE = "actions.py"  #: where progress is kept


def form(section: SectionView, postmortem: WritingView) -> None:
    items = ask.items(postmortem.postmortem_id)
    listed = st.container()
    if section.may_edit:  # told first: what was saved is not to come back into a form
        item_form.keep(section.postmortem_id, items)
    with listed:
        _list(section, postmortem, items)
        if section.may_edit:
            if item_form.is_open(item_form.NEW, section):
                item_form.editor(postmortem, None)
            _below(section, items)
        elif items:
            st.page_link(PAGE, label=_("Progress is kept on the Actions page"), icon=":material/arrow_forward:")
    _none_because(section, items)


def _list(section: SectionView, postmortem: WritingView, items: tuple[ItemView, ...]) -> None:
    gone = advice.put_away(section)
    for priority in ActionPriority:
        group = [item for item in items if item.priority is priority]
        if group:
            st.markdown(f"### {label(priority)}")
        for item in group:
            if item_form.is_open(str(item.item_id), section):
                item_form.editor(postmortem, item)
            else:
                _row(section, item)
                advice.of_item(section, item, gone)


def _row(section: SectionView, item: ItemView) -> None:
    with st.container(horizontal=True, vertical_alignment="top", gap="small", width=900, key=f"item-{item.item_id}"):
        with st.container(gap="xxsmall"):
            st.markdown(f"**{item.name}** {prose.line(item.title)} {badges.action_state(item.state)}")
            owner = prose.line(item.owner) or _("no owner")
            gone = "" if item.owner_active or not item.owner else f" ({_('deactivated')})"
            due = times.day(item.original_due_on) if item.original_due_on else _("no due date")
            st.markdown(
                f":small[:material/person: {owner}{gone} · :material/event: {due} · {label(item.kind)}]"
                + (f" :small[· :material/flag: {prose.line(item.criterion)}]" if item.criterion else "")
            )
            if item.missing and item.state is ActionState.PROPOSED:
                st.markdown(badges.quiet(_("needs {what}").format(what=_missing(item)), icon="edit"))
        if section.may_edit:
            st.button(
                "", help=_("Edit AI-{number}").format(number=item.number), icon=":material/edit:", type="tertiary",
                key=f"item-edit-{item.item_id}", on_click=item_form.open_, args=(str(item.item_id),),
            )  # fmt: skip


def _missing(item: ItemView) -> str:
    words = {"owner": _("an owner"), "due": _("a due date"), "criterion": _("a success criterion")}
    return ", ".join(words[field] for field in item.missing)


def _below(section: SectionView, items: tuple[ItemView, ...]) -> None:
    proposals = [item for item in items if item.state is ActionState.PROPOSED]
    with st.container(horizontal=True):
        st.button(
            _("Add an action item"),
            icon=":material/add:",
            key="item-add",
            on_click=item_form.open_,
            args=(item_form.NEW,),
        )
        if proposals and st.button(_("Commit all proposals"), icon=":material/handshake:", key="item-commit-all"):
            with flash.refusals():
                run(CommitItems(postmortem_id=section.postmortem_id))
                flash.say_and_rerun(_("Every proposal is a promise now."))
        deleted = item_form.last_deleted(section.postmortem_id)
        if deleted and st.button(_("Undo the deletion"), icon=":material/undo:", key="item-undo", type="tertiary"):
            with flash.refusals():
                run(RestoreItem(item_id=deleted))
                item_form.forget_deleted(section.postmortem_id)
                flash.say_and_rerun(_("The item is back."))


@fragment
def _none_because(section: SectionView, items: tuple[ItemView, ...]) -> None:
    draft = saving.begin(section)
    if draft and (not items or draft.text(draft.fields[0].key)):
        fields.field(draft, draft.fields[0])
        saving.bar(draft)
