"""The metrics: ten figures over a period, from five statements; one or none while nothing that counts has changed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.queries import metrics_figures as to_figures
from db.queries.days import quarter
from db.queries.metrics_kept import kept
from db.queries.metrics_period import shape_of, values_of
from db.queries.metrics_sums import by_hour, sums
from db.queries.metrics_survey import survey_figures
from db.queries.metrics_times import dots, medians
from pmcore.domain.metrics import Figure, Metric
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import Severity
from pmcore.readmodels.metrics import Dot, MetricsFilter, MetricsView, spans

_SUMMED = (
    Metric.P0_COMPLETION, Metric.ACTIONS_DONE, Metric.RECURRENCE, Metric.ATTENDANCE, Metric.NEW_DETECTION,
)  # fmt: skip
_TIMES = (Metric.TIME_TO_DETECT, Metric.TIME_TO_RESOLVE)


def metrics(engine: Engine, *, actor: Actor, now: datetime, filter: MetricsFilter) -> MetricsView:
    """As of the last quarter of an hour, of what the actor may see."""
    require(actor, Right.READ)
    as_of = quarter(now)
    with Session(engine) as session:
        key = (actor.user_id, actor.roles, actor.zone, filter)
        return kept(engine, session, key, lambda: _view(session, actor, filter, as_of=as_of), as_of=as_of)


def _view(session: Session, actor: Actor, filter: MetricsFilter, *, as_of: datetime) -> MetricsView:
    shape, values = shape_of(actor, filter, as_of=as_of), values_of(actor, filter, as_of=as_of)
    found: dict[Metric, Figure] = {}
    parts, today = spans(filter), as_of.astimezone(ZoneInfo(actor.zone)).date()
    summed = session.execute(sums(shape), values).all()
    for metric in _SUMMED:
        rows = [row for row in summed if row.metric == metric]
        found[metric] = to_figures.of_sums(metric, rows, parts, today=today)
    found[Metric.TIME_TO_PUBLISH] = to_figures.time_to_publish(session.execute(by_hour(shape), values).all(), parts)
    middle = session.execute(medians(shape), values).all()
    for metric in _TIMES:
        found[metric] = to_figures.of_medians(metric, [row for row in middle if row.metric == metric])
    rounds, survey = survey_figures(session, shape, values, parts)
    found |= survey
    return MetricsView(
        filter=filter,
        zone=actor.zone,
        as_of=as_of,
        figures={metric: found[metric] for metric in Metric},
        dots=tuple(
            Dot(
                incident_id=row.id,
                public_id=row.public_id,
                severity=Severity(row.highest_severity),
                started_at=row.started_at,
                detect_seconds=row.detect,
                resolve_seconds=row.resolve,
            )
            for row in reversed(session.execute(dots(shape), values).all())
        ),
        rounds_closed=rounds,
    )
