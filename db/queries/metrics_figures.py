"""From sums to figures: shares, intervals, verdicts, trends. Everything here is arithmetic over a few numbers."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate

from db.queries.metrics_sums import ENDED, RUNNING, WAITED
from db.queries.metrics_tally import Sum, Tally
from pmcore import estimates
from pmcore.domain.metrics import (
    DEFINITIONS,
    Beside,
    BesideFigure,
    Figure,
    Metric,
    MetricVerdict,
    Named,
    Reason,
    TrendPoint,
    Unit,
    judge,
)
from pmcore.domain.vocabulary import SignRole

NAMED = 5  #: on a card
_HOUR = 3600
_ROLES = {
    SignRole.TECH_LEAD: Beside.WAITING_TECH_LEAD,
    SignRole.ENGINEERING_MANAGER: Beside.WAITING_ENGINEERING_MANAGER,
    SignRole.CTO: Beside.WAITING_CTO,
}
_VERDICTS = (Beside.PREVENTED, Beside.NOT_EXERCISED, Beside.RECURRED)  #: as they stand in `Verdict`
Spans = Sequence[tuple[date, date]]


def of_sums(metric: Metric, tally: Tally, spans: Spans, *, today: date) -> Figure:
    """Of the five metrics that are a sum of n in a sum of `of`."""
    definition, rows = DEFINITIONS[metric], tally.sums(metric)
    in_it = [row for row in rows if row.reason is None]
    n, of = sum(row.n for row in in_it), sum(row.of for row in in_it)
    value = n / of if of else None
    interval = estimates.wilson(n, of) if definition.has_interval else None
    low, high = interval or (None, None)
    return Figure(
        metric=metric,
        value=value,
        n=n,
        of=of,
        low=low,
        high=high,
        verdict=judge(definition, value, low=low, high=high),
        besides=_besides(metric, tally, rows, in_it, of, today),
        left_out=_left_out((row.reason, row.rows) for row in rows),
        named=_named(tally.names(metric)),
        trend=_trend(spans, [(row.place, row.n, row.of) for row in in_it]),
    )


def _besides(
    metric: Metric, tally: Tally, rows: Sequence[Sum], in_it: Sequence[Sum], of: int, today: date
) -> tuple[BesideFigure, ...]:
    extra = {number: sum(row.extras[number - 1] for row in in_it) for number in range(1, 8)}
    out = {reason: [row for row in rows if row.reason == reason] for reason in (Reason.NOT_HELD, Reason.YOUNG)}
    match metric:
        case Metric.P0_COMPLETION:
            return (
                _share(Beside.PUBLISHED_ON_TIME, extra[1], of),
                _share(Beside.PUBLISHED_EVER, extra[2], of),
                _count(Beside.WAIVED, extra[3]),
            )
        case Metric.ACTIONS_DONE:
            oldest = tally.oldest()
            days = (today - date.fromisoformat(oldest)).days if oldest else None
            return (
                _share(Beside.HIGH_PRIORITY, extra[2], extra[1]),
                _count(Beside.EXTENDED, extra[3]),
                _count(Beside.WONT_DO, extra[4]),
                _count(Beside.DONE_LATE, extra[5]),
                _count(Beside.OVERDUE, extra[6]),
                BesideFigure(what=Beside.OLDEST_OVERDUE, unit=Unit.DAYS, value=days),
                _count(Beside.OPEN_LONG, extra[7]),
            )
        case Metric.RECURRENCE:
            return (
                _count(Beside.UNDECIDED, extra[1]),
                _count(Beside.REFUSED, extra[2]),
                _count(Beside.ACTION_STILL_OPEN, extra[3]),
                *(_count(what, extra[place]) for place, what in enumerate(_VERDICTS, start=4)),
                _count(Beside.NO_VERDICT, of - extra[4] - extra[5] - extra[6]),
            )
        case Metric.ATTENDANCE:
            return (
                _share(Beside.OPTIONAL, extra[1], extra[2]),
                _count(Beside.MEETINGS_HELD, sum(row.rows for row in in_it)),
                _count(Beside.MEETINGS_NOT_HELD, sum(row.rows for row in out[Reason.NOT_HELD])),
            )
        case _:
            young = out[Reason.YOUNG]
            return (
                _count(Beside.YOUNGER, sum(row.rows for row in young)),
                _count(Beside.YOUNGER_ITEMS, sum(row.n for row in young)),
            )


def time_to_publish(tally: Tally, spans: Spans) -> Figure:
    definition, rows = DEFINITIONS[Metric.TIME_TO_PUBLISH], tally.sums(Metric.TIME_TO_PUBLISH)
    decided = [row for row in rows if row.reason is None]
    took = estimates.survival(tally.numbers(ENDED), tally.numbers(RUNNING))
    n, of = sum(row.n for row in decided), sum(row.rows for row in decided)
    share = n / of if of else None
    low, high = estimates.wilson(n, of) or (None, None)
    return Figure(
        metric=Metric.TIME_TO_PUBLISH,
        value=took.median,
        n=n,
        of=of,
        low=low,
        high=high,
        verdict=judge(definition, share, low=low, high=high),
        besides=_times([row for row in rows if row.reason in (None, Reason.PENDING)], took, n=n, of=of),
        left_out=_left_out((row.reason, row.rows) for row in rows),
        trend=_trend(spans, [(row.place, row.n, row.rows) for row in decided]),
    )


def _times(runs: Sequence[Sum], took: estimates.Survival, *, n: int, of: int) -> tuple[BesideFigure, ...]:
    published, seconds, told, *waited = (sum(row.extras[place] for row in runs) for place in range(3 + len(WAITED)))
    spent = dict(zip(WAITED, waited, strict=True))

    def mean(what: Beside, seconds: int, among: int) -> BesideFigure:
        value = seconds / among / _HOUR if among else None
        return BesideFigure(what=what, unit=Unit.HOURS, value=value, of=among)

    return (
        _share(Beside.SHARE_IN_TIME, n, of),
        BesideFigure(what=Beside.P90, unit=Unit.HOURS, value=took.p90),
        mean(Beside.MEAN, seconds, published),
        _count(Beside.STILL_RUNNING, sum(row.rows for row in runs) - published),
        mean(Beside.WRITING, spent["writing"], told),
        mean(Beside.WAITING, spent["review"], told),
        *(mean(what, spent[role.value], told) for role, what in _ROLES.items()),
        mean(Beside.SIGNED, spent["signed"], told),
    )


def of_median(metric: Metric, tally: Tally) -> Figure:
    """Of a time, in seconds."""
    numbers = tally.numbers(metric)
    count = sum(numbers.values())
    value = _median(numbers, count) if count else None
    return Figure(
        metric=metric,
        value=value,
        n=count,
        of=count,
        verdict=MetricVerdict.NOTHING if value is None else MetricVerdict.NO_TARGET,
        left_out=_left_out(tally.left_out(metric)),
    )


def _median(numbers: Mapping[int, int], count: int) -> float:
    """Of a number or two in the middle."""
    ordered = sorted(numbers)
    upto = list(accumulate(numbers[number] for number in ordered))
    low, high = (ordered[bisect_left(upto, place)] for place in ((count + 1) // 2, (count + 2) // 2))
    return (low + high) / 2


def _share(what: Beside, n: int, of: int) -> BesideFigure:
    return BesideFigure(what=what, unit=Unit.SHARE, value=n / of if of else None, n=n, of=of)


def _count(what: Beside, number: int) -> BesideFigure:
    return BesideFigure(what=what, unit=Unit.COUNT, value=number)


def _left_out(counts: Iterable[tuple[str | None, int]]) -> tuple[tuple[Reason, int], ...]:
    found: Counter[str] = Counter()
    for reason, count in counts:
        if reason is not None:
            found[reason] += count
    return tuple((reason, found[reason]) for reason in Reason if found[reason])


def _named(lists: Sequence[str]) -> tuple[Named, ...]:
    said = (each.split(":", 1) for each in ",".join(lists).split(",") if each)
    found = sorted((int(incident_id), public_id) for incident_id, public_id in said)
    return tuple(Named(incident_id=incident_id, public_id=public_id) for incident_id, public_id in found[:NAMED])


def _trend(spans: Spans, counts: Iterable[tuple[int, int, int]]) -> tuple[TrendPoint, ...]:
    n: Counter[int] = Counter()
    of: Counter[int] = Counter()
    for place, one, all_ in counts:
        n[place] += one
        of[place] += all_
    return tuple(
        TrendPoint(
            since=since, until=until, n=n[place], of=of[place], value=n[place] / of[place] if of[place] else None
        )
        for place, (since, until) in enumerate(spans)
    )
