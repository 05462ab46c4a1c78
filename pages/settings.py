"""Settings: who, what, which rules?"""

import streamlit as st

from pages._settings import people, services, workspace
from pages._ui import empty, page, policy, undo
from pmcore.domain.permissions import Right
from pmcore.words import _
from wiring import ask

page.title(_("Settings"), _("Who is here, what can break, and which rules apply."))
undo.show()

offered = {
    _("People"): (Right.MANAGE_USERS, people.show),
    _("Workspace"): (Right.MANAGE_WORKSPACE, workspace.show),
    _("Services"): (Right.MANAGE_SERVICES, services.show),
    _("Policy"): (Right.MANAGE_POLICY, policy.tab),
}
me = ask.me()
mine = {name: show for name, (right, show) in offered.items() if me.may(right)}
if not mine:
    empty.box(
        _("Settings belong to administrators, managers and tech leads. Your own ones are on the account page."),
        icon=":material/settings:",
        link=("account.py", _("Account")),
    )
    st.stop()
for tab, show in zip(st.tabs(list(mine), key="settings-tab", on_change="rerun"), mine.values(), strict=True):
    if tab.open:
        with tab:
            show()
