"""Above the timeline: its zone, the durations, and where it disagrees with the incident."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from pages._ui import flash
from pages._write.timeline_state import Rows
from pmcore.domain import timeline
from pmcore.domain.errors import N_
from pmcore.domain.sections import FACTS
from pmcore.domain.timeline import Disagreement
from pmcore.domain.vocabulary import SectionKey
from pmcore.usecases.told_times import UseTime
from pmcore.words import _, times
from wiring import ask, run

_FACTS = {
    "started_at": N_("the start"), "detected_at": N_("the detection"), "acknowledged_at": N_("the acknowledgement"),
    "resolved_at": N_("the resolution"),
}  # fmt: skip


def show(rows: Rows) -> None:
    facts = ask.section(rows.section.postmortem_id, SectionKey.DETAILS).content.get(FACTS) or {}
    zone = _("All times in {zone}").format(zone=times.zone_name(rows.postmortem.started_at, rows.zone))
    total = _("Total duration: {total} (TTD: {detect}, MTTR: {resolve})").format(
        total=_lasted(facts.get("impact_seconds")),
        detect=_lasted(facts.get("time_to_detect_seconds")),
        resolve=_lasted(facts.get("time_to_resolve_seconds")),
    )
    st.markdown(f":material/schedule: {zone} · {total}")
    known = {fact: _moment(facts.get(fact)) for fact in timeline.FACTS}
    for told in timeline.disagreements(rows.entries, known):
        _offer(rows, told)


def _offer(rows: Rows, told: Disagreement) -> None:
    """Nothing is written by itself: the incident's fact changes when somebody says so."""
    sentence = (
        _("The timeline puts {fact} at {told}; the incident says {known}.")
        if told.known_at
        else _("The timeline puts {fact} at {told}; the incident does not say.")
    )
    clock = _clock_of(rows, told)
    with st.container(border=True, horizontal=True, vertical_alignment="center", width=900, key=f"told-{told.fact}"):
        with st.container():
            said = sentence.format(fact=_(_FACTS[told.fact]), told=clock(told.told_at), known=clock(told.known_at))
            st.markdown(f":material/compare_arrows: {said}")
        if rows.section.may_edit and st.button(
            _("Use this time"), key=rows.key("use", told.fact), icon=":material/input:"
        ):
            with flash.refusals():
                run(
                    UseTime(
                        postmortem_id=rows.section.postmortem_id, incident_id=rows.postmortem.incident_id,
                        fact=told.fact, at=told.told_at,
                    )
                )  # fmt: skip
                flash.say_and_rerun(_("The incident has this time now."))


def _clock_of(rows: Rows, told: Disagreement) -> Callable[[datetime | None], str]:
    """How both moments are written: with their days only where these differ from the incident's."""
    zone = ZoneInfo(rows.zone)
    days = {at.astimezone(zone).date() for at in (rows.postmortem.started_at, told.told_at, told.known_at) if at}
    if len(days) > 1:
        return lambda at: times.moment(at, rows.zone, seconds=True)
    return lambda at: f"{at.astimezone(zone):%H:%M:%S}" if at else "–"


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None


def _lasted(seconds: object) -> str:
    return times.duration(int(str(seconds)) if seconds else None)
