"""The section list at the left: where each section stands, the next step, and the way there."""

import streamlit as st

from pages._ui import badges, folded, times
from pmcore.domain.progress import NextStep
from pmcore.domain.sections import BY_KEY
from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels.writing import SectionEntry, WritingView
from pmcore.words import _, label, ngettext


def open_section(key: SectionKey | None) -> None:
    """A link: the address names the section."""
    if key is not None:
        st.query_params["section"] = key.value
        st.query_params.pop("view", None)


def show(postmortem: WritingView, opened: SectionKey) -> None:
    with st.sidebar:
        _next_step(postmortem)
        optional = [entry for entry in postmortem.sections if entry.is_folded]
        with st.container(gap=None, key="section-list"):
            for entry in [entry for entry in postmortem.sections if not entry.is_folded]:
                _entry(entry, opened)
        if optional:
            count = len(optional)
            heading = ngettext("{count} optional section", "{count} optional sections", count).format(count=count)
            is_within = any(entry.key is opened for entry in optional)
            place = folded.expander(heading, expanded=is_within, key="optional-sections")
            if place is not None:
                with place.container(gap=None):
                    for entry in optional:
                        _entry(entry, opened)


def _next_step(postmortem: WritingView) -> None:
    """What to do now and how long there is, as a way there."""
    step = postmortem.next_step
    clock = ""
    if postmortem.drafted_at is None and postmortem.drafted_due_at is not None:
        clock = f" :small[:gray[:material/schedule: {times.left(postmortem.drafted_due_at)}]]"
    st.markdown(f"**{_('Next step')}**{clock}", help=times.exact(postmortem.drafted_due_at) if clock else None)
    if step.section is None or not postmortem.may_edit:
        st.markdown(words(step))
        return
    st.button(
        words(step),
        icon=":material/arrow_forward:",
        key="next-step",
        on_click=open_section,
        args=(step.section,),
    )


def words(step: NextStep) -> str:
    return _(step.sentence).format(**step.values)


def _entry(entry: SectionEntry, opened: SectionKey) -> None:
    heading = _(BY_KEY[entry.key].heading)
    shown = f"**:blue[{heading}]**" if entry.key is opened else heading
    said = f" :small[:gray[:material/forum: {entry.open_threads}]]" if entry.open_threads else ""
    st.button(
        f"{shown} :small[:gray[{label(entry.state)}]]{said}",
        icon=badges.section_icon(entry.state),
        key=f"open-{entry.key}",
        type="tertiary",
        on_click=open_section,
        args=(entry.key,),
    )


def neighbours(postmortem: WritingView, opened: SectionKey) -> None:
    """Back and forth at the end of a section."""
    keys = [entry.key for entry in postmortem.sections]
    place = keys.index(opened)
    before, after = keys[place - 1] if place else None, keys[place + 1] if place + 1 < len(keys) else None
    side_by_side = "distribute" if before else "right"
    with st.container(horizontal=True, horizontal_alignment=side_by_side, key="neighbours"):
        for key, icon, side in ((before, "arrow_back", "left"), (after, "arrow_forward", "right")):
            if key is None:
                continue
            st.button(
                _(BY_KEY[key].heading),
                icon=f":material/{icon}:",
                icon_position=side,
                key=f"neighbour-{side}",
                type="tertiary",
                on_click=open_section,
                args=(key,),
            )
