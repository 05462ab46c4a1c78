"""The whys: questions that branch into answers, each of which may be asked on.

A row is one answer: its `question`, its `answer`, and in `parent` the row whose answer it asks about. Rows with the
same parent and the same question (or none) are several answers to one why. Whys advise, they never block.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pmcore.domain.errors import N_

_COLUMNS = ("id", "parent", "question", "answer", "stop_because", "action")
SHALLOW = 3  #: a chain shorter than this seldom reaches something that can be changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    id: str  #: uuid
    parent: str  #: id of the row whose answer is asked about; "" at the root
    question: str  #: "" takes the question of the row beside it
    answer: str
    stop_because: str = ""  #: of a leaf: why nobody asks on
    action: str = ""  #: of a leaf: the number of the action item that follows from it, "3" of AI-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    why: Why
    depth: int  #: 1 at the root
    asked: "tuple[Question, ...]"  #: what was asked about it; empty: a leaf


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    text: str
    number: str  #: "1", "2", ... in a chain; "2.1" where it branches
    answers: tuple[Answer, ...]  #: at least one


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Something to consider. Show the sentence with its values; nothing waits for it."""

    why_id: str  #: "" when it is about the whole
    sentence: str
    values: Mapping[str, object]


def read(rows: Iterable[Mapping[str, Any]]) -> tuple[Why, ...]:
    """The rows as whys. One whose parent is gone, or that stands below itself, is kept at the root."""
    whys = [Why(**{column: str(row.get(column) or "") for column in _COLUMNS}) for row in rows]
    known = {why.id for why in whys}
    parents = {why.id: why.parent for why in whys if why.parent in known}
    for why in whys:
        if _is_below_itself(why.id, parents):
            del parents[why.id]
    return tuple(replace(why, parent=parents.get(why.id, "")) for why in whys)


def _is_below_itself(why_id: str, parents: Mapping[str, str]) -> bool:
    seen: set[str] = set()
    above = parents.get(why_id)
    while above is not None and above not in seen:
        if above == why_id:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def row(why: Why) -> dict[str, str]:
    return {
        "id": why.id, "parent": why.parent, "question": why.question, "answer": why.answer,
        "stop_because": why.stop_because, "action": why.action,
    }  # fmt: skip


def may_follow(whys: Iterable[Why], why_id: str) -> tuple[Why, ...]:
    """The rows whose answer this one can ask about: all but itself and those that follow from it."""
    known = tuple(whys)
    parents = {why.id: why.parent for why in known}
    return tuple(why for why in known if why.id != why_id and not _follows(why.id, why_id, parents))


def _follows(why_id: str, above: str, parents: Mapping[str, str]) -> bool:
    while why_id := parents.get(why_id, ""):
        if why_id == above:
            return True
    return False


def tree(whys: Iterable[Why]) -> tuple[Question, ...]:
    """The questions at the root, each with its answers and what was asked about them, in the order of the rows.

    A chain is numbered 1, 2, 3 ...; where whys branch, "2.1" is asked about the answer to 2, "2b.1" about its second.
    """
    below: dict[str, list[Why]] = {}
    for why in whys:
        below.setdefault(why.parent, []).append(why)
    questions = _questions(below, parent="", depth=1, prefix="")
    return _counted(questions, first=1) if is_chain(questions) else questions


def _questions(below: Mapping[str, list[Why]], *, parent: str, depth: int, prefix: str) -> tuple[Question, ...]:
    questions = []
    for place, group in enumerate(_grouped(below.get(parent, ())), start=1):
        number = f"{prefix}{place}"
        text = next((why.question for why in group if why.question.strip()), "")
        asked = [
            _questions(
                below, parent=why.id, depth=depth + 1, prefix=number + (_letter(nth) if len(group) > 1 else "") + "."
            )
            for nth, why in enumerate(group)
        ]
        answered = tuple(Answer(why=why, depth=depth, asked=a) for why, a in zip(group, asked, strict=True))
        questions.append(Question(text=text, number=number, answers=answered))
    return tuple(questions)


def _counted(chain: tuple[Question, ...], *, first: int) -> tuple[Question, ...]:
    """A chain numbered by its depth."""
    return tuple(
        replace(
            question,
            number=str(first),
            answers=tuple(replace(a, asked=_counted(a.asked, first=first + 1)) for a in question.answers),
        )
        for question in chain
    )


