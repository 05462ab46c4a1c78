"""What Home says of the metrics."""

from dataclasses import dataclass
from datetime import datetime

from pmcore.domain.metrics import Figure, Metric
from pmcore.readmodels.metrics import MetricsFilter, RowsFilter, Which


@dataclass(frozen=True, slots=True, kw_only=True)
class OffTarget:
    """The figures that miss their target, in the enum's order."""

    filter: MetricsFilter
    as_of: datetime  #: the last quarter of an hour
    figures: tuple[Figure, ...]  #: of the time to publish without its median


def behind(metric: Metric) -> RowsFilter:
    """The rows because of which a figure misses: of recurrence those that count for it."""
    return RowsFilter(metric=metric, which=Which.FOR if metric is Metric.RECURRENCE else Which.AGAINST)
