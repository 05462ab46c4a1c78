"""A made-up year of metrics with every kind of figure in it, and the rows behind them; no database."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from pmcore.domain.metrics import Beside, BesideFigure, Figure, Metric, MetricVerdict, Named, Reason, TrendPoint, Unit
from pmcore.domain.vocabulary import Severity
from pmcore.readmodels.metrics import (
    Dot,
    MetricRow,
    MetricRows,
    MetricsFilter,
    MetricsView,
    RowMark,
    RowsFilter,
    spans,
)
from tests.factories import NOON

YEAR = MetricsFilter(since=date(2025, 1, 1), until=date(2025, 12, 31))
_OF = (0, 2, 1, 0, 3, 2, 0, 0, 4, 1, 2, 1)


def _trend(filter: MetricsFilter, top: float = 1.0) -> tuple[TrendPoint, ...]:
    found = []
    for place, (since, until) in enumerate(spans(filter)):
        of = _OF[place % len(_OF)]
        n = max(0, of - place % 3)
        found.append(TrendPoint(since=since, until=until, value=n / of * top if of else None, n=n, of=of))
    return tuple(found)


def _beside(what: Beside, unit: Unit, value: float | None, n: int | None = None, of: int | None = None) -> BesideFigure:
    return BesideFigure(what=what, unit=unit, value=value, n=n, of=of)


def figures(filter: MetricsFilter = YEAR) -> dict[Metric, Figure]:
    trend = _trend(filter)
    named = (Named(incident_id=14, public_id="P0-014"),)
    made = (
        Figure(
            metric=Metric.P0_COMPLETION, value=0.875, n=7, of=8, verdict=MetricVerdict.MISSES, named=named, trend=trend,
            besides=(
                _beside(Beside.PUBLISHED_ON_TIME, Unit.SHARE, 0.75, 6, 8),
                _beside(Beside.PUBLISHED_EVER, Unit.SHARE, 1.0, 8, 8), _beside(Beside.WAIVED, Unit.COUNT, 1),
            ),
            left_out=((Reason.PENDING, 2), (Reason.DUPLICATE, 1)),
        ),
        Figure(
            metric=Metric.TIME_TO_PUBLISH, value=41.0, n=9, of=12, low=0.47, high=0.91, trend=trend,
            verdict=MetricVerdict.TOO_FEW,
            besides=(
                _beside(Beside.P90, Unit.HOURS, None), _beside(Beside.MEAN, Unit.HOURS, 37.5),
                _beside(Beside.STILL_RUNNING, Unit.COUNT, 3), _beside(Beside.WRITING, Unit.HOURS, 21.0),
                _beside(Beside.WAITING, Unit.HOURS, 12.0), _beside(Beside.WAITING_CTO, Unit.HOURS, 9.0),
            ),
        ),
        Figure(
            metric=Metric.ACTIONS_DONE, value=0.96, n=48, of=50, low=0.865, high=0.989, trend=trend,
            verdict=MetricVerdict.TOO_FEW, left_out=((Reason.NOT_DUE, 7),),
            besides=(
                _beside(Beside.HIGH_PRIORITY, Unit.SHARE, 1.0, 9, 9), _beside(Beside.OVERDUE, Unit.COUNT, 2),
                _beside(Beside.OLDEST_OVERDUE, Unit.DAYS, 11),
            ),
        ),
        Figure(
            metric=Metric.RECURRENCE, value=0.25, n=3, of=12, low=0.089, high=0.532, trend=trend,
            verdict=MetricVerdict.MISSES, named=named, left_out=((Reason.YOUNG, 3),),
            besides=(_beside(Beside.UNDECIDED, Unit.COUNT, 1),),
        ),
        Figure(
            metric=Metric.ATTENDANCE, value=0.91, n=31, of=34, verdict=MetricVerdict.MEETS, trend=trend,
            besides=(_beside(Beside.OPTIONAL, Unit.SHARE, 0.5, 4, 8),), left_out=((Reason.NOT_HELD, 1),),
        ),
        Figure(
            metric=Metric.NEW_DETECTION, value=1.7, n=17, of=10, verdict=MetricVerdict.NO_TARGET,
            trend=_trend(filter, 3.0), besides=(_beside(Beside.YOUNGER, Unit.COUNT, 2),),
        ),
        Figure(
            metric=Metric.SATISFACTION, value=4.3, n=9, of=9, verdict=MetricVerdict.MEETS, trend=_trend(filter, 5.0)
        ),
        Figure(metric=Metric.BLAMELESS_SCORE, value=None, n=0, of=0, verdict=MetricVerdict.NOTHING),
        Figure(metric=Metric.TIME_TO_DETECT, value=135.0, n=30, of=30, verdict=MetricVerdict.NO_TARGET),
        Figure(
            metric=Metric.TIME_TO_RESOLVE, value=2_700.0, n=29, of=29, verdict=MetricVerdict.NO_TARGET,
            left_out=((Reason.UNKNOWN, 1),),
        ),
    )  # fmt: skip
    return {figure.metric: figure for figure in made}


def view(filter: MetricsFilter = YEAR) -> MetricsView:
    dots = tuple(
        Dot(
            incident_id=n, public_id=f"{list(Severity)[n % 3]}-{n:03}", severity=list(Severity)[n % 3],
            started_at=NOON - timedelta(days=11 * (30 - n)), detect_seconds=(n * 37) % 1_900,
            resolve_seconds=None if n == 7 else 60 + (n * n * 977) % 200_000,
        )
        for n in range(1, 31)
    )  # fmt: skip
    return MetricsView(
        filter=filter, zone="Europe/Moscow", as_of=NOON, figures=figures(filter), dots=dots, rounds_closed=1
    )


def nothing(filter: MetricsFilter = YEAR) -> MetricsView:
    """Of a workspace in which nothing has happened."""
    blank = {
        metric: replace(
            figure, value=None, n=0, of=0, low=None, high=None, verdict=MetricVerdict.NOTHING, besides=(),
            left_out=(), named=(),
            trend=tuple(replace(point, value=None, n=0, of=0) for point in figure.trend),
        )
        for metric, figure in figures(filter).items()
    }  # fmt: skip
    return replace(view(filter), figures=blank, dots=(), rounds_closed=0)


def row(number: int = 1, **changes: Any) -> MetricRow:
    at = datetime(2025, 3, 1, 9, tzinfo=NOON.tzinfo) + timedelta(days=number)
    usual = MetricRow(
        incident_id=number, postmortem_id=number, item_id=None, reference=f"P0-{number:03}", title="Mail stops",
        severity=Severity.P0, service="email-service", at=at, on=at.date(), n=1, of=1, left_out=None, value=None,
        marks=(), why="", other="",
    )  # fmt: skip
    return replace(usual, **changes)


def rows(asked: RowsFilter) -> MetricRows:
    found = (
        row(1), row(2, n=0, marks=(RowMark.LATE, RowMark.WAIVED), why="A drill of the partner", value=51.0),
        row(3, n=0, of=0, left_out=Reason.DUPLICATE, other="P0-001", postmortem_id=None), row(4, value=12.0),
    )  # fmt: skip
    return MetricRows(asked=asked, rows=found, total=len(found), page=1, pages=1)
