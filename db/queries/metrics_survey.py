"""What the survey adds to the figures. The one place that knows about its rounds.

A round belongs to the day on which it closes. No figure spans two rounds, and none is narrowed down to a service or a
severity: with one of them untold, the difference would tell it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import SurveyRoundRow
from db.queries.metrics_period import Shape
from db.queries.survey import told
from db.survey import to_round
from pmcore.domain.metrics import Beside, BesideFigure, Figure, Metric, MetricVerdict, TrendPoint, Unit
from pmcore.domain.survey import Round
from pmcore.domain.survey_questions import SurveyScale
from pmcore.domain.survey_results import ScaleResult

SCALES = {Metric.SATISFACTION: SurveyScale.SATISFACTION, Metric.BLAMELESS_SCORE: SurveyScale.BLAMELESS}
_CLOSED = (
    select(SurveyRoundRow)
    .where(SurveyRoundRow.closed_at.is_not(None))
    .order_by(SurveyRoundRow.year, SurveyRoundRow.number)
)


def survey_figures(
    session: Session, shape: Shape, values: Mapping[str, Any], spans: Sequence[tuple[date, date]]
) -> tuple[int, dict[Metric, Figure]]:
    """How many rounds were closed by the end of the period, and the figures of its last: two statements at most."""
    borders = [values[f"border{place}"] for place in range(shape.places + 1)]
    closed = [one for row in session.scalars(_CLOSED) if (one := to_round(row)).closes_at < borders[-1]]
    results = told(session) if closed else {}
    within = [
        next((one for one in reversed(closed) if borders[place] <= one.closes_at < borders[place + 1]), None)
        for place in range(shape.places)
    ]
    last = next((one for one in reversed(within) if one is not None), None)
    figures = {}
    for metric, scale in SCALES.items():
        of_rounds = {one.id: results.get(one.id, {}).get(scale) for one in within if one}
        trend = (_point(part, of_rounds[one.id] if one else None) for part, one in zip(spans, within, strict=True))
        figures[metric] = _figure(metric, last, of_rounds[last.id] if last else None, tuple(trend))
    return len(closed), figures


def _point(part: tuple[date, date], told_of_it: ScaleResult | None) -> TrendPoint:
    people = told_of_it.people if told_of_it else 0
    value = told_of_it.mean if told_of_it else None
    return TrendPoint(since=part[0], until=part[1], value=value, n=people, of=people)


def _figure(metric: Metric, last: Round | None, found: ScaleResult | None, trend: tuple[TrendPoint, ...]) -> Figure:
    """Without a result (under five answers) nothing is told but how many answered."""
    besides: list[BesideFigure] = []
    if last is not None:
        answered, invited = last.answered or 0, last.invited or 0
        rate = answered / invited if invited else None
        besides.append(BesideFigure(what=Beside.RESPONSE_RATE, unit=Unit.SHARE, value=rate, n=answered, of=invited))
    if found is None:
        nothing = MetricVerdict.NOTHING
        return Figure(metric=metric, value=None, n=0, of=0, verdict=nothing, besides=tuple(besides), trend=trend)
    besides.append(BesideFigure(what=Beside.FAVOURABLE, unit=Unit.SHARE, value=found.favourable))
    verdict = MetricVerdict.MEETS if found.meets else MetricVerdict.MISSES
    return Figure(
        metric=metric, value=found.mean, n=found.people, of=found.people, verdict=verdict, besides=tuple(besides),
        trend=trend,
    )  # fmt: skip
