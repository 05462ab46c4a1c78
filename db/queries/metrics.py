"""The metrics: ten figures over a period. One statement while nothing that counts has changed; else what changed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.queries import metrics_figures as to_figures
from db.queries.days import quarter
from db.queries.metrics_kept import Answer, Question, kept
from db.queries.metrics_period import Shape
from db.queries.metrics_survey import survey_figures
from db.queries.metrics_tally import Tally
from db.queries.metrics_times import dots as dots_of
from db.queries.remembered import remembered
from pmcore.domain.metrics import Figure, Metric
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import Severity
from pmcore.readmodels.metrics import Dot, MetricsFilter, MetricsView, spans

SUMMED = (
    Metric.P0_COMPLETION, Metric.ACTIONS_DONE, Metric.RECURRENCE, Metric.ATTENDANCE, Metric.NEW_DETECTION,
)  # fmt: skip
_TIMES = (Metric.TIME_TO_DETECT, Metric.TIME_TO_RESOLVE)
_COUNTED = (*SUMMED, Metric.TIME_TO_PUBLISH, *_TIMES)


def metrics(engine: Engine, *, actor: Actor, now: datetime, filter: MetricsFilter) -> MetricsView:
    """As of the last quarter of an hour, of what the actor may see."""
    require(actor, Right.READ)
    return kept(engine, Question(actor=actor, filter=filter, as_of=quarter(now)), _told)


def _told(session: Session, question: Question, tally: Tally, before: Answer | None) -> MetricsView:
    """The very figures that were told before, where they say the same: their words and pictures are made already."""
    filter, as_of, shape, values = question.filter, question.as_of, question.shape(), question.values()
    if before is not None and before.view.as_of != as_of:
        before = None
    parts, today = spans(filter), as_of.astimezone(ZoneInfo(question.actor.zone)).date()
    found = {metric: _before(metric, tally, before) or _figure(metric, tally, parts, today) for metric in _COUNTED}
    rounds, survey = remembered(
        session,
        ("metrics-survey", question.everybodys.key, as_of),
        lambda: survey_figures(session, shape, values, parts),
    )
    drawn = remembered(
        session, ("metrics-dots", question.key, as_of), lambda: _dots(session, shape, values), is_short=True
    )
    found |= survey
    if before is not None and (before.view.rounds_closed, before.view.dots, before.view.figures) == (
        rounds,
        drawn,
        found,
    ):
        return before.view
    return MetricsView(
        filter=filter,
        zone=question.actor.zone,
        as_of=as_of,
        figures={metric: found[metric] for metric in Metric},
        dots=drawn,
        rounds_closed=rounds,
    )


def _before(metric: Metric, tally: Tally, before: Answer | None) -> Figure | None:
    if before is None or (before.tally is not tally and before.tally.says_of(metric) != tally.says_of(metric)):
        return None
    return before.view.figures[metric]


def _figure(metric: Metric, tally: Tally, spans: Sequence[tuple[date, date]], today: date) -> Figure:
    if metric is Metric.TIME_TO_PUBLISH:
        return to_figures.time_to_publish(tally, spans)
    if metric in _TIMES:
        return to_figures.of_median(metric, tally)
    return to_figures.of_sums(metric, tally, spans, today=today)


def _dots(session: Session, shape: Shape, values: Mapping[str, Any]) -> tuple[Dot, ...]:
    """The oldest first."""
    return tuple(
        Dot(
            incident_id=row.id,
            public_id=row.public_id,
            severity=Severity(row.highest_severity),
            started_at=row.started_at,
            detect_seconds=row.detect,
            resolve_seconds=row.resolve,
        )
        for row in reversed(session.execute(dots_of(shape), values).all())
    )
