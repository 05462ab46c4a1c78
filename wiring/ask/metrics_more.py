"""Questions of the metrics that Home and the workbook ask."""

from collections.abc import Iterator

from db.queries import metrics_home, metrics_stream
from pmcore.domain.metrics import Metric
from pmcore.readmodels.metrics import MetricRow, MetricsFilter
from pmcore.readmodels.metrics_home import OffTarget
from wiring import acting, parts


def metric_stream(filter: MetricsFilter, metric: Metric) -> Iterator[MetricRow]:
    """All rows of a figure, in batches, for a sheet."""
    return metrics_stream.metric_stream(
        parts.engine(), actor=acting.actor(), now=parts.clock(), filter=filter, metric=metric
    )


def off_target() -> OffTarget | None:
    """The figures that miss their target; None for who cannot do anything about it."""
    return metrics_home.off_target(parts.engine(), actor=acting.actor(), now=parts.clock())
