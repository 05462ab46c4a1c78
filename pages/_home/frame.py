"""What the boxes of Home are made of: a heading with its number, rows below it, the way to all of them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._ui import badges, links, prose, times
from pmcore.readmodels.inbox import Box


@contextmanager
def box_of(key: str, icon: str, heading: str, box: Box, more: tuple[str, str] | None = None) -> Iterator[None]:
    """A box with rows; `more` is (page, label) of where all of them are."""
    with st.container(border=True, gap="small", key=f"box-{key}"):
        st.markdown(f"## :material/{icon}: {heading} {badges.count(box.total)}")
        yield
        if more and box.total > len(box.rows):
            st.page_link(links.to(more[0]), label=more[1], icon=":material/arrow_forward:", width="content")


def row_of(key: str, title: str, marks: Iterable[str], said: str = "", *, at: datetime | None = None) -> DeltaGenerator:
    """One row with a button: what it is, how it stands; `at` is the exact time of what is said."""
    row = st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"row-{key}")
    row.markdown(f"**{title}**  \n{_stands(marks, said)}", help=times.exact(at), width="stretch")
    return row


def link_of(
    title: str,
    marks: Iterable[str],
    said: str,
    to: tuple[str, str, str],
    /,
    *,
    at: datetime | None = None,
    **query: Any,
) -> None:
    """One row that leads somewhere; `to` is (page, what one does there, icon).

    The whole of it is a link: easier to hit, and one message instead of three, of which there may be thirty rows.
    """
    path, words, icon = to
    st.page_link(
        links.to(path),
        label=f"*{words}* **{title}** {_stands(marks, said)}",
        icon=f":material/{icon}:",
        query_params={name: str(value) for name, value in query.items()},
        help=times.exact(at),
        width="stretch",
    )


def _stands(marks: Iterable[str], said: str) -> str:
    return " ".join(part for part in (*marks, said) if part)


def open_(path: str, words: str, icon: str, **query: object) -> None:
    st.page_link(
        links.to(path),
        label=words,
        icon=f":material/{icon}:",
        query_params={name: str(value) for name, value in query.items()},
        width="content",
    )


def named(public_id: str, title: str) -> str:
    return f"{public_id} · {prose.line(title)}"
