"""Settings, tab Workspace: name, zone, language, what documents say."""

import streamlit as st

from pages._ui import flash
from pages._ui.kept import Kept
from pmcore.domain.errors import EditConflict
from pmcore.domain.vocabulary import Language
from pmcore.domain.workspace import Workspace, zones
from pmcore.usecases.workspace import ChangeWorkspace
from pmcore.words import _, label, say
from wiring import ask, run

_FORM = "workspace"
_BASE = "workspace-base"  #: what this browser's form was filled from


def show() -> None:
    base: Workspace = st.session_state.setdefault(_BASE, ask.workspace())
    with st.form(_FORM, border=False, width=800):
        name = st.text_input(_("Name of the workspace"), base.name, key="workspace-name", max_chars=80)
        flash.beside(_FORM, "workspace_name")
        zone = st.selectbox(
            _("Time zone"), zones(), index=zones().index(base.zone), key="workspace-zone",
            help=_("New incidents carry it; it is printed beside every time."),
        )  # fmt: skip
        flash.beside(_FORM, "zone")
        language = st.selectbox(
            _("Language of people who are invited"), list(Language), index=list(Language).index(base.language),
            format_func=label, key="workspace-language",
        )  # fmt: skip
        distribution = st.text_input(
            _("Who gets a published document"), base.distribution, key="workspace-distribution", max_chars=300
        )
        flash.beside(_FORM, "distribution")
        roles_for_names = st.toggle(
            _("Published documents show roles in place of names"), base.roles_for_names, key="workspace-roles",
            help=_("Of authors, reviewers, owners and signers. Names that somebody typed into a text stay."),
        )  # fmt: skip
        survey_by_date = st.toggle(
            _("A survey opens by itself each quarter"), base.survey_by_date, key="workspace-survey",
            help=_("On the first weekday of the quarter's last month, for two weeks."),
        )  # fmt: skip
        left, right = st.columns(2)
        with left:
            target = st.text_input(
                _("Availability target, percent"), str(base.slo_target_percent), key="workspace-target"
            )
            flash.beside(_FORM, "slo_target_percent")
        with right:
            window = st.number_input(
                _("Window of the error budget, days"), value=base.slo_window_days, step=1, key="workspace-window"
            )
            flash.beside(_FORM, "slo_window_days")
        asked = st.form_submit_button(_("Save"), type="primary", key="workspace-submit")
    texts = {"name": base.name, "distribution": base.distribution, "target": str(base.slo_target_percent)}
    _kept().watch_form(_FORM, {f"workspace-{box}": known for box, known in texts.items()})
    if not asked:
        return
    command = ChangeWorkspace(
        name=name,
        zone=zone,
        language=language,
        distribution=distribution,
        roles_for_names=roles_for_names,
        slo_target_percent=target,
        slo_window_days=int(window),
        survey_by_date=survey_by_date,
        base_version=base.version,
    )
    with flash.refusals(_FORM):
        try:
            run(command)
        except EditConflict as conflict:
            st.error(say(conflict))
            st.button(_("Show what is saved now"), key="workspace-reload", on_click=_forget)
            return
        _forget(name, distribution, target)
        flash.say_and_rerun(_("The workspace is saved."))


def _kept() -> Kept:
    """What is typed into the form stays in the browser until it is saved."""
    return Kept(0, _FORM)


def _forget(*said: str) -> None:
    """The next rerun fills the form from what is saved."""
    _kept().done(_FORM, *said)
    for key in [key for key in st.session_state if str(key).startswith("workspace-")]:
        del st.session_state[key]
