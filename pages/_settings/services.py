"""Settings, tab Services: what incidents happen to."""

import streamlit as st

from pages._ui import empty, flash, popover, undo
from pmcore.domain.workspace import Service
from pmcore.usecases.workspace import AddService, RenameService, RetireService
from pmcore.words import _
from wiring import ask, run

NAME_WIDTH = 180  #: pixels, so that the buttons stand below each other, also beside a name on a phone


def show() -> None:
    with st.form("service", border=False, clear_on_submit=False, width=600):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(_("New service"), key="service-name", max_chars=80)
            asked = st.form_submit_button(_("Add"), type="primary", icon=":material/add:", key="service-submit")
        if asked:
            with flash.refusals():
                run(AddService(name=name))
                del st.session_state["service-name"]
                flash.say_and_rerun(_("{name} is there for new incidents.").format(name=name.strip()))
    services = ask.services(retired=True)
    if not services:
        empty.box(_("No service yet. Add the first one above: an incident names the service it happened to."))
    for service in services:
        row(service)


def row(service: Service) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"service-{service.id}"):
        name = service.name if service.active else _("{name} (retired)").format(name=service.name)
        st.container(width=NAME_WIDTH, key=f"service-named-{service.id}").text(name)
        renaming = f"service-rename-{service.id}"
        with popover.show(_("Rename"), icon=":material/edit:", width="content", key=renaming):
            name = st.text_input(_("Name"), service.name, key=f"service-name-{service.id}", max_chars=80)
            if st.button(_("Save"), key=f"service-save-{service.id}", type="primary"):
                with flash.refusals():
                    run(RenameService(service_id=service.id, name=name))
                    popover.close(renaming)
                    undo.offer(
                        _("{old} is now called {new}.").format(old=service.name, new=name.strip()),
                        RenameService(service_id=service.id, name=service.name),
                    )
                    st.rerun()
        label = _("Retire") if service.active else _("Bring back")
        if st.button(label, key=f"service-retire-{service.id}", type="tertiary"):
            with flash.refusals():
                run(RetireService(service_id=service.id, active=not service.active))
                sentence = _("{name} is retired.") if service.active else _("{name} is back.")
                undo.offer(
                    sentence.format(name=service.name), RetireService(service_id=service.id, active=service.active)
                )
                st.rerun()
