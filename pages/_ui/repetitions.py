"""Whether it happened before: what an incident repeats or what repeats it, why, and the decision about it."""

import streamlit as st

from pages._ui import badges, flash, popover, prose, times, undo
from pages._ui.kept import Kept
from pmcore.domain.vocabulary import RecurrenceState
from pmcore.readmodels.recurrence import OpenPromise, RecurrenceView
from pmcore.usecases.recurrences import ConfirmRecurrence, RefuseRecurrence, ReopenRecurrence
from pmcore.words import _, label, ngettext, recurrence
from wiring import run


def cards(found: tuple[RecurrenceView, ...], *, heading: bool = False) -> None:
    """Everything, one box each; refused ones folded."""
    if heading and found:
        st.markdown(f"## {_('Did it happen before?')}")
    for pair in found:
        if pair.state is not RecurrenceState.REFUSED:
            with st.container(border=True, gap="small", key=f"repeats-{_key(pair)}"):
                _card(pair)
    _refused(found)
    _keep(found)


def line(found: tuple[RecurrenceView, ...]) -> None:
    """The same as one line each, where the page is about something else."""
    for pair in found:
        if pair.state is RecurrenceState.REFUSED:
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"repeats-line-{_key(pair)}"):
            st.markdown(f"{_title(pair)} {badges.recurrence(pair.state)}", width="content")
            with popover.show(_("Why, and what was done"), key=f"repeats-more-{_key(pair)}", type="tertiary"):
                _card(pair)
    _refused(found)
    _keep(found)


def _key(pair: RecurrenceView) -> str:
    return f"{pair.incident_id}-{pair.earlier_id}"


def _title(pair: RecurrenceView) -> str:
    """ "Repeats P0-012 · the pool is exhausted, 43 days later"."""
    words = {
        (True, True): _("Repeats {public_id}"),
        (True, False): _("Repeats {public_id}?"),
        (False, True): _("Repeated by {public_id}"),
        (False, False): _("Repeated by {public_id}?"),
    }
    said = words[pair.is_later, pair.state is RecurrenceState.CONFIRMED].format(public_id=prose.line(pair.public_id))
    later = ngettext("after {count} day", "after {count} days", pair.days_between).format(count=pair.days_between)
    return f":material/replay: **{said}** {prose.line(pair.title)}, {later}"


def _card(pair: RecurrenceView) -> None:
    marks = f" {badges.restricted()}" if pair.restricted else ""
    st.markdown(f"{_title(pair)} {badges.recurrence(pair.state)}{marks}")
    st.caption(recurrence.because(pair.reasons, named_by=pair.named_by, shown=prose.line))
    if pair.open_promises:
        st.markdown(f"**{_('Open then:')}**  \n" + "  \n".join(map(_promise, pair.open_promises)))
    elif pair.postmortem_id is not None or not pair.is_later:
        st.caption(_("No action item was open then."))
    if pair.last_fix.strip():
        with st.expander(_("The fix of the earlier one"), icon=":material/build:", key=f"repeats-fix-{_key(pair)}"):
            prose.markdown(pair.last_fix)
    _link(pair)
    _decision(pair)


def _promise(promise: OpenPromise) -> str:
    said = [f"AI-{promise.number} {prose.line(promise.title)}"]
    if promise.due_on:
        said.append(_("due {day}").format(day=times.day(promise.due_on)))
    if promise.owner:
        said.append(prose.line(promise.owner))
    return f"{', '.join(said)} {badges.action_state(promise.state)}"


def _link(pair: RecurrenceView) -> None:
    if pair.postmortem_id is not None:
        page, named, query = "read.py", _("Read {public_id}"), str(pair.postmortem_id)
    else:
        page, named, query = "log.py", _("Log of {public_id}"), str(pair.other_id)
    st.page_link(
        page, label=named.format(public_id=pair.public_id), icon=":material/article:", query_params={"id": query},
        width="content",
    )  # fmt: skip


def _decision(pair: RecurrenceView) -> None:
    if pair.decided_by:
        said = _("{decision} by {name}, {when}").format(
            decision=label(pair.state), name=prose.line(pair.decided_by), when=times.ago(pair.decided_at)
        )
        said += f": {prose.line(pair.note)}" if pair.note else ""
        st.caption(said, help=times.exact(pair.decided_at))
        if pair.may_decide and st.button(
            _("Take the decision back"), icon=":material/undo:", key=f"repeats-back-{_key(pair)}", type="tertiary"
        ):
            with flash.refusals():
                run(_back(pair, version=pair.version))
                flash.say_and_rerun(_("Taken back."))
    elif pair.may_decide:
        _ask(pair)
    else:
        st.caption(_("Somebody who wrote neither of the two documents decides."))


def _kept() -> Kept:
    """The reason of a decision stays in the browser until it is given."""
    return Kept(0, "repeats")


def _form(pair: RecurrenceView) -> str:
    return f"repeats-decide-{_key(pair)}"


def _keep(found: tuple[RecurrenceView, ...]) -> None:
    """Outside of whatever may be closed."""
    _kept().watch_single(*(f"{_form(pair)}-note" for pair in found if pair.may_decide and not pair.decided_by))


def _ask(pair: RecurrenceView) -> None:
    kept, key = _kept(), _form(pair)
    form = f"{key}-note"
    with st.form(key, border=False):
        said = st.text_input(
            _("Does it repeat it? A reason is needed if it does not."), key=kept.key(form), max_chars=2000,
            placeholder=_("what is the same, or what makes it another one"),
        )  # fmt: skip
        with st.container(horizontal=True, gap="small"):
            yes = st.form_submit_button(_("It does"), icon=":material/replay:", key=f"{key}-yes")
            no = st.form_submit_button(_("It does not"), icon=":material/close:", key=f"{key}-no")
    if not (yes or no):
        return
    pair_of = {"incident_id": pair.incident_id, "earlier_id": pair.earlier_id, "version": pair.version}
    with flash.refusals():
        if yes:
            run(ConfirmRecurrence(note=said, **pair_of))
            sentence = _("Confirmed.")
        else:
            run(RefuseRecurrence(reason=said, **pair_of))
            sentence = _("Refused; it is kept below and never proposed again.")
        kept.done(form, said)
        undo.offer(sentence, _back(pair, version=pair.version + 1))
        popover.close(f"repeats-more-{_key(pair)}")
        st.rerun()


def _back(pair: RecurrenceView, *, version: int) -> ReopenRecurrence:
    return ReopenRecurrence(incident_id=pair.incident_id, earlier_id=pair.earlier_id, version=version)


def _refused(found: tuple[RecurrenceView, ...]) -> None:
    refused = [pair for pair in found if pair.state is RecurrenceState.REFUSED]
    if not refused:
        return
    named = ngettext("{count} refused repetition", "{count} refused repetitions", len(refused))
    with st.popover(named.format(count=len(refused)), icon=":material/cancel:", type="tertiary", key="repeats-refused"):
        for pair in refused:
            with st.container(gap="small", key=f"repeats-{_key(pair)}"):
                _card(pair)
