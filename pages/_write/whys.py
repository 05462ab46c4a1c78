"""The whys: a list that branches, one row open at a time; beside it the tree as a picture and as text."""

import streamlit as st

from pages._ui import prose
from pages._write.drafts import Draft
from pmcore.charts.whys import mermaid
from pmcore.domain import root_cause
from pmcore.domain.root_cause import Answer, Question, Why
from pmcore.readmodels.actions import ItemView
from pmcore.words import _, ngettext

NAME = "whys"


def show(draft: Draft, items: tuple[ItemView, ...]) -> None:
    whys = root_cause.read(draft.typed_rows(NAME))
    questions = root_cause.tree(whys)
    st.markdown(f"### {_('5 Whys Analysis')}")
    st.caption(_("Ask why until the answer is something you can change. A why may have several answers."))
    with st.container(gap="xsmall", width=900, key=draft.key("whys")):
        for question, answer in root_cause.answers(questions):
            if _opened(draft) == answer.why.id:
                _editor(draft, whys, question, answer, items)
            else:
                _row(draft, question, answer)
    if draft.section.may_edit:
        said = _("Ask another first why") if whys else _("Ask the first why")
        st.button(said, icon=":material/add:", key=draft.key("why-first"), on_click=_add, args=(draft,))
    if questions:
        _advice(whys, items)
        tree, text = st.tabs([_("As a tree"), _("As text")])
        with tree:
            st.mermaid_chart(mermaid(questions), width="content", alt=_("The whys as a tree"))
        with text:
            st.markdown(root_cause.markdown(whys, escape=prose.line))


def _row(draft: Draft, question: Question, answer: Answer) -> None:
    why = answer.why
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key=draft.key("why-row", why.id)):
        if answer.depth > 1:
            st.space(16 * min(answer.depth - 1, 4))
        with st.container(gap=None):
            told = f"→ {prose.line(why.answer) or _nothing()} {_end(answer)}"
            is_first = answer is question.answers[0]
            asked = f"**{question.number}. {prose.line(question.text) or _('Why?')}**"
            st.markdown(f"{asked}  \n{told}" if is_first else told)
        if draft.section.may_edit:
            with st.container(horizontal=True, width="content", gap="xsmall"):
                _button(draft, why, "why-ask", "subdirectory_arrow_right", _("Ask why about {number}"), question)
                _button(draft, why, "why-other", "call_split", _("Another answer to {number}"), question)
                _button(draft, why, "why-edit", "edit", _("Edit {number}"), question)


def _nothing() -> str:
    return f":gray[{_('not answered yet')}]"


def _button(draft: Draft, why: Why, name: str, icon: str, said: str, question: Question) -> None:
    act = {
        "why-ask": (_add, (draft, why.id)),
        "why-other": (_add, (draft, why.parent, question.text)),
        "why-edit": (_open, (draft, why.id)),
    }[name]
    st.button(
        "", help=said.format(number=question.number), icon=f":material/{icon}:", type="tertiary",
        key=draft.key(name, why.id), on_click=act[0], args=act[1],
    )  # fmt: skip


def _end(answer: Answer) -> str:
    """How a leaf ends; nothing for an answer that was asked on."""
    why = answer.why
    if answer.asked or not why.answer.strip():
        return ""
    if why.action:
        return f":green-badge[:material/task_alt: AI-{prose.line(why.action)}]"
    if why.stop_because.strip():
        return f":gray-badge[:material/stop_circle: {_('stop here')}] :gray[{prose.line(why.stop_because)}]"
    return f":orange-badge[:material/more_horiz: {_('open end')}]"


def _editor(
    draft: Draft, whys: tuple[Why, ...], question: Question, answer: Answer, items: tuple[ItemView, ...]
) -> None:
    why = answer.why
    numbers = {each.why.id: q.number for q, each in root_cause.answers(root_cause.tree(whys))}
    answers = {each.id: each.answer for each in whys}
    with st.container(border=True, key=draft.key("why-editor")):
        _line(draft, why, "question", _("Why {number}").format(number=question.number), _("Why did …?"))
        _line(draft, why, "answer", _("Answer"), _("Because …"))
        if not answer.asked:
            _line(draft, why, "stop_because", _("Stop here because"), _("Only if nobody should ask on"))
            _choice(
                draft, why, "action", _("Action item that follows"),
                {"": _("none"), **{str(item.number): f"AI-{item.number} {item.title}" for item in items}},
            )  # fmt: skip
        followed = root_cause.may_follow(whys, why.id)
        _choice(
            draft, why, "parent", _("Asks about the answer"),
            {"": _("none: a first why"), **{each.id: f"{numbers[each.id]}. {answers[each.id]}" for each in followed}},
        )  # fmt: skip
        with st.container(horizontal=True):
            st.button(_("Done"), icon=":material/check:", key=draft.key("why-done"), on_click=_open, args=(draft, ""))
            st.button(
                _("Delete"), icon=":material/delete:", type="tertiary", key=draft.key("why-delete"),
                on_click=draft.delete_row, args=(NAME, why.id),
            )  # fmt: skip


def _line(draft: Draft, why: Why, column: str, said: str, placeholder: str) -> None:
    st.text_input(
        said, value=getattr(why, column), placeholder=placeholder, key=draft.key(why.id, column),
        persist_state="session", max_chars=2_000,
    )  # fmt: skip


def _choice(draft: Draft, why: Why, column: str, said: str, options: dict[str, str]) -> None:
    now = getattr(why, column)
    offered = options if now in options else {**options, now: f"AI-{now}"}
    st.selectbox(
        said, list(offered), index=list(offered).index(now), format_func=lambda key: offered.get(key, key),
        key=draft.key(why.id, column), persist_state="session",
    )  # fmt: skip


def _advice(whys: tuple[Why, ...], items: tuple[ItemView, ...]) -> None:
    said = root_cause.advice(whys, items={str(item.number) for item in items})
    if said:
        heading = ngettext("{count} thing to consider", "{count} things to consider", len(said))
        with st.expander(heading.format(count=len(said)), icon=":material/lightbulb:", key="whys-advice"):
            for each in said:
                st.markdown(f"- {_(each.sentence).format(**each.values)}")


def _key(draft: Draft) -> str:
    return f"why-open-{draft.section.postmortem_id}"


def _opened(draft: Draft) -> str:
    return str(st.session_state.get(_key(draft), "")) if draft.section.may_edit else ""


def _open(draft: Draft, why_id: str) -> None:
    st.session_state[_key(draft)] = why_id


def _add(draft: Draft, parent: str = "", question: str = "") -> None:
    draft.add_row(NAME, parent=parent, question=question, answer="", stop_because="", action="")
    _open(draft, draft.rows(NAME)[-1]["id"])
