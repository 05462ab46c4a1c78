"""Account: who am I here, and where am I signed in?"""

import streamlit as st

from pages._ui import account_forms, deputies, flash, page, signed_in, undo
from pmcore.domain.vocabulary import Role
from pmcore.readmodels.people import PersonChoice
from pmcore.usecases.account import ChangeProfile
from pmcore.words import _, label
from wiring import ask, run

me = ask.user(ask.me().user_id)
with page.header(_("Account"), _("Who you are here, and where you are signed in.")):
    account_forms.sign_out()
undo.show()

left, right = st.columns(2, gap="medium")
with left:
    with st.container(border=True):
        with st.form("profile", border=False):
            name = st.text_input(_("Name, as colleagues read it"), me.name, key="profile-name", max_chars=80)
            if st.form_submit_button(_("Save"), type="primary", key="profile-submit"):
                with flash.refusals():
                    run(ChangeProfile(name=name))
                    flash.say_and_rerun(_("Your name is saved."))
        st.text(_("Username: {username}").format(username=me.username))
        st.text(_("Roles: {roles}").format(roles=", ".join(label(role) for role in Role if role in me.roles)))
    with st.container(border=True):
        st.header(_("Language and password"), anchor=False)
        account_forms.language(back_to="/account")
        account_forms.password()
with right:
    with st.container(border=True, gap="small"):
        st.header(_("Where you are signed in"), anchor=False)
        signed_in.listed()
    if me.roles:
        with st.container(border=True):
            st.header(_("While you are away"), anchor=False)
            deputies.listed(only_of=me.id)
            deputies.form([PersonChoice(id=me.id, name=me.name, roles=me.roles)])
