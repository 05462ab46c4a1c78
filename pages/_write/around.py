"""Who else is here now, and the page shown anew when others changed what it shows.

Asked every other second in a fragment of its own; the first run of a page asks nothing. What somebody types here is
left alone: the boxes bring themselves up to date when they are idle (`typing`).
"""

from typing import Any

import streamlit as st

from pages._ui import prose
from pages._ui.fragments import fragment, renew_page
from pages._write import drafts
from pmcore.domain.presence import is_to_say
from pmcore.domain.sections import BY_KEY
from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels.around import Around, Here
from pmcore.readmodels.writing import WritingView
from pmcore.usecases.presence import BeHere
from pmcore.words import _
from wiring import ask, parts, run

SECONDS = 1.25
CALM_SECONDS = 5  #: between two renewals of the whole, which every word of anybody changes


def show(postmortem: WritingView, opened: SectionKey, *, is_whole: bool, is_writing: bool) -> None:
    """`is_whole`: the text of every section is on the screen; `is_writing`: the opened one can be changed here."""
    state: dict[str, Any] = st.session_state.setdefault(f"around-{postmortem.postmortem_id}", {"here": ()})
    state.update(is_fresh=True, stands=None, shown_at=parts.clock())
    _watch(postmortem, opened, is_whole, is_writing)


@fragment(run_every=SECONDS)
def _watch(postmortem: WritingView, opened: SectionKey, is_whole: bool, is_writing: bool) -> None:
    state = st.session_state[f"around-{postmortem.postmortem_id}"]
    if not state.pop("is_fresh", False):
        if is_writing:
            _say(state, postmortem.postmortem_id, opened)
        around = ask.around(postmortem.postmortem_id)
        state["here"] = around.here
        if _outdates(state, around, postmortem, opened, is_whole):
            renew_page()
            state["stands"] = None  # something else went first: the same is to be found again
    _others(state["here"], opened)


def _say(state: dict[str, Any], postmortem_id: int, opened: SectionKey) -> None:
    now, was = parts.clock(), state.get("said")
    if was == opened and not is_to_say(said_at=state.get("said_at"), now=now):
        return
    run(BeHere(postmortem_id=postmortem_id, key=opened, left=was))
    state.update(said=opened, said_at=now)


def _outdates(
    state: dict[str, Any], around: Around, postmortem: WritingView, opened: SectionKey, is_whole: bool
) -> bool:
    """Whether the page shows what is no longer so. What was saved here is known here."""
    shown = {entry.key: entry.version for entry in postmortem.sections}
    shown[opened] = max(shown[opened], drafts.known_version(postmortem.postmortem_id, opened))
    moved = {key for key, version in around.versions.items() if version > shown.get(key, version)}
    first, state["stands"] = state["stands"] is None, state["stands"] or around.stands
    if around.lifecycle != (postmortem.status, postmortem.amendment) or opened in moved:
        return True
    if is_whole:
        return bool(moved) and (parts.clock() - state["shown_at"]).total_seconds() >= CALM_SECONDS
    if first:
        return bool(moved)
    return any(around.stands[key] != state["stands"].get(key) for key in moved)


def _others(here: tuple[Here, ...], opened: SectionKey) -> None:
    """Always one line, so that nothing moves when somebody comes or goes."""
    same = [prose.line(each.name) for each in here if each.key is opened]
    elsewhere = [f"{prose.line(each.name)} ({_(BY_KEY[each.key].heading)})" for each in here if each.key is not opened]
    said = []
    if same:
        said.append(f":blue[:material/edit:] **{_('In this section: {names}').format(names=', '.join(same))}**")
    if elsewhere:
        said.append(_("Elsewhere: {names}").format(names=", ".join(elsewhere)))
    with st.container(key="around"):
        st.caption(" · ".join(said) or f":material/person: {_('Nobody else is writing here now.')}")
