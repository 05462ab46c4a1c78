"""What the survey adds to the figures. The one place that knows about its rounds."""

from sqlalchemy.orm import Session

from db.queries.metrics_period import Shape
from pmcore.domain.metrics import Figure, Metric, MetricVerdict


def survey_figures(session: Session, shape: Shape, values: dict[str, object]) -> tuple[int, dict[Metric, Figure]]:
    """How many rounds were closed by the end of the period, and the figures of the last one: one statement."""
    none = {
        metric: Figure(metric=metric, value=None, n=0, of=0, verdict=MetricVerdict.NOTHING)
        for metric in (Metric.SATISFACTION, Metric.BLAMELESS_SCORE)
    }
    return 0, none
