"""What a post-mortem waits for, each problem a link to the section where it is put right."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import streamlit as st

from pages._ui import prose
from pmcore.domain.errors import PmError, Refusals
from pmcore.domain.progress import Missing
from pmcore.domain.vocabulary import SectionKey
from pmcore.words import say


def show(problems: Iterable[PmError], postmortem_id: int, *, key: str) -> None:
    is_here = urlsplit(st.context.url or "").path.rstrip("/").endswith("/write")
    with st.container(gap=None, key=key):
        for number, problem in enumerate(problems):
            if isinstance(problem, Missing) and is_here:
                # A link to the page that is open shows the section but leaves the address as it was.
                st.button(
                    prose.line(say(problem)),
                    icon=":material/arrow_forward:",
                    key=f"{key}-{number}",
                    type="tertiary",
                    on_click=_open_section,
                    args=(problem.section,),
                )
            elif isinstance(problem, Missing):
                st.page_link(
                    "write.py",
                    label=prose.line(say(problem)),
                    icon=":material/arrow_forward:",
                    query_params={"id": str(postmortem_id), "section": problem.section.value},
                )
            else:
                st.markdown(f":material/error: {prose.line(say(problem))}")


def _open_section(section: SectionKey) -> None:
    st.query_params["section"] = section.value
    st.query_params.pop("view", None)


@contextmanager
def refusals(postmortem_id: int, *, key: str) -> Iterator[None]:
    """A refused command becomes its sentences; what was typed stays, because nothing reruns."""
    try:
        yield
    except Refusals as refusal:
        st.error(prose.sentence(say(PmError(refusal.sentence))))
        show(refusal.problems, postmortem_id, key=key)
    except PmError as refusal:
        st.error(prose.sentence(say(refusal)))
