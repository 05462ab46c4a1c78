"""The onboarding checklist: one's own to tick, and for those who look after newcomers everybody's."""

import streamlit as st

from pages._process import newcomers
from pages._ui import empty, flash, prose, times
from pmcore.documents.handbook import Steps
from pmcore.domain.permissions import Actor, Right
from pmcore.domain.vocabulary import OnboardingStep
from pmcore.readmodels.process import Checklist
from pmcore.usecases.onboarding import TickStep, UntickStep
from pmcore.words import _, label
from wiring import ask, run


def show(me: Actor, who: int | None) -> None:
    found = ask.checklist(who or me.user_id)
    steps = ask.checklist_steps()
    if not me.may(Right.ONBOARD):
        with st.container(width=800):
            _checklist(found, steps)
        return
    body, side = st.columns([3, 2], gap="large")
    with body:
        _checklist(found, steps)
    with side:
        newcomers.show(found)


def _checklist(found: Checklist | None, steps: Steps) -> None:
    if found is None:
        empty.box(
            _("Nothing to tick: no checklist is open here. A manager begins one for everybody who is new."),
            icon=":material/checklist:",
        )
    else:
        _head(found, len(steps.texts))
    st.markdown(steps.introduction)
    for heading, group in steps.groups:
        with st.container(border=True):
            st.markdown(f"## {heading}")
            for step in group:
                _step(found, step, steps.texts[step].said)


def _head(found: Checklist, total: int) -> None:
    heading = _("Your checklist") if found.is_mine else _("Checklist of {name}")
    st.markdown("## " + heading.format(name=prose.line(found.name)))
    said = _("{done} of {total} steps").format(done=found.done, total=total)
    st.progress(found.done / total, text=said)
    if found.finished_at:
        st.success(_("All steps are done, {time}.").format(time=times.ago(found.finished_at)), icon=":material/check:")


def _step(found: Checklist | None, step: OnboardingStep, said: str) -> None:
    with st.container(gap="xxsmall", key=f"step-{step}"):
        if found is None:
            st.markdown(f"**{label(step)}**")
        else:
            _box(found, step)
        with st.container(horizontal=True, gap=None, key=f"step-said-{step}"):
            st.space(24)
            with st.container(gap="xxsmall"):
                st.markdown(said)
                if found and (ticked := found.ticked.get(step)):
                    by = _("Ticked {time}.") if ticked.is_own else _("Ticked {time} by {name}.")
                    st.caption(
                        by.format(time=times.ago(ticked.at), name=prose.line(ticked.by)), help=times.exact(ticked.at)
                    )


def _box(found: Checklist, step: OnboardingStep) -> None:
    """What is stored is what is shown; a click has become a command before this runs."""
    key = f"tick-{found.user_id}-{step}"
    st.session_state[key] = step in found.ticked
    st.checkbox(f"**{label(step)}**", key=key, on_change=_toggle, args=(found.user_id, step, key))


def _toggle(user_id: int, step: OnboardingStep, key: str) -> None:
    with flash.refusals():
        run((TickStep if st.session_state[key] else UntickStep)(user_id=user_id, step=step))
