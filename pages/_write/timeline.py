"""The timeline: read as a table, one row edited at a time; each is saved by itself and merged with others' rows."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from pages._ui import badges, prose
from pages._ui.fragments import fragment
from pages._write import paste_block, saving, timeline_row, told_times
from pages._write.timeline_state import Rows
from pmcore.domain import timeline
from pmcore.domain.timeline import Entry
from pmcore.domain.vocabulary import TimelineKind
from pmcore.readmodels.writing import SectionView, WritingView
from pmcore.words import _, label, ngettext, times

AT_ONCE = 60  #: rows on the screen
ICONS = {
    TimelineKind.INCIDENT_START: ":red[:material/local_fire_department:]",
    TimelineKind.ALERT: ":orange[:material/notifications_active:]",
    TimelineKind.PAGED: ":orange[:material/call:]",
    TimelineKind.ACKNOWLEDGED: ":blue[:material/visibility:]",
    TimelineKind.IDENTIFIED: ":violet[:material/bug_report:]",
    TimelineKind.FIX: ":blue[:material/build:]",
    TimelineKind.RECOVERED: ":green[:material/trending_up:]",
    TimelineKind.RESOLVED: ":green[:material/check_circle:]",
    TimelineKind.OTHER: ":gray[:material/notes:]",
}


@fragment
def form(section: SectionView, postmortem: WritingView) -> None:
    if saving.begin(section) is None:
        return
    rows = Rows(section, postmortem)
    rows.begin_next()
    told_times.show(rows)
    if not rows.entries:
        st.markdown(_("Nothing is noted yet. Add a row, or paste what was written in the chat."))
    _list(rows)
    if section.may_edit:
        _below(rows)
        paste_block.show(rows)
        rows.kept.watch([*timeline_row.boxes(rows), paste_block.box(rows)], reopen=lambda form: _reopen(rows, form))


def _reopen(rows: Rows, form: str) -> None:
    """What was typed in an earlier session comes back: a pasted block, or one row."""
    if form == paste_block.FORM:
        paste_block.put_back(rows)
    elif not rows.opened:
        rows.open(form)


def _list(rows: Rows) -> None:
    shown = _part(rows.entries)
    stray = timeline.out_of_order(rows.entries)
    day = None
    with st.container(gap="xsmall", width=900, key="timeline-rows"):
        for entry in shown:
            local = entry.at and entry.at.astimezone(ZoneInfo(rows.zone))
            if local and local.date() != day and (day is not None or rows.spans_days):
                st.markdown(f"**{times.day(local.date())}**")
            day = local.date() if local else day
            if rows.opened == entry.id:
                timeline_row.editor(rows, entry)
            else:
                _row(rows, entry, local, is_stray=entry.id in stray)
    if stray:
        count = len(stray)
        said = ngettext(
            "{count} row is earlier than a row above it.", "{count} rows are earlier than a row above them.", count
        )
        st.warning(said.format(count=count), icon=":material/swap_vert:")
        if rows.section.may_edit and st.button(_("Sort by time"), key=rows.key("sort"), icon=":material/sort:"):
            rows.save(timeline.in_order(rows.entries))


def _part(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """A screenful; long timelines are read in parts."""
    if len(entries) <= AT_ONCE:
        return entries
    starts = range(0, len(entries), AT_ONCE)
    start = st.segmented_control(
        _("Rows"),
        starts,
        default=0,
        required=True,
        format_func=lambda first: f"{first + 1}–{min(first + AT_ONCE, len(entries))}",
        key="timeline-part",
    )
    return entries[start : start + AT_ONCE]


def _row(rows: Rows, entry: Entry, local: datetime | None, *, is_stray: bool) -> None:
    clock = f"{local:%H:%M:%S}" if local else "--:--:--"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"timeline-row-{entry.id}"):
        st.markdown(f"`{clock}`", width="content")
        with st.container(gap=None):
            mark = badges.quiet(_("out of order"), "swap_vert") if is_stray else ""
            kind = "" if entry.kind is TimelineKind.OTHER else f":gray[{label(entry.kind)}:] "
            actor = f" :gray[– {prose.line(entry.actor)}]" if entry.actor else ""
            st.markdown(f"{ICONS[entry.kind]} {kind}{prose.line(entry.event)}{actor} {mark}")
        if rows.section.may_edit:
            st.button(
                "",
                help=_("Edit the row of {time}").format(time=clock),
                icon=":material/edit:",
                key=rows.key("edit", entry.id),
                type="tertiary",
                on_click=rows.open,
                args=(entry.id,),
            )


def _below(rows: Rows) -> None:
    if rows.opened and rows.opened not in {entry.id for entry in rows.entries}:
        timeline_row.editor(rows, None)
    with st.container(horizontal=True):
        if not rows.is_adding:
            st.button(_("Add a row"), icon=":material/add:", key=rows.key("add"), on_click=rows.add)
        if rows.last_deleted and st.button(
            _("Undo the deletion"), icon=":material/undo:", key=rows.key("undo"), type="tertiary"
        ):
            rows.undo()
