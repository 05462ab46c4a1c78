"""Review & Sign-off: who gets the document, who reviews it, who else works on it."""

from collections.abc import Callable

import streamlit as st

from pages._ui import flash, prose
from pages._ui.fragments import fragment
from pages._ui.kept import Box, Kept
from pages._write import fields, saving
from pmcore.domain.errors import PmError
from pmcore.domain.permissions import Right
from pmcore.domain.vocabulary import MemberRole
from pmcore.readmodels.people import PersonChoice
from pmcore.readmodels.writing import SectionView, WritingView
from pmcore.usecases.members import AddMember, RemoveMember
from pmcore.usecases.obligations import HandOver
from pmcore.words import _, label, say
from wiring import acting, ask, run


def form(section: SectionView, postmortem: WritingView) -> None:
    people = ask.people()
    _distribution(section)
    guidance = {
        MemberRole.REVIEWER: _("They sign, or return the text with reasons."),
        MemberRole.CO_AUTHOR: _("They write with the author, and do not sign."),
        MemberRole.PARTICIPANT: _("They took part in the incident and read the draft before it is shared."),
    }
    headings = {
        MemberRole.REVIEWER: _("Reviewers"),
        MemberRole.CO_AUTHOR: _("Co-authors"),
        MemberRole.PARTICIPANT: _("Participants"),
    }
    for role, heading in headings.items():
        _members(postmortem, people, role=role, heading=heading, guidance=guidance[role])
    _author(postmortem, people)


@fragment
def _distribution(section: SectionView) -> None:
    draft = saving.begin(section)
    if draft is None:
        return
    for each in draft.fields:
        fields.field(draft, each)
    saving.bar(draft)


def _members(
    postmortem: WritingView, people: tuple[PersonChoice, ...], *, role: MemberRole, heading: str, guidance: str
) -> None:
    st.markdown(f"### {heading}")
    st.caption(guidance)
    named = [member for member in postmortem.members if member.role is role]
    with st.container(horizontal=True, gap="small"):
        for member in named:
            if st.button(
                prose.line(member.name),
                icon=":material/close:",
                icon_position="right",
                key=f"member-remove-{role}-{member.user_id}",
                help=_("Take this part away"),
                disabled=not postmortem.is_author,
            ):
                _do(
                    RemoveMember(postmortem_id=postmortem.postmortem_id, user_id=member.user_id, role=role),
                    _("{name} is no longer named here.").format(name=member.name),
                )
    if not postmortem.is_author:
        return
    taken = {member.user_id for member in named} | {postmortem.author_id}
    choice = st.selectbox(
        _("Add: {role}").format(role=label(role)),
        [person for person in people if person.id not in taken],
        format_func=_called,
        index=None,
        placeholder=_("Choose a person"),
        key=f"member-add-{role}-{len(named)}",
        width=fields.NARROW,
    )
    if choice is not None:
        _do(
            AddMember(postmortem_id=postmortem.postmortem_id, user_id=choice.id, role=role),
            _("{name} is named now.").format(name=choice.name),
        )


def _author(postmortem: WritingView, people: tuple[PersonChoice, ...]) -> None:
    st.markdown(f"### {_('Author')}")
    st.markdown(prose.line(postmortem.author))
    kept, form = Kept(postmortem.postmortem_id, "hand-over"), "hand-over-note"
    if not postmortem.is_author and not acting.actor().may(Right.SETTLE):
        kept.tell()
        return
    with st.popover(_("Hand over"), icon=":material/swap_horiz:", key="hand-over"):
        to = st.selectbox(
            _("To whom?"),
            [person for person in people if person.id != postmortem.author_id],
            format_func=_called,
            index=None,
            placeholder=_("Choose a person"),
            key="hand-over-to",
        )
        note = st.text_input(
            _("A note for that person"), key=kept.key(form), max_chars=2000,
            placeholder=_("where the notes are, what is left to do"),
        )  # fmt: skip
        st.caption(
            _("{name} stays on as a co-author; the clocks do not change. A signature of the new author is given up.")
            .format(name=prose.line(postmortem.author))
        )  # fmt: skip
        if st.button(_("Hand over"), key="hand-over-submit", type="primary", disabled=to is None) and to is not None:
            _do(
                HandOver(incident_id=postmortem.incident_id, to_id=to.id, note=note),
                _("{name} is the author now.").format(name=to.name),
                lambda: kept.done(form, note),
            )
    kept.watch([Box(form=form, name="text", key=kept.key(form))])


def _called(person: PersonChoice) -> str:
    roles = ", ".join(label(role) for role in sorted(person.roles))
    return f"{person.name} ({roles})" if roles else person.name


def _do(command: object, sentence: str, done: Callable[[], None] = lambda: None) -> None:
    try:
        run(command)
    except PmError as refusal:
        st.error(prose.sentence(say(refusal)))
        return
    done()
    flash.say_and_rerun(sentence)
