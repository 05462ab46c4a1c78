"""What a post-mortem waits for, each problem a link to the section where it is put right."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import streamlit as st

from pages._ui import prose
from pmcore.domain.errors import PmError, Refusals
from pmcore.domain.progress import Missing
from pmcore.words import say


def show(problems: Iterable[PmError], postmortem_id: int, *, key: str) -> None:
    with st.container(gap=None, key=key):
        for problem in problems:
            if isinstance(problem, Missing):
                st.page_link(
                    "write.py",
                    label=prose.line(say(problem)),
                    icon=":material/arrow_forward:",
                    query_params={"id": str(postmortem_id), "section": problem.section.value},
                )
            else:
                st.markdown(f":material/error: {prose.line(say(problem))}")


@contextmanager
def refusals(postmortem_id: int, *, key: str) -> Iterator[None]:
    """A refused command becomes its sentences; what was typed stays, because nothing reruns."""
    try:
        yield
    except Refusals as refusal:
        st.error(say(PmError(refusal.sentence)))
        show(refusal.problems, postmortem_id, key=key)
    except PmError as refusal:
        st.error(say(refusal))
