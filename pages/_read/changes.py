"""What is new to the person who reads: since the last look, and in the sections that wait for a signature."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import streamlit as st

from pages._read import signatures
from pages._ui import badges, diff, prose, times
from pages._ui.fragments import fragment
from pmcore.domain.errors import PmError
from pmcore.domain.sections import BY_KEY
from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels.changes import Changes, RoleChanges, SectionChange
from pmcore.readmodels.reading import ReadingView
from pmcore.usecases.looking import NoteLook
from pmcore.words import _, label
from wiring import run

WHOLE, MINE = "whole", "changes"
_piece = st.components.v2.component(
    "pm_shown", html="<i></i>", js=(Path(__file__).parent / "shown.js").read_text(encoding="utf-8")
)


def chosen(changes: Changes | None) -> str:
    """The whole text, or only what changed in the sections that wait for this person's name."""
    if changes is None or not changes.mine:
        return WHOLE
    asked = st.query_params.get("view", WHOLE)
    words = {
        WHOLE: f":material/article: {_('The whole text')}",
        MINE: f":material/difference: {_('Only what changed for me')}",
    }
    picked = st.segmented_control(
        _("Show"), list(words), format_func=words.__getitem__, default=asked if asked in words else WHOLE,
        required=True, key="reading-view", label_visibility="collapsed", on_change=_remember,
    )  # fmt: skip
    return picked or WHOLE


def _remember() -> None:
    st.query_params["view"] = st.session_state["reading-view"] or WHOLE


def news(changes: Changes | None, zone: str) -> None:
    """Above the text: a badge for each section that changed since this person's last look, and the change itself."""
    if changes is None or not changes.news:
        return
    st.markdown(f"**{_('Changed since you last looked')}**")
    with st.container(gap="xsmall", key="news"):
        for change in changes.news:
            with st.expander(f"{badges.changed()} {_heading(change.key)}", key=f"news-{change.key}"):
                _said(change, zone)
                diff.fields(change.key, change.fields)


def mine(view: ReadingView, changes: Changes) -> None:
    """The review of five minutes: a card a role, its sections with their changes, Sign and Return at the end."""
    seen, zone = signatures.seen(view.review), view.writing.zone
    for each in changes.mine:
        with st.container(border=True, gap="small", key=f"review-{each.line.role}", width=760):
            _role(each, zone)
            signatures.buttons(each.line, view.review, seen)


def _role(each: RoleChanges, zone: str) -> None:
    st.markdown(f"## {label(each.line.role)} {badges.signature(each.line.standing)}")
    for change in each.sections:
        if not change.fields:
            continue
        st.markdown(f"### {_heading(change.key)} {badges.unseen() if change.is_all_new else badges.changed()}")
        _said(change, zone)
        diff.fields(change.key, change.fields)
    same = [change for change in each.sections if not change.fields]
    if same:
        words = (
            _("Unchanged since you signed: {sections}")
            if all(change.is_since_signing for change in same)
            else _("Unchanged since you last looked: {sections}")
        )
        st.caption(words.format(sections=", ".join(_heading(change.key) for change in same)))


def _said(change: SectionChange, zone: str) -> None:
    by = prose.line(change.by) if change.by else _("from the incident")
    st.caption(_("{name}, {time}").format(name=by, time=times.ago(change.at)), help=times.moment(change.at, zone))


def note(view: ReadingView, changes: Changes | None, shown: str) -> None:
    """What is new to this person: the browser says when it was on the screen, and that is remembered."""
    if changes is None:
        return
    mine = {change.key for each in changes.mine for change in each.sections}
    seen = {key: view.review.seen[key] for key in changes.unseen if shown == WHOLE or key in mine}
    if seen:
        _watch(view.writing.postmortem_id, seen)


@fragment
def _watch(postmortem_id: int, seen: Mapping[SectionKey, str]) -> None:
    """A look that cannot be remembered is no harm."""
    what = " ".join(seen.values())
    told = _piece(key=f"shown-{postmortem_id}", data={"what": what}, on_shown_change=lambda: None, height=1)
    if told.shown == what:
        with suppress(PmError):
            run(NoteLook(postmortem_id=postmortem_id, seen=seen))


def _heading(key: SectionKey) -> str:
    return _(BY_KEY[key].heading)
