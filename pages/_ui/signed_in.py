"""The browsers in which the person is signed in: a line each, the newest few; the others are folded."""

from collections.abc import Sequence

import streamlit as st

from pages._ui import badges, flash, prose, times
from pmcore.readmodels.people import SessionView
from pmcore.usecases.identity import EndOtherSessions
from pmcore.words import _, ngettext
from wiring import ask, run

SHOWN = 4


def listed() -> None:
    current = st.context.headers.get("X-Pm-Session", "")
    sessions = sorted(
        ask.my_sessions(int(current) if current.isdigit() else None), key=lambda session: not session.current
    )
    _lines(sessions[:SHOWN])
    if folded := sessions[SHOWN:]:
        more = ngettext("{count} more", "{count} more", len(folded)).format(count=len(folded))
        with st.expander(more, key="sessions-more"):
            _lines(folded)
    this = next((session.id for session in sessions if session.current), None)
    if st.button(_("End all others"), key="sessions-end", icon=":material/logout:", disabled=len(sessions) < 2):
        with flash.refusals():
            run(EndOtherSessions(but=this))
            flash.say_and_rerun(_("You are signed in here only."))


def _lines(sessions: Sequence[SessionView]) -> None:
    for session in sessions:
        agent = prose.line(session.agent) or _("Unknown browser")
        said = [f":material/devices: **{agent}**", prose.line(session.address), times.ago(session.seen_at)]
        here = f" {badges.here()}" if session.current else ""
        st.markdown(" · ".join(part for part in said if part) + here, help=times.exact(session.seen_at))
