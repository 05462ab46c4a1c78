"""Which document is shown; the address says it, so that links lead to each."""

import streamlit as st

from pages._ui import address
from pmcore.words import _

PAGE = "process"
PROCESS, CHECKLIST, TEMPLATE = "process", "checklist", "template"
_KEY = "process-part"


def chosen() -> str:
    """Draw the choice and return it."""
    said = address.read(PAGE, names={"part", "who"})
    part = said.get("part", PROCESS)
    labels = {PROCESS: _("The process"), CHECKLIST: _("Checklist"), TEMPLATE: _("Template")}
    part = part if part in labels else PROCESS
    address.follow(PAGE, said, lambda: {_KEY: part})
    st.segmented_control(
        _("Document"), list(labels), format_func=lambda one: labels[one], key=_KEY, required=True,
        label_visibility="collapsed", on_change=_changed,
    )  # fmt: skip
    return part


def person() -> int | None:
    """Whose checklist the address asks for; None: one's own."""
    who = st.query_params.get("who", "")
    return int(who) if who.isdecimal() and len(who) < 10 else None


def open_checklist(user_id: int) -> None:
    address.write(PAGE, {"part": CHECKLIST, "who": str(user_id)})


def _changed() -> None:
    part = st.session_state[_KEY]
    address.write(PAGE, {} if part == PROCESS else {"part": part})
