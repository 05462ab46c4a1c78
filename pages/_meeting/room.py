"""The running meeting: its clock, who is there, the notes."""

from datetime import datetime

import streamlit as st

from pages._ui import flash, prose, times, undo
from pages._ui.fragments import fragment
from pages._ui.kept import Box, Kept
from pmcore.domain.errors import PmError
from pmcore.domain.meeting import MAX_NOTES, minutes_gone, share_gone, step_at
from pmcore.readmodels.rail import MeetingView
from pmcore.readmodels.reading import ReadingView
from pmcore.usecases.meeting import BeginMeeting, EndMeeting, ResumeMeeting, SaveNotes, TickAttendance
from pmcore.words import _, say
from pmcore.words.labels import AGENDA
from wiring import ask, parts, run

TICK = 10  #: seconds between two looks at the clock; nothing is asked of the database


def clock(view: ReadingView, meeting: MeetingView) -> None:
    postmortem_id, zone = view.writing.postmortem_id, view.writing.zone
    may_plan = bool(view.rail and view.rail.may_plan)
    if meeting.held_at is not None:
        st.markdown(
            f":material/task_alt: {_('Held until {time}.').format(time=times.moment(meeting.held_at, zone))} "
            + _there(meeting)
        )
    elif meeting.began_at is None:
        if may_plan and st.button(_("Begin"), icon=":material/play_arrow:", type="primary", key="meeting-begin"):
            with flash.refusals():
                run(BeginMeeting(postmortem_id=postmortem_id))
                flash.say_and_rerun(_("The meeting has begun."))
    else:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="meeting-clock"):
            _timer(meeting.began_at, meeting.minutes)
            if may_plan and st.button(_("End the meeting"), icon=":material/stop:", key="meeting-end"):
                with flash.refusals():
                    run(EndMeeting(postmortem_id=postmortem_id))
                    undo.offer(_("The meeting is over."), ResumeMeeting(postmortem_id=postmortem_id))
                    st.rerun()


@fragment(run_every=TICK)
def _timer(began_at: datetime, minutes: int) -> None:
    gone = minutes_gone(began_at=began_at, until=parts.clock())
    said = _("Minute {gone} of {minutes}").format(gone=gone, minutes=minutes)
    st.markdown(f":material/timer: **{said}** · {_('now:')} {_(AGENDA[step_at(gone, minutes=minutes)])}")
    st.progress(share_gone(gone, minutes=minutes))


def _there(meeting: MeetingView) -> str:
    return _("{there} of {required} required people were there.").format(
        there=meeting.were_there, required=meeting.should_be_there
    )


def attendance(view: ReadingView, meeting: MeetingView) -> None:
    st.markdown(f"## {_('Who is there')}")
    me, may_plan = ask.me().user_id, bool(view.rail and view.rail.may_plan)
    with st.container(gap="xsmall", key="meeting-attendance"):
        for each in meeting.attendees:
            key = f"attended-{each.user_id}"
            st.session_state[key] = each.attended  # what is stored; a tick was stored before this run
            st.checkbox(
                prose.line(each.name) if each.required else f"{prose.line(each.name)} ({_('optional')})",
                key=key,
                disabled=not (may_plan or each.user_id == me),
                on_change=_tick,
                args=(view.writing.postmortem_id, each.user_id, key),
            )


def _tick(postmortem_id: int, user_id: int, key: str) -> None:
    with flash.refusals():
        run(TickAttendance(postmortem_id=postmortem_id, user_id=user_id, attended=st.session_state[key]))


def notes(view: ReadingView, meeting: MeetingView) -> None:
    st.markdown(f"## {_('Notes')}")
    if not (view.rail and view.rail.may_plan):
        prose.markdown(meeting.notes or "–")
        return
    key, base = f"meeting-notes-{view.writing.postmortem_id}", f"meeting-notes-base-{view.writing.postmortem_id}"
    version, shown = st.session_state.get(base, (0, ""))
    if version != meeting.notes_version and st.session_state.get(key, shown) == shown:
        version, shown = meeting.notes_version, meeting.notes  # nothing of one's own is in the box
        st.session_state[key] = shown
    typed = st.text_area(
        _("Notes"), key=key, height=200, max_chars=MAX_NOTES, label_visibility="collapsed",
        placeholder=_("What was said that the text does not say yet"),
    )  # fmt: skip
    over = st.session_state.pop(f"{base}-seen", version)  # what has been shown beside one's own may be replaced
    if version != meeting.notes_version:
        st.warning(
            _("Somebody else saved these notes meanwhile. Theirs follow; yours above replace them when you save again.")
        )
        prose.markdown(meeting.notes or "–")
        st.session_state[f"{base}-seen"] = meeting.notes_version
    st.session_state[base] = (version, shown)
    kept = Kept(view.writing.postmortem_id, "meeting-notes")
    kept.watch([Box(form="notes", name="text", key=key, known=shown)])
    if st.button(_("Save the notes"), icon=":material/save:", key="meeting-notes-save"):
        try:
            run(SaveNotes(postmortem_id=view.writing.postmortem_id, notes=typed, version=over))
        except PmError as refusal:
            st.error(say(refusal))
            return
        st.session_state[base] = (over, typed)
        kept.done("notes", typed)
        flash.say_and_rerun(_("Saved."))
