"""The chosen incident of the ledger: what it owes, and everything that can be done with it."""

from collections.abc import Callable

import streamlit as st

from pages._incidents import listing, settling
from pages._ui import badges, chosen, empty, flash, owed, prose, repetitions
from pmcore.domain.choices import Choice
from pmcore.domain.errors import NotFound
from pmcore.readmodels.ledger import LedgerPage, LedgerRow
from pmcore.usecases.start import StartPostmortem
from pmcore.words import _, say, times
from wiring import ask, run

_FORMS: dict[Choice, Callable[[LedgerRow], None]] = {
    Choice.HAND_OVER: settling.hand_over,
    Choice.WAIVE: settling.waive,
    Choice.APPROVE_WAIVER: settling.approve_waiver,
    Choice.WITHDRAW_WAIVER: settling.withdraw_waiver,
    Choice.COVER: settling.cover,
    Choice.DUPLICATE: settling.duplicate,
    Choice.NOT_AN_INCIDENT: settling.not_an_incident,
    Choice.REOPEN: settling.reopen,
}


def panel(found: LedgerPage) -> None:
    if listing.OPEN not in st.query_params:
        settling.kept().tell()
        return
    try:
        row = _row(found, chosen.number(listing.OPEN))
    except NotFound as refusal:
        empty.box(say(refusal), icon=":material/search_off:")
        return
    with st.container(border=True, key="incident-panel"):
        with st.container(horizontal=True, vertical_alignment="top", horizontal_alignment="distribute"):
            st.markdown(f"## {row.public_id} · {prose.line(row.title)}", width="content")
            st.button(_("Close"), key="panel-close", icon=":material/close:", type="tertiary", on_click=listing.close)
        st.markdown(_facts(row))
        owed.show(row)
        if st.session_state.get(_wanted(row)) is None:  # a form that is open comes first
            repetitions.line(ask.recurrences(row.incident_id))
        _links(row)
        _forms(row)


def _row(found: LedgerPage, incident_id: int) -> LedgerRow:
    """Raises NotFound."""
    listed = {row.incident_id: row for row in found.rows}
    return listed[incident_id] if incident_id in listed else ask.incident(incident_id).owed


def _facts(row: LedgerRow) -> str:
    marks = [badges.severity(row.severity), badges.level(row.level)]
    marks += [badges.restricted()] if row.restricted else []
    marks += [badges.dry_run()] if row.dry_run else []
    said = [
        " ".join(marks),
        prose.line(row.service),
        _("started {moment}").format(moment=times.moment(row.started_at, row.zone)),
        _("owed by {name}").format(name=prose.line(row.author) or _("nobody yet")),
    ]
    return " · ".join(said)


def _links(row: LedgerRow) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if Choice.START in row.choices and st.button(
            _("Start the post-mortem"), type="primary", icon=":material/edit_document:", key="panel-start"
        ):
            with flash.refusals():
                started = run(StartPostmortem(incident_id=row.incident_id))
                st.switch_page("write.py", query_params={"id": str(started)})
        written = {"id": str(row.postmortem_id)}
        if Choice.WRITE in row.choices:
            st.page_link("write.py", label=_("Write"), icon=":material/edit:", query_params=written, width="content")
        if Choice.READ in row.choices:
            st.page_link("read.py", label=_("Read"), icon=":material/article:", query_params=written, width="content")
        st.page_link(
            "log.py", label=_("Log and facts"), icon=":material/list:", query_params={"id": str(row.incident_id)},
            width="content",
        )  # fmt: skip


def _wanted(row: LedgerRow) -> str:
    """The key of the choice of a form."""
    return f"panel-choice-{row.incident_id}"


def _forms(row: LedgerRow) -> None:
    """One tap opens the form of what is to be done."""
    offered = [choice for choice in row.choices if choice in _FORMS]
    if not offered:
        return
    named = settling.labels()
    wanted = st.pills(_("What else?"), offered, format_func=lambda choice: named[choice], key=_wanted(row))
    if wanted is not None:
        _FORMS[wanted](row)
