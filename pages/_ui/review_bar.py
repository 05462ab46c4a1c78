"""Where a post-mortem stands between its author and its readers: the next step, and the buttons that take it there."""

from collections.abc import Callable

import streamlit as st

from pages._ui import badges, flash, missing, popover, prose, times, undo
from pages._ui.kept import Kept
from pmcore.domain.lifecycle import Event
from pmcore.domain.permissions import RIGHTS
from pmcore.domain.sign_off import SIGN_RIGHTS, Standing
from pmcore.domain.vocabulary import ClockState, MemberRole
from pmcore.readmodels.people import PersonChoice
from pmcore.readmodels.reading import ReviewView
from pmcore.readmodels.writing import WritingView
from pmcore.usecases.amending import DiscardAmendment, StartAmendment
from pmcore.usecases.publishing import ClosePostmortem, Publish, ReopenPostmortem
from pmcore.usecases.review import ShareDraft, SubmitForReview
from pmcore.words import _, label, ngettext
from wiring import ask, parts, run

_NOTE = "publish-note"


def bar(postmortem: WritingView, review: ReviewView | None = None) -> None:
    """The next step and what the person may do; `review` where the page has asked for it already."""
    review = review or ask.review(postmortem)
    undo.show()
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small", key="review-bar"
    ):
        exact = None
        said = f":material/arrow_circle_right: **{_('Next:')}** {_next(postmortem, review)}"
        if review.clock in (ClockState.PENDING, ClockState.MISSED):
            said += f" {badges.clock(review.clock, review.due_at, parts.clock())}"
            exact = _("due {moment}").format(moment=times.moment(review.due_at, postmortem.zone))
        st.markdown(said, width="content", help=exact)
        with st.container(horizontal=True, width="content", gap="xsmall", key="review-actions"):
            for event, show in _BUTTONS.items():
                if event in review.may:
                    show(postmortem, review)
    amends = Event.PUBLISH in review.may and postmortem.edition_number
    _kept(postmortem).watch_single(*([_NOTE] if amends else []))


def _kept(postmortem: WritingView) -> Kept:
    """The note of an edition stays in the browser until it is published."""
    return Kept(postmortem.postmortem_id, "publish")


def _next(postmortem: WritingView, review: ReviewView) -> str:
    """For those whose name is asked for: to read and sign; else the next step of the text."""
    waiting = [label(line.role) for line in review.sign_offs if line.may_sign and line.standing is not Standing.VALID]
    if waiting:
        return _("Read it, then sign as {roles}, or return it with reasons.").format(roles=", ".join(waiting))
    if review.is_signed_off and Event.PUBLISH in review.may:
        return _("Every signature is there: publish it.")
    step = postmortem.next_step
    return prose.line(_(step.sentence).format(**step.values))


def _share(postmortem: WritingView, _review: ReviewView) -> None:
    if st.button(
        _("Share the draft"),
        icon=":material/group:",
        key="review-share",
        help=_("Everybody here can read it then; its first clock stops."),
    ):
        with flash.refusals():
            run(ShareDraft(postmortem_id=postmortem.postmortem_id))
            flash.say_and_rerun(_("Shared: everybody here can read it now."))


def _submit(postmortem: WritingView, review: ReviewView) -> None:
    is_again = Event.PUBLISH in review.may
    named = _("Ask others to review") if is_again else _("Submit for review")
    kind = "secondary" if is_again or review.missing_to_submit else "primary"
    place = popover.opened(named, icon=":material/rate_review:", key="review-submit", type=kind)
    if place is None:
        return
    with place:
        if review.missing_to_submit:
            count = len(review.missing_to_submit)
            st.markdown(
                ngettext("{count} thing is missing first:", "{count} things are missing first:", count).format(
                    count=count
                )
            )
            missing.show(review.missing_to_submit, postmortem.postmortem_id, key="submit-missing")
            return
        people = [person for person in ask.people() if person.id not in _authors(postmortem)]
        with st.form("submit-form", border=False):
            chosen = st.multiselect(
                _("Who reviews it?"),
                people,
                default=_proposed(postmortem, review, people),
                format_func=_called,
                placeholder=_("Choose people"),
                key="submit-reviewers",
                help=_("Together they have to be able to sign as: {roles}.").format(
                    roles=", ".join(label(line.role) for line in review.sign_offs)
                ),
            )
            if st.form_submit_button(named, type="primary", key="submit-go"):
                with missing.refusals(postmortem.postmortem_id, key="submit-refused"):
                    run(
                        SubmitForReview(
                            postmortem_id=postmortem.postmortem_id,
                            reviewer_ids=tuple(person.id for person in chosen),
                        )
                    )
                    popover.close("review-submit")
                    flash.say_and_rerun(_("Submitted. It waits in the reviewers' inboxes."))


