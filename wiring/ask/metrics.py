"""Questions of the metrics."""

from datetime import date
from zoneinfo import ZoneInfo

from db.queries import metrics as query
from db.queries import metrics_rows as rows_query
from pmcore.readmodels.metrics import MetricRows, MetricsFilter, MetricsView, RowsFilter
from wiring import acting, parts


def metrics_today() -> date:
    """The day of the workspace that an unsaid period ends with."""
    return parts.clock().astimezone(ZoneInfo(acting.actor().zone)).date()


def metrics(filter: MetricsFilter) -> MetricsView:
    return query.metrics(parts.engine(), actor=acting.actor(), now=parts.clock(), filter=filter)


def metric_rows(filter: MetricsFilter, rows: RowsFilter) -> MetricRows:
    """A page of the rows behind a figure, those that were left out with the reason."""
    return rows_query.metric_rows(parts.engine(), actor=acting.actor(), now=parts.clock(), filter=filter, asked=rows)
