"""Who has to sign, who has, whether it still holds; and the buttons of the person who reads."""

from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from pages._ui import badges, diff, flash, prose, times
from pages._ui.kept import Box, Kept
from pmcore.domain.sections import BY_KEY
from pmcore.domain.sign_off import Standing
from pmcore.domain.vocabulary import SectionKey
from pmcore.domain.waiting import PublishingTime
from pmcore.readmodels.changes import Changes
from pmcore.readmodels.reading import ReadingView, ReviewView, SignOffLine
from pmcore.usecases.review import ReturnForChanges, Sign, WithdrawSignature
from pmcore.words import _, label
from wiring import run


def show(view: ReadingView, changes: Changes | None = None) -> None:
    """Signing is offered beside the text that would be signed, never beside another edition."""
    review, is_shown = view.review, view.edition is None and view.content is not None
    read, zone = seen(review) if is_shown else {}, view.writing.zone
    st.markdown(f"## {_('Review & Sign-off')}")
    for line in review.returns:
        _returned(line.by, label(line.role), line.reasons, line.at, zone)
    if review.waits_since:
        st.caption(
            _("In review since {time}.").format(time=times.ago(review.waits_since)),
            help=times.moment(review.waits_since, zone),
        )
    if view.took:
        st.caption(_took(view.took, is_over=view.writing.first_published_at is not None))
    for line in review.sign_offs:
        with st.container(border=True, gap="small", key=f"signature-{line.role}"):
            _line(line, review, zone)
            _since(line, changes)
            if is_shown:
                buttons(line, review, read)


def _took(took: PublishingTime, *, is_over: bool) -> str:
    """ "2 d until published: 20 h writing, 26 h in review (CTO 26 h, Tech Lead 3 h), 2 h signed and not published"."""
    whole = _("{time} until published") if is_over else _("{time} so far")
    roles = ", ".join(f"{label(role)} {times.duration(seconds)}" for role, seconds in took.waited_for)
    parts = [
        _("{time} writing").format(time=times.duration(took.writing)),
        _("{time} in review").format(time=times.duration(took.review))
        + (f" ({_('waiting for {roles}').format(roles=roles)})" if roles else ""),
        _("{time} signed and not published").format(time=times.duration(took.signed)),
    ]
    return f"{whole.format(time=times.duration(took.whole))}: {', '.join(parts)}."


def seen(review: ReviewView) -> Mapping[SectionKey, str]:
    """What this browser was shown before this click, which is what a signature stands under."""
    name = f"seen-{review.postmortem_id}"
    before = st.session_state.get(name, review.seen)
    st.session_state[name] = review.seen
    return before


def _returned(by: str, role: str, reasons: str, at: datetime, zone: str) -> None:
    with st.container(border=True, gap="small"):
        who = _("{name} ({role}) returned it {time}:").format(name=prose.line(by), role=role, time=times.ago(at))
        st.markdown(f":material/undo: {who}", help=times.moment(at, zone))
        prose.markdown(reasons)


def _line(line: SignOffLine, review: ReviewView, zone: str) -> None:
    st.markdown(f"**{label(line.role)}** {badges.signature(line.standing)}")
    if line.by and line.at:
        said = _("{name}, {time}").format(name=prose.line(line.by), time=times.ago(line.at))
        st.markdown(said, help=times.moment(line.at, zone))
    st.caption(_("Covers {sections}").format(sections=_named(line.sections)))


def _since(line: SignOffLine, changes: Changes | None) -> None:
    """Of a void signature: what exactly differs from the text that it stands under."""
    signed = changes.signed.get(line.role, ()) if changes else ()
    if not signed:
        for key in line.changed:
            st.markdown(_("Changed since: {section}").format(section=_(BY_KEY[key].heading)))
        return
    words = _("What changed since {name} signed").format(name=prose.line(line.by))
    with st.expander(words, icon=":material/difference:", key=f"since-signed-{line.role}"):
        for change in signed:
            st.markdown(f"### {_(BY_KEY[change.key].heading)}")
            diff.fields(change.key, change.fields)


def _named(sections: tuple[SectionKey, ...]) -> str:
    return ", ".join(_(BY_KEY[key].heading) for key in sections)


def buttons(line: SignOffLine, review: ReviewView, seen: Mapping[SectionKey, str]) -> None:
    named, role = label(line.role), line.role
    kept = Kept(review.postmortem_id, f"return-{role}")
    if line.may_sign:
        words = _("Confirm again as {role}") if line.standing is Standing.VOID else _("Sign as {role}")
        if st.button(
            words.format(role=named), icon=":material/draw:", key=f"sign-{role}", type="primary", width="stretch"
        ):
            with flash.refusals():
                run(Sign(postmortem_id=review.postmortem_id, role=role, seen=seen))
                flash.say_and_rerun(_("Signed as {role}.").format(role=named))
    if line.may_withdraw and st.button(
        _("Take my signature back"), icon=":material/ink_eraser:", key=f"withdraw-{role}", width="stretch"
    ):
        with flash.refusals():
            run(WithdrawSignature(postmortem_id=review.postmortem_id, role=role))
            flash.say_and_rerun(_("Your signature is taken back."))
    if line.may_return:
        with st.expander(_("Return it with reasons"), icon=":material/undo:", key=f"return-open-{role}"):
            reasons = st.text_area(
                _("What should change?"), key=f"return-reasons-{role}", help=_("The author sees this beside the text.")
            )
            if st.button(_("Return as {role}").format(role=named), key=f"return-{role}", width="stretch"):
                with flash.refusals():
                    run(ReturnForChanges(postmortem_id=review.postmortem_id, role=role, reasons=reasons))
                    kept.done(role, reasons)
                    flash.say_and_rerun(_("Returned to the author with your reasons."))
    if line.may_return or kept.is_in_use:
        kept.watch([Box(form=role, name="reasons", key=f"return-reasons-{role}")] if line.may_return else ())
