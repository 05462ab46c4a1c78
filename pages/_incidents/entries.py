"""The noted lines, refreshed every three seconds; one tap opens what can be done with a line."""

import streamlit as st

from pages._ui import badges, empty, flash, prose, undo
from pages._ui.fragments import fragment
from pmcore.domain.vocabulary import TimelineKind
from pmcore.readmodels.incident import IncidentView, LogLine
from pmcore.usecases.log import DeleteLogEntry, RestoreLogEntry, SetEntryKind, UseEntryTime
from pmcore.words import _, label, ngettext, times
from wiring import ask, run

SHOWN = 60  #: the newest lines; the rest on demand
WIDTH = 860  #: pixels at most, so that what is done with a line stands near it
_OPENED = "log-opened"
_KINDS = {
    TimelineKind.INCIDENT_START: ("red", "flag"),
    TimelineKind.ALERT: ("orange", "notifications_active"),
    TimelineKind.PAGED: ("orange", "call"),
    TimelineKind.ACKNOWLEDGED: ("blue", "front_hand"),
    TimelineKind.IDENTIFIED: ("violet", "search"),
    TimelineKind.FIX: ("blue", "build"),
    TimelineKind.RECOVERED: ("green", "trending_up"),
    TimelineKind.RESOLVED: ("green", "check_circle"),
    TimelineKind.OTHER: ("gray", "notes"),
}


def kind_label(kind: TimelineKind) -> str:
    return f":material/{_KINDS[kind][1]}: {label(kind)}"


@fragment(run_every=3)
def show(view: IncidentView, *, may_note: bool) -> None:
    """What was noted, the earliest first. What somebody else notes appears by itself."""
    noted = ask.log(view.incident.id)
    if not noted:
        sentence = _("Nothing is noted yet. Write the first line below.") if may_note else _("Nothing was noted here.")
        empty.box(sentence, icon=":material/edit_note:")
        return
    hidden = len(noted) - SHOWN
    if hidden > 0 and not st.toggle(
        ngettext("Show {count} earlier line", "Show {count} earlier lines", hidden).format(count=hidden), key="log-all"
    ):
        noted = noted[-SHOWN:]
    shown_day = ""
    for line in noted:
        if (day := times.day_of(line.entry.at, view.incident.zone)) != shown_day:
            st.caption(day)
            shown_day = day
        _line(line, zone=view.incident.zone)


def _line(line: LogLine, *, zone: str) -> None:
    entry = line.entry
    with st.container(horizontal=True, vertical_alignment="top", gap="small", width=WIDTH, key=f"entry-{entry.id}"):
        st.container(width="stretch").markdown(
            f"**{times.clock(entry.at, zone)}** {badges.badge(*_KINDS[entry.kind], label(entry.kind))} "
            f"{prose.line(entry.text)}  \n:gray[{prose.line(entry.author)}]"
        )
        if line.may_edit:
            st.button(
                _("Change"), key=f"entry-open-{entry.id}", icon=":material/more_horiz:", type="tertiary",
                on_click=_toggle, args=(entry.id,), help=times.moment(entry.at, zone, seconds=True),
            )  # fmt: skip
    if st.session_state.get(_OPENED) == entry.id and line.may_edit:
        _actions(line)


def _toggle(entry_id: int) -> None:
    st.session_state[_OPENED] = None if st.session_state.get(_OPENED) == entry_id else entry_id


def _actions(line: LogLine) -> None:
    entry = line.entry
    with st.container(border=True, gap="small", width=WIDTH, key=f"entry-actions-{entry.id}"):
        st.pills(
            _("Kind"), list(TimelineKind), default=entry.kind, required=True, format_func=kind_label,
            key=f"entry-kind-{entry.id}", on_change=_set_kind, args=(entry.id,),
        )  # fmt: skip
        with st.container(horizontal=True):
            if line.fact and st.button(
                _("Use this time as: {fact}").format(fact=fact_label(line.fact)), key=f"entry-use-{entry.id}",
                icon=":material/schedule:",
            ):  # fmt: skip
                with flash.refusals():
                    run(UseEntryTime(entry_id=entry.id))
                    flash.say_and_rerun(_("The time is set."))
            if line.may_delete and st.button(
                _("Delete the line"), key=f"entry-delete-{entry.id}", icon=":material/delete:"
            ):
                with flash.refusals():
                    run(DeleteLogEntry(entry_id=entry.id))
                    undo.offer(_("The line is deleted."), RestoreLogEntry(entry_id=entry.id))
                    st.rerun()


def _set_kind(entry_id: int) -> None:
    kind = st.session_state[f"entry-kind-{entry_id}"]
    with flash.refusals():
        run(SetEntryKind(entry_id=entry_id, kind=kind))
        st.session_state[_OPENED] = None


def fact_label(fact: str) -> str:
    return {
        "started_at": _("start of the incident"),
        "detected_at": _("time of detection"),
        "acknowledged_at": _("time of acknowledgement"),
        "resolved_at": _("time of resolution"),
    }[fact]
