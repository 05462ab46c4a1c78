"""What the one page for executives needs and the template lacks: optional, folded, and in no document while blank."""

from collections.abc import Sequence

import streamlit as st

from pages._ui import folded
from pages._write import fields
from pages._write.drafts import Draft
from pmcore.domain.impact import confirmed
from pmcore.domain.sections import FieldKind
from pmcore.domain.vocabulary import ImpactFigure
from pmcore.words import _, label


def form(draft: Draft) -> None:
    asked = [each for each in draft.fields if each.optional]
    if not asked:
        return
    place = folded.expander(
        _("For the one-page summary (optional)"), icon=":material/article:", key=draft.key("optional"),
        width=fields.MEASURE,
    )  # fmt: skip
    if place is None:
        return
    with place:
        st.caption(_("Executives get one page. What you leave blank here is in no document."))
        for each in asked:
            if each.kind is FieldKind.ROWS:
                _figures(draft, each.key, _(each.heading))
            else:
                fields.field(draft, each)


def _figures(draft: Draft, name: str, heading: str) -> None:
    """Marks are rows, so that two people who mark different figures do not meet."""
    key = draft.key(name, "marks")
    st.session_state[key] = list(confirmed(draft.rows(name)))
    st.pills(
        heading,
        list(ImpactFigure),
        selection_mode="multi",
        format_func=label,
        help=_("Figures that you do not mark are called estimated; a figure that is missing is unknown."),
        key=key,
        disabled=not draft.section.may_edit,
        on_change=_mark,
        args=(draft, name, key),
    )


def _mark(draft: Draft, name: str, key: str) -> None:
    marked: Sequence[ImpactFigure] = st.session_state[key]
    draft.set_rows(name, [{"id": figure.value, "figure": figure.value} for figure in ImpactFigure if figure in marked])
