"""Inputs of a section's fields, each with its guidance."""

from typing import Any

import streamlit as st

from pages._write.drafts import Draft, Row
from pmcore.domain.sections import Field, FieldKind
from pmcore.words import _

MEASURE = 760  #: pixels; a line that the eye can follow
NARROW = 400


def field(draft: Draft, shown: Field) -> None:
    """One text field: a low box for a sentence, a growing one for text."""
    st.text_area(
        _(shown.heading),
        value=draft.text(shown.key),
        placeholder=_(shown.hint),
        help=_(shown.hint),
        key=draft.key(shown.key),
        height=96 if shown.kind is FieldKind.LINE else "content",
        width=MEASURE,
        disabled=not draft.section.may_edit,
        persist_state="session",
    )


def row_group(
    draft: Draft,
    name: str,
    *,
    heading: str,
    columns: dict[str, str],
    add: str,
    fixed: dict[str, str] | None = None,
    guidance: str = "",
    grows: bool = False,
) -> None:
    """A list of rows: one input a column, delete at the right, add below; it `grows` with its text, or is one line.

    `columns` are column -> label; `fixed` are the values that make a row belong to this group. A group without rows
    offers one to begin with; it is not saved before something stands in it.
    """
    fixed = fixed or {}
    rows = _of_group(draft, name, fixed)
    if not rows and draft.section.may_edit:
        draft.add_row(name, **fixed)
        rows = _of_group(draft, name, fixed)
    group = "-".join((name, *fixed.values()))
    if heading:
        st.markdown(f"### {heading}")
    if guidance:
        st.caption(guidance)
    for number, row in enumerate(rows, start=1):
        _row(draft, name, row, columns=columns, number=number, grows=grows)
    st.button(
        add,
        icon=":material/add:",
        key=draft.key("add", group),
        type="tertiary",
        disabled=not draft.section.may_edit,
        on_click=draft.add_row,
        args=(name,),
        kwargs=fixed,
    )


def _of_group(draft: Draft, name: str, fixed: dict[str, str]) -> list[Row]:
    return [row for row in draft.rows(name) if all(row.get(column) == value for column, value in fixed.items())]


def _row(draft: Draft, name: str, row: Row, *, columns: dict[str, str], number: int, grows: bool) -> None:
    name_of = f"text-row-{draft.key(row['id'])}" if grows else None
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width=MEASURE, key=name_of):
        for column, label in columns.items():
            look: dict[str, Any] = {
                "value": row.get(column, ""),
                "placeholder": label,
                "label_visibility": "collapsed",
                "width": "stretch",
                "disabled": not draft.section.may_edit,
                "persist_state": "session",
            }
            if grows:
                st.text_area(f"{label} {number}", key=draft.key(row["id"], column), height="content", **look)
            else:
                st.text_input(f"{label} {number}", key=draft.key(row["id"], column), **look)
        st.button(
            "",
            help=_("Delete row {number}").format(number=number),
            icon=":material/delete:",
            key=draft.key("delete", row["id"]),
            type="tertiary",
            disabled=not draft.section.may_edit,
            on_click=draft.delete_row,
            args=(name, row["id"]),
        )


def undo(draft: Draft) -> None:
    """After a row was deleted: one click brings it back, text and place."""
    if draft.last_deleted:
        st.button(
            _("Undo the deletion"),
            icon=":material/undo:",
            key=draft.key("undo"),
            type="tertiary",
            on_click=draft.undo_delete,
        )
