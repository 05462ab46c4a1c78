"""All items: filters in the address, a page of rows, several of which can get another owner at once."""

from dataclasses import replace

import streamlit as st

from pages._actions import words
from pages._ui import address, empty, flash, folded, tables, times
from pages._ui.kept import Kept
from pmcore.domain.action_item import Mark
from pmcore.domain.errors import N_
from pmcore.domain.permissions import Right
from pmcore.domain.vocabulary import ActionState
from pmcore.readmodels.actions import OPEN_STATES, ActionFilter, ActionPage, Due, ItemView, Sort
from pmcore.readmodels.people import PersonChoice
from pmcore.usecases.item_progress import ReassignItems
from pmcore.words import _, label, ngettext
from wiring import acting, run

PAGE = "actions"
_DUE = {Due.ANY: N_("any day"), Due.OVERDUE: N_("overdue"), Due.WEEK: N_("within a week")}
_SORT = {
    Sort.DUE: N_("Due date"), Sort.UPDATED: N_("Last news"), Sort.STATE: N_("State"), Sort.OWNER: N_("Owner"),
    Sort.PRIORITY: N_("Priority"), Sort.REFERENCE: N_("Incident"),
}  # fmt: skip


def filters(filter: ActionFilter, people: tuple[PersonChoice, ...]) -> ActionFilter:
    """Draw the filters as the address has them; a change goes to the address."""
    st.header(_("All items"), anchor=False)
    names = {person.id: person.name for person in people}
    owner = filter.owner_id if filter.owner_id in names else None
    address.follow(PAGE, filter.params(), lambda: {
        "actions-text": filter.text, "actions-states": list(filter.states), "actions-owner": owner,
        "actions-due": filter.due, "actions-sort": filter.sort, "actions-down": filter.descending,
        "actions-dry": filter.dry_runs,
    })  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="actions-filters"):
        st.text_input(
            _("Text"), key="actions-text", placeholder=_("Words or an id"), width=180, icon=":material/search:",
            on_change=_changed,
        )  # fmt: skip
        st.multiselect(
            _("State"), list(ActionState), format_func=label, key="actions-states", width=300, on_change=_changed,
            placeholder=_("all"),
        )  # fmt: skip
        st.selectbox(
            _("Owner"), list(names), index=None, format_func=lambda key: names.get(key, "–"), key="actions-owner",
            width=170, placeholder=_("anybody"), on_change=_changed,
        )  # fmt: skip
        if filter.params():
            st.button(
                _("Clear"), key="actions-clear", icon=":material/filter_alt_off:", type="tertiary", on_click=_cleared
            )
    unseen = int(filter.due is not Due.ANY) + int(filter.dry_runs)
    more = _("More filters and sorting ({count})").format(count=unseen) if unseen else _("More filters and sorting")
    place = folded.expander(more, icon=":material/tune:", key="actions-more")
    if place is None:
        return filter
    with place.container(horizontal=True, vertical_alignment="bottom", gap="small", key="actions-folded"):
        st.selectbox(
            _("Due"), list(Due), format_func=lambda key: _(_DUE[key]), key="actions-due", width=135, on_change=_changed
        )
        st.selectbox(
            _("Sort by"), list(Sort), format_func=lambda key: _(_SORT[key]), key="actions-sort", width=140,
            on_change=_changed,
        )  # fmt: skip
        st.toggle(_("Last first"), key="actions-down", on_change=_changed)
        st.toggle(_("Dry runs"), key="actions-dry", on_change=_changed)
    return filter


def _typed() -> ActionFilter:
    state = st.session_state
    return ActionFilter(
        text=state["actions-text"].strip(), states=tuple(s for s in ActionState if s in state["actions-states"]),
        owner_id=state["actions-owner"], due=state["actions-due"] or Due.ANY, sort=state["actions-sort"] or Sort.DUE,
        descending=state["actions-down"], dry_runs=state["actions-dry"],
    )  # fmt: skip


def _changed() -> None:
    address.write(PAGE, _typed().params())


def _cleared() -> None:
    address.write(PAGE, {})


def _turned(turn: str) -> None:
    address.write(PAGE, replace(_typed(), page=st.session_state[turn]).params())


def table(found: ActionPage, filter: ActionFilter) -> tuple[ItemView, ...]:
    """Returns the rows that are chosen."""
    if not found.total:
        if filter == replace(ActionFilter(), dry_runs=filter.dry_runs):
            empty.box(
                _("No promise is open. Items committed in a post-mortem appear here."), icon=":material/task_alt:"
            )
        else:
            empty.nothing_matches()
        return ()
    count = ngettext("{count} item", "{count} items", found.total).format(count=found.total)
    st.caption(f"{count} · {_('Choose rows at the left: one for its details, several for another owner.')}")
    chosen = st.dataframe(
        tables.of("actions", found.rows, _cells),
        key=f"actions-table-{found.page}",
        height="content",
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        alt=_("Action items with owner, due date and state"),
        column_config={
            "due": st.column_config.DateColumn(_("Due"), format=words.date_format(), width=100),
            "item": st.column_config.TextColumn(_("Item"), width=105),
            "title": st.column_config.TextColumn(_("What"), width=305),
            "owner": st.column_config.TextColumn(_("Owner"), width=115),
            "state": st.column_config.TextColumn(_("State"), width=95),
            "marks": st.column_config.MultiselectColumn(
                _("Marks"), options=[words.mark(mark) for mark in Mark], color=["red", "gray", "gray"], width=320
            ),
            "news": st.column_config.TextColumn(_("Last news"), width=100),
        },
    )
    if found.pages > 1:
        turn = f"actions-page-{found.page}-of-{found.pages}"
        st.pagination(found.pages, default=found.page, key=turn, on_change=_turned, args=(turn,))
    return tuple(found.rows[row] for row in chosen.selection.rows if row < len(found.rows))


def _cells(item: ItemView) -> dict[str, object]:
    return {
        "item": item.reference, "title": item.title, "due": item.due_on, "state": label(item.state),
        "marks": [words.mark(mark) for mark in item.marks], "owner": item.owner or "–",
        "news": times.ago(item.updated_at),
    }  # fmt: skip


def reassign(chosen: tuple[ItemView, ...], people: tuple[PersonChoice, ...]) -> None:
    """Another owner for all chosen rows; what was agreed stays as it is."""
    open_items = [item for item in chosen if item.state in (ActionState.PROPOSED, *OPEN_STATES)]
    kept, form = Kept(0, "reassign"), "actions-reassign-note"
    if not acting.actor().may(Right.MANAGE_ITEMS) or not open_items:
        kept.tell()
        return
    names = {person.id: person.name for person in people}
    heading = ngettext("New owner of {count} item", "New owner of {count} items", len(open_items))
    with st.form("actions-reassign"), st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        owner = st.selectbox(
            heading.format(count=len(open_items)),
            list(names), index=None, format_func=lambda key: names.get(key, "–"), key="actions-new-owner", width=260,
            placeholder=_("One person"),
        )  # fmt: skip
        note = st.text_input(_("Note"), key=kept.key(form), placeholder=_("Why, if somebody will wonder"), width=320)
        save = st.form_submit_button(_("Re-assign"), icon=":material/person_edit:", key="actions-reassign-save")
    if save and owner is None:
        st.error(_("Choose who takes over."))
    elif save:
        with flash.refusals():
            run(ReassignItems(item_ids=tuple(item.item_id for item in open_items), owner_id=owner, note=note))
            kept.done(form, note)
            flash.say_and_rerun(_("Re-assigned to {name}.").format(name=names[owner]))
    kept.watch_single(form)