def _letter(place: int) -> str:
    """a, b, ... z, then aa, ab: answers of one why."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return letters


def _grouped(whys: Iterable[Why]) -> list[list[Why]]:
    """Rows that answer the same question; one without a question answers that of the row before it."""
    groups: dict[str, list[Why]] = {}
    latest = ""
    for why in whys:
        latest = " ".join(why.question.casefold().split()) or latest
        groups.setdefault(latest, []).append(why)
    return list(groups.values())


def answers(questions: Iterable[Question]) -> Iterator[tuple[Question, Answer]]:
    """Every answer with its question, as one reads the tree."""
    for question in questions:
        for answer in question.answers:
            yield question, answer
            yield from answers(answer.asked)


def is_chain(questions: tuple[Question, ...]) -> bool:
    """Whether every why has one answer and every answer is asked on at most once."""
    while questions:
        if len(questions) > 1 or len(questions[0].answers) > 1:
            return False
        questions = questions[0].answers[0].asked
    return True


def advice(whys: Iterable[Why], *, items: Collection[str]) -> tuple[Advice, ...]:
    """What would make the analysis stronger; `items` are the numbers of the action items there are."""
    questions = tree(whys)
    if not questions:
        return (Advice(why_id="", sentence=N_("Ask the first why: what made the service fail?"), values={}),)
    found: list[Advice] = []
    deepest = 0
    for question, answer in answers(questions):
        why, values = answer.why, {"number": question.number}
        deepest = max(deepest, answer.depth)
        if not question.text:
            found.append(Advice(why_id=why.id, sentence=N_("Why {number} has no question."), values=values))
        if not why.answer.strip():
            found.append(Advice(why_id=why.id, sentence=N_("Why {number} waits for an answer."), values=values))
        elif not answer.asked:
            found.extend(_of_leaf(why, values, items))
    if deepest < SHALLOW:
        sentence = N_("Ask on: {count} levels seldom reach something that can be changed for good.")
        found.append(Advice(why_id="", sentence=sentence, values={"count": deepest}))
    return tuple(found)


def _of_leaf(why: Why, values: Mapping[str, object], items: Collection[str]) -> Iterator[Advice]:
    if why.action and why.action not in items:
        sentence = N_("Why {number} names AI-{item}, which is not among the action items.")
        yield Advice(why_id=why.id, sentence=sentence, values={**values, "item": why.action})
    elif not why.action and not why.stop_because.strip():
        sentence = N_("Why {number}: ask on, link an action item, or say why you stop here.")
        yield Advice(why_id=why.id, sentence=sentence, values=values)


def markdown(whys: Iterable[Why], *, escape: Callable[[str], str] = str) -> str:
    """A numbered list as in the template, nested where it branches. `escape` is given every text of a person."""
    questions = tree(whys)
    if is_chain(questions):
        return "\n\n".join(_flat(questions, escape))
    return "\n".join(_nested(questions, escape, indent=""))


def _flat(questions: tuple[Question, ...], escape: Callable[[str], str]) -> Iterator[str]:
    for question, answer in answers(questions):
        yield f"{question.number}. **{escape(question.text or 'Why?')}**  \n   → {_told(answer, escape)}"


def _nested(questions: tuple[Question, ...], escape: Callable[[str], str], *, indent: str) -> Iterator[str]:
    for place, question in enumerate(questions, start=1):
        marker = f"{place}. "
        inner = indent + " " * len(marker)
        yield f"{indent}{marker}**{escape(question.text or 'Why?')}**"
        for answer in question.answers:
            yield f"{inner}- → {_told(answer, escape)}"
            yield from _nested(answer.asked, escape, indent=inner + "  ")


def _told(answer: Answer, escape: Callable[[str], str]) -> str:
    why = answer.why
    parts = [escape(why.answer) or "(not answered yet)"]
    if not answer.asked:
        if why.action:
            parts.append(f"(AI-{escape(why.action)})")
        if why.stop_because.strip():
            parts.append(f"(stop here because {escape(why.stop_because)})")
    return " ".join(parts)
