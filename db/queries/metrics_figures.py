"""From sums to figures: shares, intervals, verdicts, trends. Everything here is arithmetic over a few numbers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

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
Spans = Sequence[tuple[date, date]]


def of_sums(metric: Metric, rows: Sequence[Any], spans: Spans, *, today: date) -> Figure:
    """From the rows of `metrics_sums.sums` of one metric."""
    definition = DEFINITIONS[metric]
    in_it = [row for row in rows if row.reason is None]
    n, of = _sum(row.n for row in in_it), _sum(row.of for row in in_it)
    value = n / of if of else None
    interval = estimates.wilson(n, of) if definition.has_interval else None
    low, high = interval or (None, None)
    names = [row.names for row in in_it if row.names]
    return Figure(
        metric=metric,
        value=value,
        n=n,
        of=of,
        low=low,
        high=high,
        verdict=judge(definition, value, low=low, high=high),
        besides=_besides(metric, rows, in_it, n, of, today),
        left_out=_left_out((row.reason, row.rows) for row in rows),
        named=_named(names),
        trend=_trend(spans, [(row.place, int(row.n), int(row.of)) for row in in_it]),
    )


def _besides(
    metric: Metric, rows: Sequence[Any], in_it: Sequence[Any], n: int, of: int, today: date
) -> tuple[BesideFigure, ...]:
    extra = {number: _sum(getattr(row, f"e{number}") for row in in_it) for number in range(1, 8)}
    out = {reason: [row for row in rows if row.reason == reason] for reason in (Reason.NOT_HELD, Reason.YOUNG)}
    match metric:
        case Metric.P0_COMPLETION:
            return (
                _share(Beside.PUBLISHED_ON_TIME, extra[1], of),
                _share(Beside.PUBLISHED_EVER, extra[2], of),
                _count(Beside.WAIVED, extra[3]),
            )
        case Metric.ACTIONS_DONE:
            oldest = min((row.oldest for row in in_it if row.oldest), default=None)
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
            )
        case Metric.ATTENDANCE:
            return (
                _share(Beside.OPTIONAL, extra[1], extra[2]),
                _count(Beside.MEETINGS_HELD, _sum(row.rows for row in in_it)),
                _count(Beside.MEETINGS_NOT_HELD, _sum(row.rows for row in out[Reason.NOT_HELD])),
            )
        case _:
            young = out[Reason.YOUNG]
            return (
                _count(Beside.YOUNGER, _sum(row.rows for row in young)),
                _count(Beside.YOUNGER_ITEMS, _sum(row.n for row in young)),
            )


def time_to_publish(rows: Sequence[Any], spans: Spans) -> Figure:
    """From the rows of `metrics_sums.by_hour`."""
    definition = DEFINITIONS[Metric.TIME_TO_PUBLISH]
    runs = [row for row in rows if row.reason in (None, Reason.PENDING)]
    decided = [row for row in rows if row.reason is None]
    ended: Counter[int] = Counter()
    running: Counter[int] = Counter()
    for row in runs:
        (ended if row.ended else running)[int(row.hour)] += row.rows
    took = estimates.survival(ended, running)
    n, of = _sum(row.n for row in decided), _sum(row.rows for row in decided)
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
        besides=_times(runs, took, n=n, of=of),
        left_out=_left_out((row.reason, row.rows) for row in rows),
        trend=_trend(spans, [(row.place, int(row.n), row.rows) for row in decided]),
    )


def _times(runs: Sequence[Any], took: estimates.Survival, *, n: int, of: int) -> tuple[BesideFigure, ...]:
    published = [row for row in runs if row.ended]
    count, told = _sum(row.rows for row in published), _sum(row.told for row in published)

    def mean(what: Beside, column: str, among: int) -> BesideFigure:
        seconds = _sum(getattr(row, column) for row in published)
        value = seconds / among / _HOUR if among else None
        return BesideFigure(what=what, unit=Unit.HOURS, value=value, of=among)

    return (
        _share(Beside.SHARE_IN_TIME, n, of),
        BesideFigure(what=Beside.P90, unit=Unit.HOURS, value=took.p90),
        mean(Beside.MEAN, "seconds", count),
        _count(Beside.STILL_RUNNING, _sum(row.rows for row in runs) - count),
        mean(Beside.WRITING, "writing", told),
        mean(Beside.WAITING, "review", told),
        *(mean(what, role.value, told) for role, what in _ROLES.items()),
        mean(Beside.SIGNED, "signed", told),
    )


def of_medians(metric: Metric, rows: Sequence[Any]) -> Figure:
    """From the rows of `metrics_times.medians` of one metric."""
    found = next((row for row in rows if row.reason is None), None)
    value = None if found is None else float(found.median)
    count = found.count if found else 0
    return Figure(
        metric=metric,
        value=value,
        n=count,
        of=count,
        verdict=MetricVerdict.NOTHING if value is None else MetricVerdict.NO_TARGET,
        left_out=_left_out((row.reason, row.count) for row in rows),
    )


def _sum(numbers: Iterable[Any]) -> int:
    """PostgreSQL sums integers to decimals, and nothing to NULL."""
    return sum(int(number or 0) for number in numbers)


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
