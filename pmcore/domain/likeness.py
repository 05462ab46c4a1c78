"""How much two incidents are alike, and in what: points for what they share, each with the words that say so.

Deterministic, in English and in Russian. A word counts by its stem, which is crude on purpose: what one can work out
with a pencil can be argued with. Likeness proposes and never decides, so it had better be seldom and right.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

LOOK_BACK = timedelta(days=730)  #: what is older was built by others
ENOUGH = 55  #: points from which a repetition is proposed

_SERVICE, _ALERT = 30, 30
_TITLE, _CAUSE = 45, 35  #: at most, of equal ones
_ONE_FACTOR, _FACTORS = 20, 35
_FACTOR_LIKE, _CAUSE_LIKE = 0.6, 0.35  #: share of common words from which two texts say the same
_FEWEST = 2  #: a single common word is chance


class Shared(StrEnum):
    """What two incidents have in common."""

    NAMED = "named"  #: somebody said so in the facts
    SERVICE = "service"
    ALERT = "alert"
    TITLE = "title"
    FACTORS = "factors"
    CAUSE = "cause"


#: Told by the post-mortem; shown to those who may read it.
OF_TEXT = frozenset({Shared.FACTORS, Shared.CAUSE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    kind: Shared
    words: tuple[str, ...] = ()  #: common words, or whole factors, as the later incident writes them


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What of an incident is compared."""

    incident_id: int
    service_id: int
    service: str
    alert_name: str
    title: str
    started_at: datetime
    restricted: bool = False
    cause: str = ""
    factors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    earlier: Traits
    points: int
    reasons: tuple[Reason, ...]


def compare(later: Traits, earlier: Traits) -> Likeness:
    """What speaks for it. Without common words an equal service and alert are worth nothing: much fails there."""
    own = _stems(f"{later.service} {earlier.service}")
    facts, points = [], 0
    if later.service_id == earlier.service_id:
        facts.append(Reason(kind=Shared.SERVICE, words=(later.service,)))
        points += _SERVICE
    if later.alert_name and later.alert_name.casefold() == earlier.alert_name.casefold():
        facts.append(Reason(kind=Shared.ALERT, words=(later.alert_name,)))
        points += _ALERT
    said = [
        found
        for found in (
            _titles(later.title, earlier.title, own, is_sure=len(facts) == 2),
            _factors(later.factors, earlier.factors),
            _causes(later.cause, earlier.cause, own),
        )
        if found
    ]
    return Likeness(
        earlier=earlier,
        points=points + sum(each for each, _ in said) if facts and said else 0,
        reasons=(*facts, *(reason for _, reason in said)),
    )


def best(later: Traits, candidates: Iterable[Traits]) -> Likeness | None:
    """The earlier incident that this one most probably repeats: most points, then the newest; None when none is
    like enough."""
    compared = (
        compare(later, each)
        for each in candidates
        if each.incident_id != later.incident_id and later.started_at - LOOK_BACK <= each.started_at < later.started_at
    )
    enough = [each for each in compared if each.points >= ENOUGH]
    return max(enough, key=lambda each: (each.points, each.earlier.started_at, each.earlier.incident_id), default=None)


def _titles(later: str, earlier: str, besides: Mapping[str, str], *, is_sure: bool) -> tuple[int, Reason] | None:
    """`is_sure`: service and alert are equal, so one common word is enough."""
    ours, theirs = _without(_stems(later), besides), _without(_stems(earlier), besides)
    common = _common(ours, theirs, fewest=1 if is_sure else _FEWEST)
    return (round(_TITLE * _share(ours, theirs)), Reason(kind=Shared.TITLE, words=common)) if common else None


def _factors(later: Sequence[str], earlier: Sequence[str]) -> tuple[int, Reason] | None:
    theirs = [_stems(text) for text in earlier]
    common = tuple(text for text in later if any(_says_the_same(_stems(text), each) for each in theirs))
    if not common:
        return None
    return _ONE_FACTOR if len(common) == 1 else _FACTORS, Reason(kind=Shared.FACTORS, words=common)


def _says_the_same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return bool(_common(one, other)) and _share(one, other) >= _FACTOR_LIKE


