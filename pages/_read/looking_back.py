"""Day 10 and day 30: what is stuck and who was told, and whether it helped."""

from collections.abc import Iterable

import streamlit as st

from pages._ui import badges, flash, popover, prose, times
from pages._ui.kept import Box, Kept
from pmcore.domain.rail_vocabulary import Verdict
from pmcore.readmodels.rail import RailView
from pmcore.readmodels.reading import ReadingView
from pmcore.usecases.retrospective import AnswerEscalation, Escalate, GiveVerdict
from pmcore.words import _, label
from wiring import run


def escalations(told: RailView) -> None:
    for each in told.escalations:
        reference = f"AI-{each.number}"
        with st.container(gap=None, key=f"escalation-{each.id}"):
            st.markdown(
                f":material/front_hand: **{reference}** {prose.line(each.by)}, {times.ago(each.at)}: "
                + prose.line(each.reason),
                help=times.exact(each.at),
            )
            if each.answer:
                st.markdown(f":material/reply: {prose.line(each.answer)}")
            elif each.may_answer:
                answer(each.id, each.number)
    keep_answers(each.id for each in told.escalations if each.may_answer and not each.answer)
    for blocked in told.blocked:
        _escalate(blocked.item_id, blocked.number)
    _needs().watch_single(*(f"escalate-{blocked.item_id}-reason" for blocked in told.blocked))


def keep_answers(escalation_ids: Iterable[int]) -> None:
    """What is typed into these forms stays in the browser until it is sent."""
    boxes = [Box(form=str(n), name="text", key=f"answer-{n}-text", in_form=True) for n in escalation_ids]
    if boxes or _answers().is_in_use:
        _answers().watch(boxes)


def _answers() -> Kept:
    return Kept(0, "answers")  # of any post-mortem


def _needs() -> Kept:
    return Kept(0, "escalations")


def answer(escalation_id: int, number: int) -> None:
    """The form; used by the inbox, too."""
    key = f"answer-{escalation_id}"
    place = popover.opened(_("Answer"), icon=":material/reply:", key=key)
    if place is None:
        return
    with place, st.form(f"{key}-form", border=False):
        said = st.text_area(_("What will happen about AI-{number}?").format(number=number), key=f"{key}-text")
        if st.form_submit_button(_("Answer"), type="primary", key=f"{key}-go"):
            with flash.refusals():
                run(AnswerEscalation(escalation_id=escalation_id, answer=said))
                _answers().done(str(escalation_id), said)
                popover.close(key)
                flash.say_and_rerun(_("Answered."))


def _escalate(item_id: int, number: int) -> None:
    key = f"escalate-{item_id}"
    named = _("AI-{number} is blocked: escalate").format(number=number)
    place = popover.opened(named, icon=":material/front_hand:", key=key)
    kept, form = _needs(), f"{key}-reason"
    if place is None:
        return
    with place, st.form(f"{key}-form", border=False):
        reason = st.text_area(_("What do you need, and from whom?"), key=kept.key(form))
        st.caption(_("It appears in the Engineering Manager's inbox until it is answered."))
        if st.form_submit_button(_("Escalate"), type="primary", key=f"{key}-go"):
            with flash.refusals():
                run(Escalate(item_id=item_id, reason=reason))
                kept.done(form, reason)
                popover.close(key)
                flash.say_and_rerun(_("The Engineering Manager is asked."))


def verdict(view: ReadingView, told: RailView) -> None:
    given = told.verdict
    if given is not None:
        with st.container(gap=None, key="verdict"):
            st.markdown(f"{badges.verdict(given.verdict)} {prose.line(given.reason)}")
            st.caption(f"{prose.line(given.by)}, {times.moment(given.at, view.writing.zone)}")
    _came_back(view, has_verdict=given is not None)
    if told.may_judge:
        _judge(view, has_one=given is not None)


def _came_back(view: ReadingView, *, has_verdict: bool) -> None:
    """What is confirmed speaks for a verdict and never writes it; where the two disagree, both are said."""
    ids = ", ".join(map(prose.line, view.came_back))
    if view.is_verdict_doubtful and ids:
        said = _("The verdict says otherwise, yet {ids} is confirmed as its repetition within 30 days.")
        st.warning(said.format(ids=ids), icon=":material/replay:")
    elif view.is_verdict_doubtful:
        said = _("No incident that you may see is confirmed as its repetition within 30 days; until then none counts.")
        st.caption(f":material/replay: {said}")
    elif ids and not has_verdict:
        said = _("{ids} is confirmed as its repetition within 30 days: that speaks for “Recurred”.")
        st.caption(f":material/replay: {said.format(ids=ids)}")


def _judge(view: ReadingView, *, has_one: bool) -> None:
    postmortem_id, likely = view.writing.postmortem_id, Verdict.RECURRED if view.came_back else None
    named = _("Another verdict") if has_one else _("Give the verdict")
    place = popover.opened(named, icon=":material/balance:", key="judge")
    kept = Kept(postmortem_id, "judge")
    kept.watch_form("judge", {"judge-reason": ""})
    if place is None:
        return
    with place, st.form("judge-form", border=False):
        st.markdown(_("Did the action items prevent a recurrence? Somebody who did not write it answers."))
        chosen = st.radio(
            _("Verdict"),
            list(Verdict),
            format_func=label,
            index=None if likely is None else list(Verdict).index(likely),
            key="judge-verdict",
            label_visibility="collapsed",
        )
        reason = st.text_area(
            _("What does it rest on?"), key="judge-reason", placeholder=_("What has happened since, or what was tried")
        )
        if st.form_submit_button(_("Give the verdict"), type="primary", key="judge-go"):
            with flash.refusals():
                if chosen is None:
                    st.error(_("Choose one of the three first."))
                    return
                run(GiveVerdict(postmortem_id=postmortem_id, verdict=chosen, reason=reason))
                kept.done("judge", reason)
                popover.close("judge")
                flash.say_and_rerun(_("Noted. It can be closed once no item is open."))
