"""The rules of advice, one file per language: patterns as data, each with the examples that are its test.

`except` are patterns whose matches hide a rule's own; `{person}` and `{person_of}` (Russian genitive) stand for
anybody who may be named as a cause.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from pmcore.domain.advice import Asks, Hint, ItemRules, Quality, Rule, hints

FILES = tuple(sorted(Path(__file__).parent.glob("*.toml")))
LONG = 10_000  #: characters; longer texts are rare and are not remembered in any number
_HANDLE = r"@\w[\w.-]*"
_PERSON = {
    "en": (
        r"(?:he|she|somebody|someone|nobody|(?:a|an|the|our|one|another|some)?\s?(?:new |junior |senior |on-?call |"
        r"night |lead |external |responsible )*(?:engineer|developer|operator|admin(?:istrator)?|dev|dba|intern|"
        r"contractor|colleague|tester|manager|employee|sysadmin|sre|on-?call)(?: [A-Z]\w*)?)"
    ),
    "ru": (
        r"(?:он|она|кто-то|никто|(?:(?:нов|младш|старш|дежурн|ведущ|ответственн|внешн)\w+ )*(?:инженер|разработчик|"
        r"оператор|администратор|админ|дежурн|тестировщик|стаж[её]р|подрядчик|сотрудник|коллег|менеджер|программист|"
        r"девопс)\w{0,4}(?: [А-ЯЁ]\w*)?)"
    ),
}
_PERSON_OF = (
    r"(?:(?:нов|младш|старш|дежурн|ведущ|ответственн|внешн)\w+ )*(?:инженер|разработчик|оператор|администратор|админ|"
    r"дежурн|тестировщик|стаж[её]р|подрядчик|сотрудник|программист)(?:а|ов|ого|ых)"
)
_ENDING = r"\w{0,3}"  #: a Russian name is declined


def rules(*, names: Iterable[str] = ()) -> tuple[Rule, ...]:
    """Every rule of every language: a text is in whatever language its author thinks in.

    `names` are the people of the workspace as they are written ("Ivan Orlov"): full, first and last names count.
    """
    return _rules(frozenset(names))


def on(text: str, *, names: Iterable[str] = ()) -> tuple[Hint, ...]:
    """The hints of every rule on a text, sought once for the same text and the same people."""
    return (_on if len(text) <= LONG else _on_long)(text, frozenset(names))


@lru_cache(maxsize=2048)  # five texts for each of those who write at once
def _on(text: str, names: frozenset[str]) -> tuple[Hint, ...]:
    return hints(text, _rules(names))


@lru_cache(maxsize=64)  # a text may have 200,000 characters
def _on_long(text: str, names: frozenset[str]) -> tuple[Hint, ...]:
    return hints(text, _rules(names))


@lru_cache(maxsize=64)
def _rules(names: frozenset[str]) -> tuple[Rule, ...]:
    called = _called(names)
    return tuple(
        Rule(
            id=one["id"],
            asks=Asks(one["asks"]),
            pattern=_pattern(one, language, called),
            bad=tuple(one.get("bad", ())),
            good=tuple(one.get("good", ())),
        )
        for language, told in _files().items()
        for one in told["rule"]
    )


@lru_cache(maxsize=1)
def item_rules() -> tuple[ItemRules, ...]:
    """How action items of each language give themselves away."""
    return tuple(_item_rules(told["items"]) for told in _files().values())


def _item_rules(told: dict[str, Any]) -> ItemRules:
    return ItemRules(
        vague=tuple(re.compile(each, re.IGNORECASE) for each in told["vague"]),
        **{name: re.compile(told[name], re.IGNORECASE) for name in ("concrete", "measure", "owner", "due")},
        bad=tuple((each["title"], frozenset(map(Quality, each["missing"]))) for each in told["bad"]),
        good=tuple(told["good"]),
    )


@lru_cache(maxsize=1)
def _files() -> dict[str, dict[str, Any]]:
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in FILES}


def _pattern(told: dict[str, Any], language: str, called: str) -> re.Pattern[str]:
    person = "|".join(filter(None, (_HANDLE, _PERSON[language], called)))
    pattern = told["pattern"].replace(r"\b{person}", "(?<!\\w){person}")
    pattern = pattern.replace("{person}", f"(?:{person})").replace("{person_of}", f"(?:{_PERSON_OF})")
    for hidden in told.get("except", ()):
        pattern = f"(?!{hidden})(?:{pattern})"
    return re.compile(pattern, re.IGNORECASE)


def _called(names: Iterable[str]) -> str:
    """ "Ivan Orlov" is also called Ivan and Orlov; in Russian each with the endings of its cases."""
    parts = {part for name in names for part in (name, *name.split()) if len(part) > 2}
    return "|".join(_declined(part) for part in sorted(parts, key=lambda part: (-len(part), part)))


def _declined(name: str) -> str:
    if not re.search("[а-яё]", name, re.IGNORECASE):
        return rf"{re.escape(name)}(?!\w)"
    return rf"{re.escape(name.rstrip('аяйьоуыиеАЯЙЬ'))}{_ENDING}(?!\w)"
