"""All rows behind a figure for a sheet, those left out with the reason, in batches."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.queries.days import quarter
from db.queries.metrics_period import shape_of, values_of
from db.queries.metrics_rows import _COHORTS, _asked, _row
from db.queries.tracker_sheets import BATCH_ROWS
from pmcore.domain.metrics import Metric
from pmcore.domain.permissions import Actor, Right, require
from pmcore.readmodels.metrics import MetricRow, MetricsFilter, Which

_ALL = 2**31 - 1


def metric_stream(
    engine: Engine, *, actor: Actor, now: datetime, filter: MetricsFilter, metric: Metric
) -> Iterator[MetricRow]:
    """As of the same quarter of an hour as the figures; the newest first. None of a survey."""
    require(actor, Right.EXPORT)
    if metric not in _COHORTS:
        return
    as_of = quarter(now)
    listed = _asked(metric, Which.ALL, shape_of(actor, filter, as_of=as_of))[1]
    values = values_of(actor, filter, as_of=as_of) | {"rows": _ALL, "skipped": 0}
    with Session(engine) as session:
        for row in session.execute(listed.execution_options(stream_results=True, yield_per=BATCH_ROWS), values):
            yield _row(metric, row)
