"""What others want of the person: shown only when somebody does; nobody needs an empty box about it."""

import streamlit as st

from pages._home.frame import box_of, link_of, named, open_, row_of
from pages._read import looking_back
from pages._ui import flash, prose, times
from pmcore.domain.sections import BY_KEY
from pmcore.readmodels.inbox import (
    Box,
    EscalationRow,
    FeedbackRow,
    HandedOverRow,
    MeetingRow,
    MentionRow,
    RepetitionRow,
)
from pmcore.usecases.comments import PutMentionAway
from pmcore.usecases.obligations import PutHandOverAway
from pmcore.words import _, ngettext
from wiring import run


def mentions(box: Box[MentionRow]) -> None:
    """Only when somebody calls: nobody needs an empty box about it."""
    if not box.rows:
        return
    with box_of("mentions", "alternate_email", _("Called in a comment"), box):
        for row in box.rows:
            said = _("{name}, {time}:").format(name=prose.line(row.by), time=times.ago(row.at))
            heading = f"{named(row.public_id, row.title)} · {_(BY_KEY[row.section].heading)}"
            with row_of(f"mention-{row.thread_id}", heading, [], f"{said} {prose.line(row.text)}", at=row.at):
                open_("write.py", _("Answer"), "reply", id=row.postmortem_id, section=row.section.value)
                if st.button("", icon=":material/check:", help=_("Seen"), key=f"seen-{row.thread_id}", type="tertiary"):
                    with flash.refusals():
                        run(PutMentionAway(thread_id=row.thread_id))
                        st.rerun()


def handed_over(box: Box[HandedOverRow]) -> None:
    """Only when there is something: what this person writes from now on, or no longer."""
    if not box.rows:
        return
    with box_of("handed-over", "swap_horiz", _("Handed over"), box):
        for row in box.rows:
            note = f" {prose.line(row.note)}" if row.note else ""
            said = _handed(row).format(name=prose.line(row.by), other=prose.line(row.other), time=times.ago(row.at))
            with row_of(f"handed-over-{row.id}", named(row.public_id, row.title), [], f"{said}{note}", at=row.at):
                if row.postmortem_id is not None:
                    path, words = ("write.py", _("Go on")) if row.is_mine_now else ("read.py", _("Read"))
                    open_(path, words, "edit" if row.is_mine_now else "menu_book", id=row.postmortem_id)
                if st.button(
                    "", icon=":material/check:", help=_("Seen"), key=f"seen-hand-over-{row.id}", type="tertiary"
                ):
                    with flash.refusals():
                        run(PutHandOverAway(hand_over_id=row.id))
                        st.rerun()


def _handed(row: HandedOverRow) -> str:
    if row.is_mine_now:
        return _("{name} handed it over to you, {time}.")
    if row.other:
        return _("{name} handed it over to {other}, {time}.")
    return _("{name} handed it over to the manager's queue, {time}.")


def meetings(box: Box[MeetingRow]) -> None:
    if not box.rows:
        return
    with box_of("meetings", "groups", _("Meetings"), box):
        for row in box.rows:
            place = f" · {prose.line(row.place)}" if row.place else ""
            said = _("{time}; {name} facilitates").format(
                time=times.moment(row.starts_at, row.zone), name=prose.line(row.facilitator)
            )
            to = ("meeting.py", _("Open"), "groups")
            link_of(named(row.public_id, row.title), [], f"{said}{place}", to, id=row.postmortem_id)


def feedback(box: Box[FeedbackRow]) -> None:
    if not box.rows:
        return
    with box_of("feedback", "rate_review", _("Feedback on dry runs"), box):
        for row in box.rows:
            waits = row.waits_for
            said = (
                ngettext("You wait for {count} person.", "You wait for {count} people.", waits).format(count=waits)
                if waits
                else _("{name} asks what you think of it, {time}.").format(
                    name=prose.line(row.asked_by), time=times.ago(row.at)
                )
            )
            to = ("read.py", _("Read"), "article") if waits else ("feedback.py", _("Give feedback"), "rate_review")
            link_of(named(row.public_id, row.title), [], said, to, at=row.at, id=row.postmortem_id)


def escalations(box: Box[EscalationRow]) -> None:
    """Of those who can help."""
    looking_back.keep_answers(row.escalation_id for row in box.rows)
    if not box.rows:
        return
    with box_of("escalations", "front_hand", _("Escalated to me"), box):
        for row in box.rows:
            said = _("{name}, {time}:").format(name=prose.line(row.by), time=times.ago(row.at))
            heading = f"{row.public_id}/AI-{row.number}"
            told = f"{said} {prose.line(row.reason)}"
            with row_of(f"escalation-{row.escalation_id}", heading, [], told, at=row.at):
                open_("read.py", _("Read"), "article", id=row.postmortem_id)
                looking_back.answer(row.escalation_id, row.number)


def repetitions(box: Box[RepetitionRow]) -> None:
    """Of those who may decide and wrote neither document."""
    if not box.rows:
        return
    with box_of("repetitions", "repeat", _("Does it repeat?"), box):
        for row in box.rows:
            said = _("Nobody has decided whether it repeats {earlier}.").format(earlier=row.earlier)
            if row.named_by:
                said = _("{name} says that it repeats {earlier}; nobody has decided it.").format(
                    name=prose.line(row.named_by), earlier=row.earlier
                )
            path, of = ("log.py", row.incident_id) if row.postmortem_id is None else ("read.py", row.postmortem_id)
            link_of(named(row.public_id, row.title), [], said, (path, _("Decide"), "balance"), at=row.at, id=of)
