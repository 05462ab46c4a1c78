"""Incidents: what is owed, when?"""

import streamlit as st

from pages._incidents import listing, opened
from pages._ui import links, page, undo
from pmcore.domain.permissions import Right
from pmcore.words import _
from wiring import acting, ask

with page.header(_("Incidents"), _("What is owed, by when, and by whom. Unresolved ones first.")):
    if acting.actor().may(Right.REPORT):
        st.page_link(links.to("report.py"), label=_("Report an incident"), icon=":material/add_alert:")
undo.show()

filter = listing.asked()
listing.filters(filter, {service.id: service.name for service in ask.services(retired=True)}, ask.people())
found = ask.ledger(filter)
opened.panel(found)
listing.table(found, filter)
