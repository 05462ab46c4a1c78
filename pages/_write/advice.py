"""Advice beside the text. It never blocks: one click puts a hint away for good."""

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from pages._ui import flash, prose, tables
from pages._write.fields import MEASURE
from pmcore import advice
from pmcore.domain.advice import Hint, Quality, is_advised, missing
from pmcore.domain.sections import BY_KEY, FieldKind
from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels.actions import ItemView
from pmcore.readmodels.writing import SectionView
from pmcore.usecases.comments import BringHintsBack, DismissHint, remembered
from pmcore.words import _, ngettext
from pmcore.words.advice import lacks, quality, question
from wiring import ask, run

ITEM = "item"  #: the rule's name in a dismissal


def beside(section: SectionView, content: Mapping[str, Any]) -> None:
    """Hints on the text of a section as it stands in this browser."""
    if not section.may_edit:
        return
    people = ask.people()
    names = tables.once("names", people, lambda: frozenset(person.name for person in people))
    found = [(heading, hint) for heading, text in _texts(section.key, content) for hint in advice.on(text, names=names)]
    if not found:
        return
    gone = put_away(section)
    shown = [(heading, hint) for heading, hint in found if (hint.rule, remembered(hint.excerpt)) not in gone]
    with st.container(gap="xsmall", key=f"advice-{section.key}", width=MEASURE):
        for number, (heading, hint) in enumerate(shown):
            _hint(section, number, heading, hint)
        if len(shown) < len(found):
            _bring_back(section, len(found) - len(shown))


def _texts(key: SectionKey, content: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """(field's heading, text): what a person wrote, cell by cell; never facts, times and ids."""
    for field in BY_KEY[key].fields:
        value = content.get(field.key)
        if field.kind is not FieldKind.ROWS:
            yield _(field.heading), str(value or "")
            continue
        for row in value or ():
            for column in ("question", "answer", "stop_because", "event", "text"):
                if column in field.columns:
                    yield _(field.heading), str(row.get(column) or "")


def _hint(section: SectionView, number: int, heading: str, hint: Hint) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"hint-{section.key}-{number}"):
        quoted = f"**{heading}: “{prose.line(hint.excerpt)}”**"
        st.markdown(f":material/lightbulb: {quoted} {question(hint.asks)}")
        st.button(
            "",
            icon=":material/close:",
            help=_("Put this hint away"),
            key=f"dismiss-{section.key}-{number}-{remembered(hint.excerpt)}",
            type="tertiary",
            on_click=_dismiss,
            args=(section, hint.rule, hint.excerpt),
        )


def put_away(section: SectionView) -> frozenset[tuple[str, str]]:
    """With those of this run's click: a fragment shows the section as the last whole run read it."""
    return section.dismissed | st.session_state.get(_key(section), frozenset())


def _key(section: SectionView) -> str:
    return f"put-away-{section.postmortem_id}-{section.key}"


def _dismiss(section: SectionView, rule: str, excerpt: str) -> None:
    with flash.refusals():
        run(DismissHint(postmortem_id=section.postmortem_id, section=section.key, rule=rule, excerpt=excerpt))
        st.session_state[_key(section)] = st.session_state.get(_key(section), frozenset()) | {
            (rule, remembered(excerpt))
        }


def _bring_back(section: SectionView, count: int) -> None:
    words = ngettext("Show {count} hint that was put away", "Show {count} hints that were put away", count)
    if st.button(words.format(count=count), key=f"hints-back-{section.key}", type="tertiary", icon=":material/undo:"):
        with flash.refusals():
            run(BringHintsBack(postmortem_id=section.postmortem_id, section=section.key))
            st.session_state.pop(_key(section), None)
            st.rerun()


def of_item(section: SectionView, item: ItemView, gone: frozenset[tuple[str, str]]) -> None:
    """Which of specific, measurable, owned, time-bound an item lacks, while it is only proposed or committed."""
    if not section.may_edit or not is_advised(item.state):
        return
    found = missing(
        item.title,
        criterion=item.criterion,
        is_owned=bool(item.owner),
        is_dated=item.original_due_on is not None,
        rules=advice.item_rules(),
    )
    if not found or (ITEM, remembered(item.title)) in gone:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"item-advice-{item.item_id}"):
        named = ", ".join(quality(each) for each in Quality if each in found)
        st.markdown(f":material/lightbulb: **{named}.** {' '.join(lacks(found))}")
        st.button(
            "",
            icon=":material/close:",
            help=_("Put this hint away"),
            key=f"dismiss-item-{item.item_id}",
            type="tertiary",
            on_click=_dismiss,
            args=(section, ITEM, item.title),
        )
