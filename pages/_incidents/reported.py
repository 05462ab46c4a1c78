"""After a report: an ongoing incident goes on in its log, a resolved one is told what it owes."""

from collections.abc import Iterable

import streamlit as st

from pages._ui import badges, chosen, flash, incident_form, owed, prose, repetitions, undo
from pages._ui.kept import Kept
from pmcore.domain.choices import Choice
from pmcore.domain.errors import N_, PmError, Refusals
from pmcore.domain.vocabulary import Severity
from pmcore.usecases.start import StartPostmortem
from pmcore.words import _
from wiring import ask, run

FORM = "report"


def kept() -> Kept:
    """What is typed into the form stays in the browser until it is reported."""
    return Kept(0, FORM)  # there is no post-mortem yet


def keep() -> None:
    """The boxes of the form."""
    kept().watch(incident_form.boxes(None, form=FORM, key=FORM, title="", started_at="now", public_id=""))


def require(severity: Severity | None, service: str) -> None:
    """Raises Refusals for what the form left open."""
    problems = []
    if severity is None:
        problems.append(PmError(N_("Choose a severity; it can be changed later."), field="severity"))
    if not service.strip():
        problems.append(PmError(N_("Choose the service, or type the name of a new one."), field="service"))
    if problems:
        raise Refusals(tuple(problems))


def go_on(incident_id: int, *, said: Iterable[str]) -> None:
    """To the log while it goes on, else to what is owed. `said` is what was typed."""
    kept().done(FORM, *said)
    view = ask.incident(incident_id)
    flash.note(_("{public_id} is reported.").format(public_id=view.incident.public_id))
    if view.owed.ongoing:
        st.switch_page("log.py", query_params={"id": str(incident_id)})
    st.query_params["reported"] = str(incident_id)
    st.rerun()


def show() -> None:
    """What the incident just reported owes, and the next steps."""
    view = ask.incident(chosen.number("reported"))
    kept().tell()
    undo.show()
    with st.container(border=True, key="reported"):
        st.markdown(
            f"{badges.severity(view.incident.severity)} **{view.incident.public_id}** {prose.line(view.incident.title)}"
        )
        owed.show(view.owed)
        repetitions.cards(ask.recurrences(view.incident.id))
        with st.container(horizontal=True):
            if Choice.START in view.owed.choices and st.button(
                _("Start the post-mortem"), type="primary", icon=":material/edit_document:", key="reported-start"
            ):
                with flash.refusals():
                    started = run(StartPostmortem(incident_id=view.incident.id))
                    st.switch_page("write.py", query_params={"id": str(started)})
            if st.button(_("Open the log"), icon=":material/list:", key="reported-log"):
                st.switch_page("log.py", query_params={"id": str(view.incident.id)})
            if st.button(_("Report another one"), icon=":material/add:", key="reported-again", type="tertiary"):
                st.query_params.clear()
                st.rerun()
