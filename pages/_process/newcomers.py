"""Who is new, how far they are, and a checklist for somebody else."""

import streamlit as st

from pages._process import parts
from pages._ui import badges, flash, prose, times, undo
from pmcore.readmodels.process import Checklist, Newcomer
from pmcore.usecases.onboarding import BeginOnboarding, EndOnboarding
from pmcore.words import _, ngettext
from wiring import ask, run


def show(opened: Checklist | None) -> None:
    found = ask.newcomers()
    with st.container(border=True, key="newcomers"):
        count = f" {badges.count(found.total)}" if found.total else ""
        st.markdown("## " + _("Who is new") + count)
        if not found.rows:
            st.markdown(_("Nobody has a checklist. Whoever joins gets one; begin one for somebody else below."))
        for row in found.rows:
            _row(row, is_open=opened is not None and opened.user_id == row.user_id)
        if more := found.total - len(found.rows):
            said = ngettext("{count} more is not shown.", "{count} more are not shown.", more)
            st.markdown(said.format(count=more))
    _begin({row.user_id for row in found.rows})


def _row(row: Newcomer, *, is_open: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"newcomer-{row.user_id}"):
        with st.container(gap=None):
            st.markdown(f"**{prose.line(row.name)}**")
            done = _("{done} of {total} steps").format(done=row.done, total=row.total)
            st.markdown(
                f"{badges.checklist(done, row.finished_at is not None)} {_since(row)}",
                help=times.exact(row.finished_at or row.started_at),
            )
        st.button(
            _("Open"), key=f"newcomer-open-{row.user_id}", disabled=is_open, on_click=parts.open_checklist,
            args=(row.user_id,), icon=":material/checklist:",
        )  # fmt: skip
        if row.finished_at is None and st.button(
            _("Put away"), key=f"newcomer-end-{row.user_id}", type="tertiary", help=_("No step is due any more.")
        ):
            with flash.refusals():
                run(EndOnboarding(user_id=row.user_id))
                sentence = _("The checklist of {name} is put away.").format(name=row.name)
                undo.offer(sentence, BeginOnboarding(user_id=row.user_id))
                st.rerun()


def _since(row: Newcomer) -> str:
    if row.finished_at:
        return _("finished {time}").format(time=times.ago(row.finished_at))
    return _("began {time}").format(time=times.ago(row.started_at))


def _begin(known: set[int]) -> None:
    names = {person.id: person.name for person in ask.people() if person.id not in known}
    with st.container(horizontal=True, vertical_alignment="bottom", key="newcomer-begin-row"):
        chosen = st.selectbox(
            _("Begin a checklist for"), list(names), index=None, format_func=lambda one: names.get(one, "–"),
            key="newcomer", placeholder=_("Choose a person"),
        )  # fmt: skip
        if st.button(_("Begin"), key="newcomer-begin", icon=":material/add:", disabled=chosen is None):
            with flash.refusals():
                run(BeginOnboarding(user_id=chosen))
                del st.session_state["newcomer"]
                parts.open_checklist(chosen)
                flash.say_and_rerun(_("{name} has a checklist now.").format(name=names[chosen]))
