"""The metrics: ten figures over a period. One statement while nothing that counts has changed; else what changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.queries import metrics_figures as to_figures
from db.queries.days import quarter
from db.queries.metrics_kept import Counted, kept
from db.queries.metrics_period import Shape, shape_of, values_of
from db.queries.metrics_survey import survey_figures
from db.queries.metrics_times import dots
from db.queries.remembered import remembered
from pmcore.domain.metrics import Figure, Metric
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import Severity
from pmcore.readmodels.metrics import Dot, MetricsFilter, MetricsView, spans

SUMMED = (
    Metric.P0_COMPLETION, Metric.ACTIONS_DONE, Metric.RECURRENCE, Metric.ATTENDANCE, Metric.NEW_DETECTION,
)  # fmt: skip
_TIMES = (Metric.TIME_TO_DETECT, Metric.TIME_TO_RESOLVE)


def metrics(engine: Engine, *, actor: Actor, now: datetime, filter: MetricsFilter) -> MetricsView:
    """As of the last quarter of an hour, of what the actor may see."""
    require(actor, Right.READ)
    as_of = quarter(now)
    shape, values = shape_of(actor, filter, as_of=as_of), values_of(actor, filter, as_of=as_of)
    key = (actor.user_id, actor.roles, actor.zone, filter)
    with Session(engine) as session:

        def told(counted: Counted) -> MetricsView:
            return _view(session, actor, filter, shape, values, counted, as_of=as_of)

        return kept(engine, session, key, shape, values, told, as_of=as_of)


def _view(
    session: Session, actor: Actor, filter: MetricsFilter, shape: Shape, values: Mapping[str, Any], counted: Counted,
    *, as_of: datetime,
) -> MetricsView:  # fmt: skip
    parts, today = spans(filter), as_of.astimezone(ZoneInfo(actor.zone)).date()
    found: dict[Metric, Figure] = {
        metric: to_figures.of_sums(metric, counted.tally, parts, today=today) for metric in SUMMED
    }
    found[Metric.TIME_TO_PUBLISH] = to_figures.time_to_publish(counted.tally, parts)
    found |= {metric: to_figures.of_median(metric, counted.tally) for metric in _TIMES}
    rounds, survey = survey_figures(session, shape, values, parts)
    found |= survey
    key = ("metrics-dots", actor.user_id, shape, filter)
    return MetricsView(
        filter=filter,
        zone=actor.zone,
        as_of=as_of,
        figures={metric: found[metric] for metric in Metric},
        dots=remembered(session, key, lambda: _dots(session, shape, values), is_short=True),
        rounds_closed=rounds,
    )


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
        for row in reversed(session.execute(dots(shape), values).all())
    )
