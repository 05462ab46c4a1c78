"""Paste a timeline that was written elsewhere: see what was understood, then take it over."""

import uuid
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

import streamlit as st

from pages._ui import flash
from pages._ui.kept import Box
from pages._write.timeline_state import Rows
from pmcore.domain import paste, stamps, timeline
from pmcore.domain.errors import PmError
from pmcore.domain.paste import Line, LineState, Pasted
from pmcore.domain.timeline import Entry
from pmcore.words import _, label, ngettext, say, times
from wiring import parts

FORM = "pasted"


def show(rows: Rows) -> None:
    with st.expander(
        _("Paste a block"),
        icon=":material/content_paste:",
        key=rows.key("paste"),
        expanded=bool(_left(rows)),
    ):
        st.caption(_("From a chat, a document or a sheet: `10:02:15 text`, `[10:57] text`, bullet lists, a table."))
        text = st.text_area(
            _("Text"),
            value=_left(rows),
            height=160,
            key=_key(rows),
            label_visibility="collapsed",
            placeholder=_("Paste here, then press Ctrl+Enter"),
            persist_state="session",
        )
        if text.strip():
            _preview(rows, text)


def _preview(rows: Rows, text: str) -> None:
    with flash.refusals():
        zone = _zone(rows, text)
        start = rows.postmortem.started_at
        pasted = paste.parse(text, on=start.astimezone(zone).date(), after=start, zone=zone)
        problems = _problems(rows, pasted)
        new = [line for line in pasted.rows if line.number not in problems]
        st.dataframe(
            [_cells(line, rows, problems) for line in pasted.lines if line.state is not LineState.SKIPPED],
            key=rows.key("preview"),
            hide_index=True,
            alt=_("What was understood of the pasted block"),
            column_config={
                "mark": st.column_config.TextColumn("", width=40),
                "time": _("Time"),
                "kind": _("Kind"),
                "event": _("Event"),
                "actor": _("Actor"),
                "note": _("Note"),
            },
        )
        _say_left(_left_over(pasted, problems))
        sentence = ngettext("Take over {count} row", "Take over {count} rows", len(new)).format(count=len(new))
        if st.button(sentence, type="primary", key=rows.key("take"), icon=":material/playlist_add:", disabled=not new):
            _take(rows, new, _left_over(pasted, problems))


def _take(rows: Rows, new: list[Line], left: list[Line]) -> None:
    entries = [
        timeline.checked(
            Entry(id=str(uuid.uuid4()), at=line.at, kind=line.kind, event=line.event, actor=line.actor),
            now=parts.clock(),
        )
        for line in new
    ]
    said = ngettext("{count} row added.", "{count} rows added.", len(entries)).format(count=len(entries))
    rows.save(timeline.join(rows.entries, entries), said=said)
    rows.kept.done(FORM)
    _begin_with(rows, "\n".join(line.text for line in left))
    st.rerun()


def box(rows: Rows) -> Box:
    return Box(form=FORM, name="text", key=_key(rows))


def put_back(rows: Rows) -> None:
    """What was pasted in an earlier session and not taken over."""
    _begin_with(rows, rows.kept.back(FORM, "text", ""))


def _zone(rows: Rows, text: str) -> tzinfo:
    """The incident's zone, unless the text names another one and the reader agrees."""
    own = ZoneInfo(rows.zone)
    said, meant = stamps.said_zone(text)
    start = rows.postmortem.started_at
    if meant is None or meant.utcoffset(None) == start.astimezone(own).utcoffset():
        return own
    offered = {said: meant, times.zone_name(start, rows.zone): own, "UTC": UTC}
    chosen = st.radio(_("Which clock do these times follow?"), list(offered), horizontal=True, key=rows.key("clock"))
    return offered[chosen or said]


def _problems(rows: Rows, pasted: Pasted) -> dict[int, str]:
    """By line number: why a row that was read is not taken over. A row that is there already is no loss: ""."""
    known = {(entry.at, entry.event) for entry in rows.entries}
    found = {}
    for line in pasted.rows:
        entry = Entry(id="", at=line.at, kind=line.kind, event=line.event, actor=line.actor)
        if (line.at, line.event) in known:
            found[line.number] = ""
            continue
        try:
            timeline.checked(entry, now=parts.clock())
        except PmError as problem:
            found[line.number] = say(problem)
    return found


def _left_over(pasted: Pasted, problems: dict[int, str]) -> list[Line]:
    """What stays in the box."""
    return [line for line in pasted.lines if line.state is LineState.UNREAD or problems.get(line.number)]


def _cells(line: Line, rows: Rows, problems: dict[int, str]) -> dict[str, str]:
    cells = dict.fromkeys(("mark", "time", "kind", "event", "actor", "note"), "")
    if line.state is not LineState.READ or line.at is None:
        note = say(line.problem) if line.problem else _("belongs to the row above")
        return {**cells, "mark": "⚠" if line.problem else "↳", "event": line.text.strip(), "note": note}
    problem = problems.get(line.number)
    note = {None: "", "": _("is there already")}.get(problem, problem or "")
    if not note and line.is_early:
        note = _("earlier than the row above")
    local = line.at.astimezone(ZoneInfo(rows.zone))
    return {
        "mark": {None: "✓", "": "="}.get(problem, "⚠"), "time": f"{local:%Y-%m-%d %H:%M:%S}",
        "kind": label(line.kind), "event": line.event, "actor": line.actor, "note": note,
    }  # fmt: skip


def _say_left(lines: list[Line]) -> None:
    if count := len(lines):
        said = ngettext(
            "{count} line is not taken over. It is marked ⚠ and stays in the box, so that nothing is lost.",
            "{count} lines are not taken over. They are marked ⚠ and stay in the box, so that nothing is lost.",
            count,
        )
        st.warning(said.format(count=count), icon=":material/warning:")


def _begin_with(rows: Rows, text: str) -> None:
    st.session_state[rows.key("left")] = text
    st.session_state[rows.key("round")] = _round(rows) + 1


def _key(rows: Rows) -> str:
    return rows.key("pasted", str(_round(rows)))


def _left(rows: Rows) -> str:
    return str(st.session_state.get(rows.key("left"), ""))


def _round(rows: Rows) -> int:
    return int(st.session_state.get(rows.key("round"), 0))
