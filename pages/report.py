"""Report: what is happening?"""

import streamlit as st

from pages._incidents import reported
from pages._ui import flash, incident_form, page
from pmcore.domain.vocabulary import Severity
from pmcore.usecases.incidents import ReportIncident
from pmcore.words import _, label
from wiring import ask, run

KEY = reported.FORM

page.title(_("Report an incident"), _("Four answers are enough. Everything else can come later."))
if "reported" in st.query_params:
    reported.show()
    st.stop()

zone = ask.workspace().zone
with st.form(KEY, border=False, enter_to_submit=False, width=720):
    title = st.text_input(
        _("What do people see?"), key=f"{KEY}-title", max_chars=400, placeholder=_("Sending mail fails with error 500")
    )
    flash.beside(KEY, "title")
    severity = st.pills(_("Severity"), list(Severity), format_func=label, key=f"{KEY}-severity", width="stretch")
    flash.beside(KEY, "severity")
    st.caption(_("Next free id: {ids}").format(ids=ask.proposed_ids()))
    service = incident_form.service("", key=KEY)
    flash.beside(KEY, "service")
    flash.beside(KEY, "service_name")
    started = st.text_input(
        _("Started ({zone})").format(zone=zone), "now", key=f"{KEY}-started_at", max_chars=100,
        help=_("now, -5m, -2h, 0302, 10:02, 10:02:15, yesterday 23:50, 2025-12-14 10:02"),
    )  # fmt: skip
    flash.beside(KEY, "started_at")
    with st.expander(_("Id, what is known already, dry run"), key=f"{KEY}-more"):
        public_id = st.text_input(
            _("Id"),
            key=f"{KEY}-public_id",
            max_chars=40,
            placeholder=_("the next free one of the severity"),
        )
        flash.beside(KEY, "public_id")
        typed = incident_form.more(None, key=KEY, zone=zone)
        dry_run = st.checkbox(_("Dry run: practice, counted nowhere"), key=f"{KEY}-dry")
    asked = st.form_submit_button(_("Report"), type="primary", key=f"{KEY}-submit", width="stretch")

if asked:
    with flash.refusals(KEY):
        reported.require(severity, service)
        start, facts = incident_form.read(typed, started=started, zone=zone, key=KEY)
        incident_id = run(
            ReportIncident(
                title=title, severity=severity, service=service, started_at=start, public_id=public_id, zone=zone,
                dry_run=dry_run, facts=facts,
            )
        )  # fmt: skip
        reported.go_on(incident_id, said=(title, started, public_id, *typed.texts))
incident_form.choices(key=KEY)
reported.keep()
