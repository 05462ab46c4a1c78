"""A word diff: what went is struck, what came is bold; the colour only helps."""

from collections.abc import Iterable

import streamlit as st

from pages._ui import prose
from pmcore.domain.sections import BY_KEY, FACTS
from pmcore.domain.vocabulary import SectionKey
from pmcore.domain.word_diff import Change, FieldDiff, Piece
from pmcore.words import _


def show(pieces: tuple[Piece, ...]) -> None:
    """At a readable measure, line breaks kept."""
    with st.container(width=760):
        st.markdown("".join(map(_piece, pieces)) or "–")


def fields(key: SectionKey, changed: Iterable[FieldDiff]) -> None:
    """Each changed field of a section under its heading."""
    known = BY_KEY[key]
    heading = ""
    for each in changed:
        said = _("From the incident") if each.field == FACTS else _(known.field(each.field).heading)
        if said != heading:
            st.markdown(f"**{said}**")
        heading = said
        show(each.pieces)


def _piece(piece: Piece) -> str:
    lines = piece.text.split("\n")
    return "  \n".join(_marked(line, piece.change) for line in lines)


def _marked(text: str, change: Change) -> str:
    """Spaces stay outside the marks: Markdown wants its marks at a word."""
    said = prose.line(text)
    if not said or change is Change.SAME:
        return f"{_space(text[:1])}{said}{_space(text[-1:])}" if said else _space(text)
    marked = f":red-background[~~{said}~~]" if change is Change.DELETED else f":green-background[**{said}**]"
    return f"{_space(text[:1])}{marked}{_space(text[-1:])}"


def _space(text: str) -> str:
    return " " if text.isspace() else ""
