"""Log: what is being noted while an incident goes on?"""

import streamlit as st

from pages._incidents import around, entries, line, reported
from pages._ui import badges, chosen, flash, page, prose, repetitions, undo
from pmcore.usecases.log import ResolveNow
from pmcore.words import _, times
from wiring import ask, run

view = ask.incident(chosen.number())
incident, owed_row = view.incident, view.owed

said = [f"{badges.severity(incident.severity)} {prose.line(incident.service)} ·"]
said.append(_("started {moment}").format(moment=times.moment(incident.started_at, incident.zone, seconds=True)))
said += [badges.restricted()] if incident.restricted else []
said += [badges.dry_run()] if incident.dry_run else []
with page.header(f"{incident.public_id} · {prose.line(incident.title)}", " ".join(said)):
    if owed_row.ongoing and around.may_edit(view):
        if st.button(_("Resolved now"), type="primary", icon=":material/check_circle:", key="resolve"):
            with flash.refusals():
                run(ResolveNow(incident_id=incident.id))
                flash.say_and_rerun(_("Resolved. The facts can still be edited below."))
    else:
        around.next_step(view)

undo.show()
repetitions.cards(ask.recurrences(incident.id))
around.panels(view)
entries.show(view, may_note=around.may_edit(view))
reported.kept().tell()
if around.may_edit(view):
    line.ask_for(view)
