"""Deputies with dates: who stands in for whom, on the account page for oneself, in the settings for everybody."""

from collections.abc import Sequence

import streamlit as st

from pages._ui import empty, flash, prose, times, undo
from pmcore.domain.vocabulary import Role
from pmcore.readmodels.people import PersonChoice
from pmcore.usecases.people import EndDeputy, SetDeputy
from pmcore.words import _, label
from wiring import ask, run


def listed(*, only_of: int | None = None) -> None:
    """Today's and later ones, each with a way to end it."""
    found = [deputy for deputy in ask.deputies() if only_of in (None, deputy.principal_id)]
    if not found:
        empty.box(_("Nobody stands in for anybody. Name a deputy below before a holiday."), icon=":material/group:")
    for deputy in found:
        with st.container(horizontal=True, vertical_alignment="center", key=f"deputy-{deputy.id}"):
            st.markdown(
                _("{deputy} for {principal} as {role}, {first} to {last}").format(
                    deputy=f"**{prose.line(deputy.deputy)}**",
                    principal=prose.line(deputy.principal),
                    role=label(deputy.role),
                    first=times.day(deputy.starts_on),
                    last=times.day(deputy.ends_on),
                )
            )
            if st.button(_("End"), key=f"deputy-end-{deputy.id}", type="tertiary", icon=":material/event_busy:"):
                with flash.refusals():
                    undo.offer(
                        _("{name} is no longer deputy.").format(name=deputy.deputy), run(EndDeputy(deputy_id=deputy.id))
                    )
                    st.rerun()


def form(principals: Sequence[PersonChoice]) -> None:
    """Name a deputy for one of these people."""
    people = ask.people()
    principal: PersonChoice | None = principals[0]
    if len(principals) > 1:
        principal = st.selectbox(
            _("For whom"), principals, index=None, format_func=lambda person: person.name, key="deputy-for",
            placeholder=_("Choose a person"),
        )  # fmt: skip
    if principal is None:
        return
    held = [role for role in Role if role in principal.roles]
    others = [person for person in people if person.id != principal.id]
    if not others:
        st.caption(_("Nobody else is here yet. Invite somebody, who can then stand in."))
        return
    with st.form("deputy", border=False):
        who = st.selectbox(
            _("Deputy"),
            others,
            format_func=lambda person: person.name,
            index=None,
            key="deputy-who",
            placeholder=_("Choose a person"),
        )
        role = st.selectbox(_("In which role"), held, format_func=label, key=f"deputy-role-{principal.id}")
        days = st.date_input(_("First and last day"), value=(), key="deputy-days", format="DD.MM.YYYY")
        asked = st.form_submit_button(_("Name the deputy"), key="deputy-submit", icon=":material/group_add:")
    if asked and (who is None or role is None or len(days) != 2):
        st.error(_("Choose a deputy, a role, and the first and the last day."))
    elif asked:
        with flash.refusals():
            run(SetDeputy(principal_id=principal.id, deputy_id=who.id, role=role, starts_on=days[0], ends_on=days[1]))
            flash.say_and_rerun(_("{deputy} is deputy of {name}.").format(deputy=who.name, name=principal.name))
