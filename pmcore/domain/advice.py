"""Advice beside the text: wording that looks for a culprit, and action items nobody could tick off. It never blocks.

Deterministic and explained: a rule is a pattern with examples (data, one file per language), a hint is the place where
it matched and the question to ask instead. What a rule asks is a name; the words live in the catalogues.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pmcore.domain.vocabulary import ActionState


class Asks(StrEnum):
    """Which question a hint puts to the author."""

    PERSON = "person"  #: a person or a handle stands where the cause should
    HINDSIGHT = "hindsight"  #: "should have": says what did not happen, not what did and why it made sense
    ERROR = "error"  #: "human error" ends the search where it should begin
    CARE = "care"  #: judges somebody's attention or character


class Quality(StrEnum):
    """What makes an action item one that somebody can finish."""

    SPECIFIC = "specific"  #: says what will be there that is not there now
    MEASURABLE = "measurable"  #: says how anybody can tell that it is done
    OWNED = "owned"
    TIME_BOUND = "time_bound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    id: str  #: "en-hindsight-1"; what a dismissal remembers
    asks: Asks
    pattern: re.Pattern[str]  #: matched against one line, case ignored
    bad: tuple[str, ...] = ()  #: sentences it must find
    good: tuple[str, ...] = ()  #: sentences it must leave alone


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRules:
    """How the action items of one language give themselves away; each pattern is searched in the title."""

    vague: tuple[re.Pattern[str], ...]  #: a wish in place of a change
    concrete: re.Pattern[str]  #: a detail that makes even "improve" specific: a number, a name from the code
    measure: re.Pattern[str]  #: a threshold, a number with its unit, a test that can fail
    owner: re.Pattern[str]  #: "Owner: @qa" inside the text
    due: re.Pattern[str]  #: "Due: Jan 15" inside the text
    bad: tuple[tuple[str, frozenset[Quality]], ...] = ()  #: title -> what is missing at least
    good: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    rule: str
    asks: Asks
    excerpt: str  #: the words that matched, as they stand in the text
    start: int  #: offset in the text, in characters
    end: int


_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)


def hints(text: str, rules: Iterable[Rule]) -> tuple[Hint, ...]:
    """What in a text may blame somebody, in the order of the text; overlapping matches give the first one only.

    Code and quotations are evidence, not the author's words, and are left alone.
    """
    text = _blanked(text)
    found = [
        Hint(rule=rule.id, asks=rule.asks, excerpt=match.group().strip(), start=match.start(), end=match.end())
        for rule in rules
        for match in rule.pattern.finditer(text)
    ]
    kept: list[Hint] = []
    for hint in sorted(found, key=lambda hint: (hint.start, -hint.end)):
        if not kept or hint.start >= kept[-1].end:
            kept.append(hint)
    return tuple(kept)


def _blanked(text: str) -> str:
    for evidence in (_CODE, _QUOTED):
        text = evidence.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    return text


def is_advised(state: ActionState) -> bool:
    """While its words may still change; what is under way or finished is past advice."""
    return state in (ActionState.PROPOSED, ActionState.COMMITTED)


def missing(
    title: str, *, criterion: str, is_owned: bool, is_dated: bool, rules: Sequence[ItemRules]
) -> frozenset[Quality]:
    """What an action item lacks. An owner and a date count wherever they stand: in their fields or in the text.

    `rules` are those of every language; a title is vague when it is in any of them, and concrete likewise.
    """
    words = f"{title}\n{criterion}"
    lacks = set()
    is_vague = any(pattern.search(title) for each in rules for pattern in each.vague)
    if is_vague and not any(each.concrete.search(words) for each in rules):
        lacks.add(Quality.SPECIFIC)
    if Quality.SPECIFIC in lacks or not (criterion.strip() or any(each.measure.search(title) for each in rules)):
        lacks.add(Quality.MEASURABLE)
    if not (is_owned or any(each.owner.search(words) for each in rules)):
        lacks.add(Quality.OWNED)
    if not (is_dated or any(each.due.search(words) for each in rules)):
        lacks.add(Quality.TIME_BOUND)
    return frozenset(lacks)
