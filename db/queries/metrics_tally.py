"""What was counted of each part of the incidents, and all of it together.

When something happens to an incident, only its part is counted anew: what was counted of it before is taken off. In the
same way the parts of which somebody sees more than everybody does take the place of everybody's.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from db.queries.metrics_sums import ENDED, MOST, MOVING, RUNNING, UNREAD
from pmcore.domain.metrics import Metric

_WIDTH = 3 + MOST  #: rows, n, of and the extras
_NOTHING = (0,) * _WIDTH
_HOURS = (ENDED, RUNNING)
_Row = tuple[int, ...]
_SumKey = tuple[str, int, str | None]  #: metric, month or quarter, reason
_CountKey = tuple[str, str | None, int | None]  #: what, reason, number

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Of a metric, a month or quarter, and a reason; None is what counts."""

    place: int
    reason: str | None
    rows: int
    n: int
    of: int
    extras: Sequence[int]  #: as many as `MOST`


@dataclass(slots=True, kw_only=True)
class Part:
    """What the statements say of the incidents of one part; equal where they say the same."""

    sums: dict[_SumKey, _Row] = field(default_factory=dict)
    counts: dict[_CountKey, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  #: by metric
    oldest: str | None = None  #: the day since which an item is overdue
    has_unread: bool = False  #: items that their owners and authors count, and nobody else


_EMPTY = Part()


class Tally:
    """Never changed: somebody may be reading it."""

    def __init__(self) -> None:
        self._parts: dict[int, Part] = {}
        self._sums: dict[str, dict[tuple[int, str | None], _Row]] = {}
        self._counts: dict[tuple[str, str | None], Counter[int | None]] = {}
        self._names: dict[str, dict[int, str]] = {}
        self.unread: frozenset[int] = frozenset()  #: parts that have some

    def with_parts(self, parts: Mapping[int, Part | None]) -> "Tally":
        """With what those parts say now, None where nothing lies in one; itself, where that is what they said."""
        found = Tally()
        found._parts, found._sums, found._counts = dict(self._parts), dict(self._sums), dict(self._counts)
        found._names = {metric: dict(names) for metric, names in self._names.items()}
        own: set[Hashable] = set()  #: what was copied, and may be changed
        is_same = True
        for number, after in parts.items():
            before = found._parts.pop(number, None)
            if after is not None:
                found._parts[number] = after
            if before != after:
                is_same = False
                found._move(before or _EMPTY, after or _EMPTY, own)
                found._rename(number, before or _EMPTY, after or _EMPTY)
        found.unread = self.unread - parts.keys() | {
            number for number, part in parts.items() if part and part.has_unread
        }
        return self if is_same else found

    def moved(self, numbers: Iterable[int], parts: Mapping[int, Part]) -> dict[int, Part | None]:
        """Those parts with what is said now of what moves with action items; the rest is as it was."""
        return {number: moved(self._parts.get(number), parts.get(number)) for number in numbers}

    def _move(self, before: Part, after: Part, own: set[Hashable]) -> None:
        for (metric, place, reason), was, now in _differing(before.sums, after.sums):
            if metric not in own:
                own.add(metric)
                self._sums[metric] = dict(self._sums.get(metric, ()))
            sums = self._sums[metric]
            row = _together(sums.get((place, reason), _NOTHING), was, now)
            if row[0]:
                sums[place, reason] = row
            else:
                sums.pop((place, reason), None)
        for (what, out_for, number), had, has in _differing(before.counts, after.counts):
            key = (what, out_for)
            if key not in own:
                own.add(key)
                self._counts[key] = Counter(self._counts.get(key))
            numbers = self._counts[key]
            numbers[number] += (has or 0) - (had or 0)
            if not numbers[number]:
                del numbers[number]

    def _rename(self, number: int, before: Part, after: Part) -> None:
        for metric in before.names:
            del self._names[metric][number]
        for metric, said in after.names.items():
            self._names.setdefault(metric, {})[number] = said

    def says_of(self, metric: Metric) -> tuple[object, ...]:
        """Everything that a figure is made of, to be compared."""
        whats = _HOURS if metric is Metric.TIME_TO_PUBLISH else (metric,)
        counts = {key: numbers for key, numbers in self._counts.items() if key[0] in whats and numbers}
        oldest = self.oldest() if metric is Metric.ACTIONS_DONE else None
        return self._sums.get(metric) or {}, self._names.get(metric) or {}, oldest, counts

    def sums(self, metric: Metric) -> list[Sum]:
        return [
            Sum(place=place, reason=reason, rows=row[0], n=row[1], of=row[2], extras=row[3:])
            for (place, reason), row in self._sums.get(metric, {}).items()
        ]

    def names(self, metric: Metric) -> list[str]:
        """ "12:P0-012,15:P0-015", of some parts each."""
        return list(self._names.get(metric, {}).values())

    def oldest(self) -> str | None:
        return min((part.oldest for part in self._parts.values() if part.oldest), default=None)

    def numbers(self, what: str) -> Mapping[int, int]:
        """How often each hour or second occurs among what counts."""
        found = self._counts.get((what, None), Counter())
        return {number: rows for number, rows in found.items() if number is not None}

    def left_out(self, what: str) -> list[tuple[str | None, int]]:
        return [(reason, numbers.total()) for (of, reason), numbers in self._counts.items() if of == what and numbers]


def moved(before: Part | None, after: Part | None) -> Part | None:
    """What a part says when this is what it says now of what moves with action items."""
    if before is None:
        return after
    found = Part(
        sums={key: row for key, row in before.sums.items() if key[0] not in MOVING},
        counts=before.counts,
        names={metric: said for metric, said in before.names.items() if metric not in MOVING},
    )
    if after is not None:
        found.sums |= after.sums
        found.names |= after.names
        found.oldest, found.has_unread = after.oldest, after.has_unread
    return found if found != _EMPTY else None


def _differing(
    before: Mapping[_Key, _Value], after: Mapping[_Key, _Value]
) -> Iterator[tuple[_Key, _Value | None, _Value | None]]:
    for key in before.keys() | after.keys():
        was, now = before.get(key), after.get(key)
        if was != now:
            yield key, was, now


def _together(row: _Row, was: _Row | None, now: _Row | None) -> _Row:
    return tuple(all_ - old + new for all_, old, new in zip(row, was or _NOTHING, now or _NOTHING, strict=True))


def parts_of(sums: Iterable[Any], counts: Iterable[Any]) -> dict[int, Part]:
    """Of the rows of `metrics_sums.sums` and `counts`. PostgreSQL sums integers to decimals, and both sum nothing to
    NULL."""
    found: defaultdict[int, Part] = defaultdict(Part)
    for row in sums:
        number, metric, place, reason, *numbers, said, day = row
        part = found[number]
        if metric == UNREAD:
            part.has_unread = True
            continue
        part.sums[metric, place, reason] = tuple(int(number or 0) for number in numbers)
        if said:
            part.names[metric] = ",".join(filter(None, (part.names.get(metric), said)))
        if day and reason is None:
            part.oldest = min(day, part.oldest or day)
    for number, what, reason, value, rows in counts:
        found[number].counts[what, reason, value] = rows
    return dict(found)
