"""Settings, tab People: invite, give roles, deactivate, deputies."""

import streamlit as st

from pages._ui import deputies, flash, undo
from pages._ui.kept import Kept
from pmcore.domain.vocabulary import Role
from pmcore.readmodels.people import PersonView
from pmcore.usecases.people import Deactivate, InviteAgain, InvitePeople, Reactivate, SetRoles
from pmcore.words import _, label, ngettext
from wiring import ask, run

ROW_HEIGHT = 61  #: pixels; from above four rem on a cell wraps: several roles stay readable on a phone


def show() -> None:
    everybody = ask.everybody()
    st.dataframe(
        [
            {
                "name": person.name,
                "roles": ", ".join(label(role) for role in Role if role in person.roles),
                "state": state(person),
                "username": person.username,
            }
            for person in everybody
        ],
        key="people",
        height="content",
        hide_index=True,
        row_height=ROW_HEIGHT if any(len(person.roles) > 1 for person in everybody) else None,
        alt=_("Everybody in this workspace with roles and state"),
        column_config={
            "name": st.column_config.TextColumn(_("Name"), width=118),
            "roles": st.column_config.TextColumn(_("Roles"), width=148),
            "state": st.column_config.TextColumn(_("State"), width=90),
            "username": st.column_config.TextColumn(_("Username"), width=150),
        },
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.header(_("Invite people"), anchor=False)
        invite()
    with right:
        st.header(_("Change a person"), anchor=False)
        change(everybody)
    st.header(_("Deputies"), anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        deputies.listed()
    with right:
        deputies.form(ask.people())


def state(person: PersonView) -> str:
    if not person.active:
        return _("Deactivated")
    if person.can_sign_in:
        return _("Active")
    return _("Invited") if person.invited else _("Cannot sign in")


def invite() -> None:
    """Everybody of one list gets the same roles; afterwards the form is ready for those with other roles."""
    if st.session_state.pop("invite-is-done", False):
        st.session_state["invite-list"], st.session_state["invite-roles"] = "", [Role.ENGINEER]
    st.session_state.setdefault("invite-roles", [Role.ENGINEER])
    with st.form("invite", border=False):
        pasted = st.text_area(
            _("One person a line"), placeholder=_("Anna Petrova <anna@example.org>"), key="invite-list", height=140
        )
        flash.beside("invite", "list")
        roles = st.multiselect(_("Roles"), list(Role), format_func=label, key="invite-roles")
        flash.beside("invite", "roles")
        asked = st.form_submit_button(_("Invite"), type="primary", icon=":material/person_add:", key="invite-submit")
    kept, form = Kept(0, "invite"), "invite-list"
    kept.watch_form(form, {form: ""})
    if asked:
        with flash.refusals("invite"):
            invitations = run(InvitePeople(list=pasted, roles=frozenset(roles)))
            st.session_state["invitations"] = (*st.session_state.get("invitations", ()), *invitations)
            st.session_state["invite-is-done"] = True
            kept.done(form, pasted)
            count = len(invitations)
            flash.say_and_rerun(
                ngettext("{count} person is invited.", "{count} people are invited.", count).format(count=count)
            )
    links()


def links() -> None:
    """The links are shown once: only their digests are kept."""
    if not (invitations := st.session_state.get("invitations")):
        return
    st.markdown(_("Hand these links over. Each works once, within seven days, and is not shown again."))
    for invitation in invitations:
        st.text(invitation.name)
        st.code(ask.invitation_url(invitation.token), language=None, wrap_lines=True)
    if st.button(_("Done, hide the links"), key="invite-hide"):
        del st.session_state["invitations"]
        st.rerun()


def change(everybody: tuple[PersonView, ...]) -> None:
    person = st.selectbox(
        _("Person"), everybody, index=None, format_func=lambda person: f"{person.name} ({person.username})",
        key="person", placeholder=_("Choose a person"),
    )  # fmt: skip
    if person is None:
        return
    with st.form("roles", border=False):
        roles = st.multiselect(
            _("Roles"),
            list(Role),
            default=[role for role in Role if role in person.roles],
            format_func=label,
            key=f"roles-{person.id}",
        )
        if st.form_submit_button(_("Save roles"), key="roles-submit", icon=":material/badge:"):
            with flash.refusals():
                before = run(SetRoles(user_id=person.id, roles=frozenset(roles)))
                st.session_state.pop(f"roles-{person.id}", None)
                undo.offer(
                    _("{name} has new roles.").format(name=person.name), SetRoles(user_id=person.id, roles=before)
                )
                st.rerun()
    with st.container(horizontal=True):
        if person.active:
            if st.button(
                _("New link"), key="person-link", icon=":material/link:", help=_("Lost invitation or password")
            ):
                with flash.refusals():
                    st.session_state["invitations"] = (run(InviteAgain(user_id=person.id)),)
                    st.rerun()
            if st.button(_("Deactivate"), key="person-deactivate", icon=":material/person_off:"):
                with flash.refusals():
                    run(Deactivate(user_id=person.id))
                    undo.offer(
                        _("{name} is deactivated and signed out everywhere.").format(name=person.name),
                        Reactivate(user_id=person.id),
                    )
                    st.rerun()
        elif st.button(_("Reactivate"), key="person-reactivate", icon=":material/person:"):
            with flash.refusals():
                run(Reactivate(user_id=person.id))
                flash.say_and_rerun(_("{name} is active again.").format(name=person.name))
