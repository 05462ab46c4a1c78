"""What was counted of each part of the incidents, and all of it together.

When something happens to an incident, only its part is counted anew: what was counted of it before is taken off.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.queries.metrics_sums import MOST
from pmcore.domain.metrics import Metric

_COLUMNS = ("rows", "n", "of", *(f"e{number}" for number in range(1, MOST + 1)))
_SumKey = tuple[str, int, str | None]  #: metric, month or quarter, reason
_CountKey = tuple[str, str | None]  #: what, reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Of a metric, a month or quarter, and a reason; None is what counts."""

    place: int
    reason: str | None
    rows: int
    n: int
    of: int
    extras: Sequence[int]  #: as many as `MOST`


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    sums: tuple[tuple[_SumKey, tuple[int, ...]], ...]
    counts: tuple[tuple[_CountKey, int | None, int], ...]
    names: Mapping[str, str]  #: by metric
    oldest: str | None  #: the day since which an item is overdue


class Tally:
    """Never changed: somebody may be reading it."""

    def __init__(self) -> None:
        self._parts: dict[int, _Part] = {}
        self._sums: dict[_SumKey, tuple[int, ...]] = {}
        self._counts: dict[_CountKey, Counter[int | None]] = {}

    def replaced(self, parts: Iterable[int], sums: Iterable[Any], counts: Iterable[Any]) -> "Tally":
        """With what those parts say now: the rows of `metrics_sums.sums` and `counts` that lie in them."""
        found = Tally()
        found._parts, found._sums = dict(self._parts), dict(self._sums)
        found._counts = {key: Counter(numbers) for key, numbers in self._counts.items()}
        for number in parts:
            if (part := found._parts.pop(number, None)) is not None:
                found._add(part, times=-1)
        for number, part in _parts(sums, counts):
            found._parts[number] = part
            found._add(part, times=1)
        return found

    def _add(self, part: _Part, *, times: int) -> None:
        for key, row in part.sums:
            before = self._sums.get(key)
            scaled = row if times == 1 else tuple(times * one for one in row)
            self._sums[key] = scaled if before is None else tuple(map(int.__add__, before, scaled))
        for what, number, rows in part.counts:
            numbers = self._counts.setdefault(what, Counter())
            numbers[number] += times * rows
            if not numbers[number]:
                del numbers[number]

    def sums(self, metric: Metric) -> list[Sum]:
        return [
            Sum(place=place, reason=reason, rows=row[0], n=row[1], of=row[2], extras=row[3:])
            for (of_metric, place, reason), row in self._sums.items()
            if of_metric == metric and row[0]
        ]

    def names(self, metric: Metric) -> list[str]:
        """ "12:P0-012,15:P0-015", of some parts each."""
        return [part.names[metric] for part in self._parts.values() if metric in part.names]

    def oldest(self) -> str | None:
        return min((part.oldest for part in self._parts.values() if part.oldest), default=None)

    def numbers(self, what: str) -> Mapping[int, int]:
        """How often each hour or second occurs among what counts."""
        found = self._counts.get((what, None), Counter())
        return {number: rows for number, rows in found.items() if number is not None}

    def left_out(self, what: str) -> list[tuple[str | None, int]]:
        return [(reason, numbers.total()) for (of, reason), numbers in self._counts.items() if of == what and numbers]


def _parts(sums: Iterable[Any], counts: Iterable[Any]) -> Iterable[tuple[int, _Part]]:
    """PostgreSQL sums integers to decimals, and both sum nothing to NULL."""
    added: defaultdict[int, list[tuple[_SumKey, tuple[int, ...]]]] = defaultdict(list)
    counted: defaultdict[int, list[tuple[_CountKey, int | None, int]]] = defaultdict(list)
    names: defaultdict[int, dict[str, str]] = defaultdict(dict)
    oldest: dict[int, str] = {}
    for row in sums:
        part, metric, place, reason, *numbers, said, day = row
        added[part].append(((metric, place, reason), tuple(int(number or 0) for number in numbers)))
        if said:
            names[part][metric] = ",".join(filter(None, (names[part].get(metric), said)))
        if day and reason is None:
            oldest[part] = min(day, oldest.get(part, day))
    for part, what, reason, number, rows in counts:
        counted[part].append(((what, reason), number, rows))
    for part in added.keys() | counted.keys():
        yield (
            part,
            _Part(sums=tuple(added[part]), counts=tuple(counted[part]), names=names[part], oldest=oldest.get(part)),
        )
