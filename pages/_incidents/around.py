"""Around the log: what is owed, the facts as a form, severity, and who may see a restricted incident."""

from collections.abc import Callable

import streamlit as st

from pages._ui import flash, incident_form, owed, prose, undo
from pages._ui.kept import Kept
from pmcore.domain.choices import Choice
from pmcore.domain.permissions import Right
from pmcore.domain.vocabulary import Severity
from pmcore.readmodels.incident import IncidentView
from pmcore.usecases.incident_keeping import DeleteIncident, NameViewer, RemoveViewer, RestoreIncident
from pmcore.usecases.incidents import ChangeSeverity
from pmcore.usecases.start import StartPostmortem
from pmcore.words import _, label, times
from wiring import acting, ask, run

PANEL = "log-panel"


def may_edit(view: IncidentView) -> bool:
    return Choice.EDIT in view.owed.choices


def next_step(view: IncidentView) -> None:
    """Start the post-mortem, or open it."""
    row = view.owed
    if Choice.START in row.choices:
        if st.button(_("Start the post-mortem"), type="primary", icon=":material/edit_document:", key="log-start"):
            with flash.refusals():
                started = run(StartPostmortem(incident_id=row.incident_id))
                st.switch_page("write.py", query_params={"id": str(started)})
    elif Choice.WRITE in row.choices:
        st.page_link(
            "write.py", label=_("Write the post-mortem"), icon=":material/edit:",
            query_params={"id": str(row.postmortem_id)},
        )  # fmt: skip
    elif Choice.READ in row.choices:
        st.page_link(
            "read.py", label=_("Read the post-mortem"), icon=":material/article:",
            query_params={"id": str(row.postmortem_id)},
        )  # fmt: skip


def panels(view: IncidentView) -> None:
    """One tap opens a panel, another one folds it; the log itself stays in sight."""
    shown: dict[str, tuple[str, Callable[[IncidentView], None]]] = {
        "owed": (f":material/event_busy: {_('What is owed')}", lambda view: owed.show(view.owed))
    }
    if may_edit(view):
        shown["facts"] = (f":material/edit: {_('Edit the facts')}", _facts)
        shown["more"] = (f":material/tune: {_('Severity, access, delete')}", _more)
    if st.session_state.pop(f"{PANEL}-fold", False):
        st.session_state[PANEL] = None
    opened = st.pills(
        _("More about this incident"), list(shown), format_func=lambda name: shown[name][0], key=PANEL,
        label_visibility="collapsed",
    )  # fmt: skip
    if opened is not None:
        with st.container(border=True, width=860, key="log-panel-opened"):
            shown[opened][1](view)
    if opened != "facts":
        incident_form.kept(view).tell()


def _facts(view: IncidentView) -> None:
    incident_form.edit(view, key="log-edit", after=_fold)


def _fold() -> None:
    """At the next run: what has been saved needs no open form."""
    st.session_state[f"{PANEL}-fold"] = True


def _more(view: IncidentView) -> None:
    _severity(view)
    if view.incident.restricted:
        _viewers(view)
    if Choice.DELETE in view.owed.choices:
        _delete(view)


def _severity(view: IncidentView) -> None:
    known = view.incident
    for change in view.severity_changes:
        st.caption(
            _("{moment}: {kind} from {old} to {new} by {name}. {reason}").format(
                moment=times.moment(change.at, known.zone), kind=label(change.kind), old=label(change.old),
                new=label(change.new), name=prose.line(change.by), reason=prose.line(change.reason),
            )
        )  # fmt: skip
    kept, form = Kept(known.id, "severity"), "severity-reason"
    with st.form("severity", border=False):
        chosen = st.pills(
            _("Severity"), list(Severity), default=known.severity, required=True, format_func=label, key="severity-new"
        )
        reason = st.text_input(_("Why does it change?"), key=kept.key(form), max_chars=2000)
        is_slip = acting.actor().may(Right.CORRECT_SEVERITY) and st.checkbox(
            _("It was a slip: it never had the other severity"), key="severity-slip"
        )
        if st.form_submit_button(_("Change the severity"), key="severity-submit"):
            with flash.refusals():
                run(
                    ChangeSeverity(
                        incident_id=known.id, severity=chosen or known.severity, is_slip=is_slip, reason=reason
                    )
                )
                kept.done(form, reason)
                flash.say_and_rerun(_("{public_id} has another severity now.").format(public_id=known.public_id))
    kept.watch_single(form)


def _viewers(view: IncidentView) -> None:
    st.markdown(_("People named to see it, beside those who work on it and administrators:"))
    named = dict(view.viewers)
    for user_id, name in named.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(prose.line(name))
            if st.button(_("Remove"), key=f"viewer-remove-{user_id}", icon=":material/close:", type="tertiary"):
                with flash.refusals():
                    run(RemoveViewer(incident_id=view.incident.id, user_id=user_id))
                    flash.say_and_rerun(_("Removed."))
    others = {person.id: person.name for person in ask.people() if person.id not in named}
    with st.form("viewers", border=False, clear_on_submit=True):
        chosen = st.selectbox(
            _("Name somebody"), list(others), index=None, format_func=others.__getitem__, key="viewer-new"
        )
        if st.form_submit_button(_("Let them see it"), key="viewer-submit") and chosen is not None:
            with flash.refusals():
                run(NameViewer(incident_id=view.incident.id, user_id=chosen))
                flash.say_and_rerun(_("Named."))


def _delete(view: IncidentView) -> None:
    if st.button(_("Delete this incident"), key="incident-delete", icon=":material/delete:"):
        with flash.refusals():
            run(DeleteIncident(incident_id=view.incident.id))
            undo.offer(
                _("{public_id} is deleted.").format(public_id=view.incident.public_id),
                RestoreIncident(incident_id=view.incident.id),
            )
            st.switch_page("incidents.py")
