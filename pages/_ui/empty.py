"""An empty state says what to do next."""

import streamlit as st

from pmcore.words import _


def box(
    sentence: str,
    *,
    icon: str = ":material/inbox:",
    link: tuple[str, str] | None = None,
    query: dict[str, str] | None = None,
) -> None:
    """`sentence` is ours; `link` is (page file, label) of the next step."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"{icon} {sentence}")
        if link:
            st.page_link(link[0], label=link[1], icon=":material/arrow_forward:", query_params=query, width="content")


def nothing_matches() -> None:
    """A filter left no rows."""
    box(_("Nothing matches this filter. Clear a filter to see more."), icon=":material/filter_alt_off:")
