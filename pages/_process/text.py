"""The documents to read: the process with its contents at the side, and the empty template."""

import streamlit as st

from pmcore.documents.handbook import Handbook, Part
from pmcore.domain.policy import Policy
from pmcore.domain.process import OwnFigure, own_figures
from pmcore.words import _, label, times


def process(book: Handbook, policy: Policy) -> None:
    """Our own Markdown, as it was installed."""
    side, body = st.columns([1, 3], gap="large")
    with side.container(border=True, key="process-contents"):
        st.markdown("## " + _("Contents"))
        st.markdown("\n".join(f"- [{part.heading}](#{_anchor(number)})" for number, part in _headed(book)))
    with body.container(width=800, key="process-text"):
        for number, part in enumerate(book.parts):
            if part.heading:
                st.header(part.heading, anchor=_anchor(number))
            _show(part, policy)


def _show(part: Part, policy: Policy) -> None:
    for text in (part.before, part.after):
        if text:
            st.markdown(text)
        if text is part.before and part.has_figures:
            _figures(own_figures(policy), policy)


def _figures(own: tuple[OwnFigure, ...], policy: Policy) -> None:
    if not own:
        return
    lines = "\n".join(f"- {_figure(one, policy)}" for one in own)
    said = _("In this workspace other figures hold than in the text below (policy {number}):")
    st.info(f"{said.format(number=policy.number)}\n\n{lines}", icon=":material/tune:")


def _figure(one: OwnFigure, policy: Policy) -> str:
    if one.clock is None:
        return _("A P1 owes a post-mortem after {own} of impact; usual: {usual}.").format(
            own=times.minutes(one.own), usual=times.minutes(one.usual)
        )
    return _("{clock}, {rule}: {own}; usual: {usual}.").format(
        clock=label(one.clock), rule=label(one.rule).format(minutes=policy.p1_minutes), own=times.hours(one.own),
        usual=times.hours(one.usual),
    )  # fmt: skip


def _headed(book: Handbook) -> list[tuple[int, Part]]:
    return [(number, part) for number, part in enumerate(book.parts) if part.heading]


def _anchor(number: int) -> str:
    return f"part-{number}"


def template(text: str) -> None:
    st.markdown(_("Here you need no template: a new post-mortem has these sections, filled with what is known."))
    st.download_button(
        _("Download"), text, file_name="POST_MORTEM_TEMPLATE.md", mime="text/markdown", icon=":material/download:",
        key="process-template", on_click="ignore",
    )  # fmt: skip
    with st.container(width=800):
        st.code(text, language=None, wrap_lines=True)
