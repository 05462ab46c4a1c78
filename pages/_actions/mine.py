"""My items: a row each, which opens once something is said of it; all are saved in one go."""

from typing import Any

import streamlit as st

from pages._actions import words
from pages._ui import badges, flash, prose
from pages._ui.fragments import fragment
from pages._ui.kept import Box, Kept
from pmcore.domain.action_item import Progress
from pmcore.domain.errors import N_, PmError, Refusals
from pmcore.readmodels.actions import ItemView
from pmcore.usecases.item_progress import ReportProgress, Update
from pmcore.words import _, ngettext, say
from wiring import run

_SAID = {
    Progress.ON_TRACK: ("play_arrow", N_("On track")),
    Progress.BLOCKED: ("block", N_("Blocked")),
    Progress.DONE: ("check", N_("Done")),
}
AT_ONCE = 4  #: rows on the screen before "Show all"


@fragment
def form(items: tuple[ItemView, ...]) -> None:
    st.header(_("Mine"), anchor=False)
    shown = items if st.session_state.get("mine-all") else items[:AT_ONCE]
    with st.container(border=True, gap="small", key="mine"):
        slots = {item.item_id: _row(item) for item in shown}
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            save = st.button(_("Save all"), type="primary", icon=":material/save:", key="mine-save")
            if len(shown) < len(items):
                st.button(_("Show all {count}").format(count=len(items)), key="mine-more", on_click=_show_all)
    opened = [item for item in shown if slots[item.item_id] is not None]
    boxes = [Box(form=str(item.item_id), name="note", key=_key(item, "note")) for item in opened]
    kept().watch(boxes, reopen=lambda item_id: _reopen(items, item_id))
    if save:
        _save(shown, slots)


def kept() -> Kept:
    """What is typed of an item stays in the browser until it is saved."""
    return Kept(0, "mine")


def _reopen(items: tuple[ItemView, ...], item_id: str) -> None:
    for place, item in enumerate(items):
        if str(item.item_id) == item_id:
            st.session_state["mine-all"] = st.session_state.get("mine-all") or place >= AT_ONCE
            st.session_state[_key(item, "note")] = kept().back(item_id, "note", "")


def _show_all() -> None:
    st.session_state["mine-all"] = True


def _row(item: ItemView) -> Any:
    """Returns the place for a refusal; a row of which nothing is said yet cannot be refused and has none."""
    said = [
        f"**{prose.line(item.reference)}** {prose.line(item.title)}",
        badges.action_state(item.state),
        *words.marks(item),
        f":small[{words.due(item)}]",
    ]
    st.markdown(" ".join(said))  # what follows stands beside it, see look.css: a container around both costs as much
    st.segmented_control(
        _("News of {item}").format(item=item.reference), list(Progress), format_func=_progress,
        key=_key(item, "progress"), label_visibility="collapsed", width="content",
    )  # fmt: skip
    return _opened(item) if _is_opened(item) else None


def _is_opened(item: ItemView) -> bool:
    return any(st.session_state.get(_key(item, what)) for what in ("progress", "note"))


def _opened(item: ItemView) -> Any:
    criterion = f":material/flag: {prose.line(item.criterion)}"
    blocked = f" · :material/block: {prose.line(item.blocked_because)}" if item.blocked_because else ""
    st.markdown(f":small[{criterion}{blocked}]")
    st.text_input(
        _("Note on {item}").format(item=item.reference), key=_key(item, "note"),
        label_visibility="collapsed", placeholder=_("What blocks it, or the evidence that it is done"),
    )  # fmt: skip
    return st.empty()


def _progress(which: Progress) -> str:
    icon, said = _SAID[which]
    return f":material/{icon}: {_(said)}"


def _key(item: ItemView, what: str) -> str:
    """New widgets after each saved change, so that a row is clean again."""
    return f"mine-{what}-{item.item_id}-{item.version}"


def _save(items: tuple[ItemView, ...], slots: dict[int, Any]) -> None:
    said = {item.item_id: st.session_state[_key(item, "progress")] for item in items}
    noted = {item.item_id: st.session_state.get(_key(item, "note"), "") for item in items}
    updates = tuple(
        Update(item_id=item_id, progress=progress, note=noted[item_id])
        for item_id, progress in said.items()
        if progress is not None
    )
    for item_id, note in noted.items():
        if note.strip() and said[item_id] is None:
            slots[item_id].error(_("Choose on track, blocked or done for this note."))
            return
    if not updates:
        st.info(_("Say how an item stands first: on track, blocked or done."), icon=":material/touch_app:")
        return
    try:
        run(ReportProgress(updates=updates))
    except Refusals as refused:
        for problem in refused.problems:
            slots[int(problem.field.removeprefix("item-"))].error(say(problem))
    except PmError as refusal:
        st.error(prose.sentence(say(refusal)))
    else:
        for update in updates:
            kept().done(str(update.item_id), update.note)
        count = len(updates)
        flash.say_and_rerun(ngettext("{count} item saved.", "{count} items saved.", count).format(count=count))
