"""One open row of the timeline, in a fragment of its own."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import streamlit as st

from pages._ui import flash
from pages._ui.fragments import fragment
from pages._ui.kept import Box
from pages._write.timeline_state import Rows
from pmcore.domain import stamps, timeline
from pmcore.domain.timeline import Entry
from pmcore.domain.vocabulary import TimelineKind
from pmcore.words import _, label
from wiring import parts

_ROW = "timeline-row"


@fragment
def editor(rows: Rows, entry: Entry | None) -> None:
    """`entry` is None for a new row. Enter in a line saves; a refusal keeps what was typed."""
    row_id = rows.opened
    with st.form(rows.key("form", row_id), enter_to_submit=True):
        with st.container(horizontal=True, gap="small"):
            at = st.text_input(
                _("Time"),
                value=rows.kept.back(row_id, "at", shown(rows, entry)),
                placeholder="10:02:15",
                key=rows.key("at", row_id),
                width=190,
                help=_("10:02:15, or with its date: 2025-12-14 10:02:15. Times after midnight are understood."),
            )
            kind = st.selectbox(
                _("Kind"),
                list(TimelineKind),
                format_func=label,
                key=rows.key("kind", row_id),
                width=200,
                index=list(TimelineKind).index(entry.kind if entry else TimelineKind.OTHER),
            )
            actor = st.text_input(
                _("Actor"),
                value=rows.kept.back(row_id, "actor", entry.actor if entry else ""),
                key=rows.key("actor", row_id),
                width=200,
                placeholder=_("A person or a system"),
            )
        for field in ("at", "actor"):
            flash.beside(_ROW, field)
        event = st.text_area(
            _("Event"),
            value=rows.kept.back(row_id, "event", entry.event if entry else ""),
            key=rows.key("event", row_id),
            height=68,
            placeholder=_("What could be seen, or what was done"),
        )
        flash.beside(_ROW, "event")
        with st.container(horizontal=True):
            save = st.form_submit_button(
                _("Save"), type="primary", icon=":material/save:", key=rows.key("save", row_id)
            )
            go_on = st.form_submit_button(_("Save and next"), key=rows.key("next", row_id)) if entry is None else False
            delete = (
                st.form_submit_button(
                    _("Delete"), icon=":material/delete:", type="tertiary", key=rows.key("delete", row_id)
                )
                if entry
                else False
            )
            cancel = st.form_submit_button(_("Cancel"), type="tertiary", key=rows.key("cancel", row_id))
    if cancel:
        rows.close()
        st.rerun()
    if delete and entry:
        with flash.refusals():
            rows.delete(entry)
    if save or go_on:
        with flash.refusals(_ROW):
            zone = ZoneInfo(rows.zone)
            own = entry.at if entry and entry.at else None
            on = (own or rows.postmortem.started_at).astimezone(zone).date()
            moment = stamps.typed(
                at, on=on, after=None if own else rows.before or rows.postmortem.started_at, zone=zone
            )
            new = Entry(id=row_id, at=moment, kind=kind or TimelineKind.OTHER, event=event, actor=actor)
            rows.saved(timeline.checked(new, now=parts.clock()), go_on=go_on)


def boxes(rows: Rows) -> Iterator[Box]:
    """Of every row, and of the one that is being added: what was typed into it is kept until it is saved."""
    for entry in rows.entries:
        yield from _boxes(rows, entry, entry.id)
    if rows.is_adding:
        yield from _boxes(rows, None, rows.opened)


def _boxes(rows: Rows, entry: Entry | None, row_id: str) -> Iterator[Box]:
    known = {"at": shown(rows, entry), "actor": entry.actor if entry else "", "event": entry.event if entry else ""}
    for name, text in known.items():
        key = rows.key(name, row_id)
        is_open = rows.opened == row_id
        yield Box(form=row_id, name=name, key=key, known=text, is_open=is_open, is_new=entry is None, in_form=True)


def shown(rows: Rows, entry: Entry | None) -> str:
    """Local; with its date where that is another day than the incident's."""
    if entry is None or entry.at is None:
        return ""
    zone = ZoneInfo(rows.zone)
    local = entry.at.astimezone(zone)
    same_day = local.date() == rows.postmortem.started_at.astimezone(zone).date()
    return f"{local:%H:%M:%S}" if same_day else f"{local:%Y-%m-%d %H:%M:%S}"