def _causes(later: str, earlier: str, besides: Mapping[str, str]) -> tuple[int, Reason] | None:
    ours, theirs = _without(_stems(later), besides), _without(_stems(earlier), besides)
    share, common = _share(ours, theirs), _common(ours, theirs)
    return (round(_CAUSE * share), Reason(kind=Shared.CAUSE, words=common)) if common and share >= _CAUSE_LIKE else None


def _without(words: Mapping[str, str], besides: Mapping[str, str]) -> Mapping[str, str]:
    return {stem: word for stem, word in words.items() if stem not in besides}


def _common(one: Mapping[str, str], other: Mapping[str, str], *, fewest: int = _FEWEST) -> tuple[str, ...]:
    """Common words as the first one writes them; none where they are too few, or all of them everyday words."""
    common = [stem for stem in one if stem in other]
    if len(common) < fewest or not set(common) - _EVERYDAY:
        return ()
    return tuple(one[stem] for stem in common)


def _share(one: Mapping[str, str], other: Mapping[str, str]) -> float:
    """Of common words among all, 0 to 1 (Dice), everyday words counting little."""
    return 2 * _weight(one.keys() & other.keys()) / (_weight(one) + _weight(other) or 1)


def _weight(stems: Iterable[str]) -> float:
    return sum(_LITTLE if stem in _EVERYDAY else 1 for stem in stems)


# ---- words

_WORD = re.compile(r"[^\W_]+")
_LONGEST_STEM = 6
_SHORTEST_STEM = 3
_RUSSIAN = re.compile(
    "(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|ием|иях|ией|ов|ев|ей|ой|ый|ий|ая|яя|ое|ее|ые|ие|ам|ям|ах|ях|ом|ем|ть|"
    "ия|ию|ии|[аяыиоеуюьй])$"
)
_ENGLISH = re.compile("(?:ing|ed|(?<!s)s)$")
_STATUS = re.compile("[45][0-9]{2}")

#: Words that hold a sentence together.
_FILLERS = """
a about after again against all also an and another any are as at away back be because been before being both but by
can could did do does due during each every few for from get give given got had has have how if in into is it its less
longer made make many more most much no nobody not nothing now of off on once one only or other out over own same saw
see seen several show shown since so some still than that the their them then there these they this those three through
to too two under until up was were what when where which while who why will with without would
а без были было быть в видеть во все всего всех вся где для до его ее если есть еще же за и из или их к как ко когда
который лишь мы на над не нет ни но о об обе один одна одни одним одно одного одной одном одному она они от перед по
под показывать после почти при про раз с со так также там то того только у уже чем через что чтобы эта эти это этот
"""

#: Words that many an incident has in common with many another one.
_OF_EVERY_DAY = """
affect alert all app break broken bug cause crash critical customer day degrade delay deploy disrupt down error event
fail failure high hour impact incident interrupt issue long low minute new nothing old outage page partial people
problem production release request return screen service site slow start stop system time unavailable update user
version wrong
авария версия время выкатка вырос день долго запрос клиент медленно минута недоступен новая новые новый обновление
отказ ошибка ошибки ошибок пользователь приложение проблема работа работать релиз сайт сбой сервис система старый
страница упал час часть
"""
_LITTLE = 0.25  #: of a word


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """What different forms of a word have in common: "pools" and "pool", «пула» and «пулом», "exhausted" and
    "exhaustion"."""
    kept = word.casefold().replace("ё", "е")
    for ending in (_RUSSIAN,) if kept[0] >= "а" else (_ENGLISH, re.compile("e$")):
        shorter = ending.sub("", kept)
        kept = shorter if len(shorter) >= _SHORTEST_STEM else kept
    if len(kept) > _SHORTEST_STEM and kept[-1] == kept[-2] and kept.isascii():
        kept = kept[:-1]
    return kept[:_LONGEST_STEM]


@lru_cache(maxsize=512)
def _stems(text: str) -> Mapping[str, str]:
    """The words that say something, by their stems, each as it stood there first; of numbers only answers of HTTP."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        says_something = bool(_STATUS.fullmatch(word)) if word.isdigit() else len(word) > 2
        if says_something and (key := stem(word)) not in _EMPTY:
            found.setdefault(key, word)
    return found


_EMPTY = frozenset(stem(word) for word in _FILLERS.split())
_EVERYDAY = frozenset(stem(word) for word in _OF_EVERY_DAY.split())