def _authors(postmortem: WritingView) -> set[int]:
    co_authors = {member.user_id for member in postmortem.members if member.role is MemberRole.CO_AUTHOR}
    return {postmortem.author_id, *co_authors}


def _proposed(postmortem: WritingView, review: ReviewView, people: list[PersonChoice]) -> list[PersonChoice]:
    """Those already named; else, for each role that signs, the one person who holds it."""
    named = {member.user_id for member in postmortem.members if member.role is MemberRole.REVIEWER}
    if named:
        return [person for person in people if person.id in named]
    found = []
    for line in review.sign_offs:
        able = [person for person in people if any(SIGN_RIGHTS[line.role] in RIGHTS[role] for role in person.roles)]
        found += able if len(able) == 1 and able[0] not in found else []
    return found


def _called(person: PersonChoice) -> str:
    roles = ", ".join(label(role) for role in sorted(person.roles))
    return f"{person.name} ({roles})" if roles else person.name


def _publish(postmortem: WritingView, review: ReviewView) -> None:
    kind = "secondary" if review.missing_to_publish else "primary"
    place = popover.opened(_("Publish"), icon=":material/publish:", key="review-publish", type=kind)
    if place is None:
        return
    with place:
        if review.missing_to_publish:
            count = len(review.missing_to_publish)
            st.markdown(
                ngettext("{count} thing is missing first:", "{count} things are missing first:", count).format(
                    count=count
                )
            )
            missing.show(review.missing_to_publish, postmortem.postmortem_id, key="publish-missing")
            return
        is_first, kept = postmortem.edition_number == 0, _kept(postmortem)
        with st.form("publish-form", border=False):
            st.markdown(_("Everybody here will read this text as it stands now; its action items become promises."))
            if review.roles_for_names:
                st.caption(_("It shows roles in place of names; names typed into a text stay. Look it through first."))
            note = "" if is_first else st.text_input(_("What does this edition change?"), key=kept.key(_NOTE))
            if st.form_submit_button(_("Publish"), type="primary", key="publish-go"):
                with missing.refusals(postmortem.postmortem_id, key="publish-refused"):
                    number = run(Publish(postmortem_id=postmortem.postmortem_id, note=note))
                    kept.done(_NOTE, note)
                    popover.close("review-publish")
                    flash.say_and_rerun(_("Edition {number} is published.").format(number=number))


def _amend(postmortem: WritingView, _review: ReviewView) -> None:
    if st.button(
        _("Amend"),
        icon=":material/edit_note:",
        key="review-amend",
        help=_("Write the next edition; readers keep this one until you publish."),
    ):
        with flash.refusals():
            run(StartAmendment(postmortem_id=postmortem.postmortem_id))
            flash.note(_("The next edition is open for writing; readers keep this one."))
            st.switch_page("write.py", query_params={"id": str(postmortem.postmortem_id)})


def _discard(postmortem: WritingView, _review: ReviewView) -> None:
    if st.button(
        _("Discard the amendment"),
        icon=":material/delete:",
        key="review-discard",
        type="tertiary",
        help=_("Give the next edition up; readers keep the one they have. What was written stays in the history."),
    ):
        with flash.refusals():
            back = run(DiscardAmendment(postmortem_id=postmortem.postmortem_id))
            undo.offer(_("The amendment of {id} is discarded.").format(id=postmortem.public_id), back)
            st.query_params.pop("edition", None)
            st.rerun()


def _close(postmortem: WritingView, _review: ReviewView) -> None:
    if st.button(_("Close"), icon=":material/lock:", key="review-close", help=_("Every promise is kept; put it away.")):
        with missing.refusals(postmortem.postmortem_id, key="close-refused"):
            run(ClosePostmortem(postmortem_id=postmortem.postmortem_id))
            undo.offer(
                _("{id} is closed.").format(id=postmortem.public_id),
                ReopenPostmortem(postmortem_id=postmortem.postmortem_id),
            )
            st.rerun()


def _reopen(postmortem: WritingView, _review: ReviewView) -> None:
    if st.button(_("Open again"), icon=":material/lock_open:", key="review-reopen"):
        with flash.refusals():
            run(ReopenPostmortem(postmortem_id=postmortem.postmortem_id))
            flash.say_and_rerun(_("It is open again."))


_BUTTONS: dict[Event, Callable[[WritingView, ReviewView], None]] = {
    Event.SHARE: _share,
    Event.SUBMIT: _submit,
    Event.PUBLISH: _publish,
    Event.AMEND: _amend,
    Event.DISCARD: _discard,
    Event.CLOSE: _close,
    Event.REOPEN: _reopen,
}
