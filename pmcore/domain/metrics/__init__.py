"""The figures of the process: what each one is, which it counts, and when it meets its target.

Page, workbook, command line and `docs/metrics.md` all read these definitions; they stand nowhere else.
"""

from pmcore.domain.metrics.besides import BESIDE_WORDS, Beside, BesideFigure
from pmcore.domain.metrics.definitions import (
    DEFINITIONS,
    EIGHT,
    HOURS,
    LONG_DAYS,
    NEVER_COUNTED,
    SETTLED_DAYS,
    WINDOWS,
    Definition,
)
from pmcore.domain.metrics.figures import Figure, Named, TrendPoint
from pmcore.domain.metrics.reasons import REASON_WORDS, Reason
from pmcore.domain.metrics.verdicts import VERDICT_WORDS, MetricVerdict, judge
from pmcore.domain.metrics.vocabulary import Comparison, Metric, Unit

__all__ = [
    "BESIDE_WORDS",
    "DEFINITIONS",
    "EIGHT",
    "HOURS",
    "LONG_DAYS",
    "NEVER_COUNTED",
    "REASON_WORDS",
    "SETTLED_DAYS",
    "VERDICT_WORDS",
    "WINDOWS",
    "Beside",
    "BesideFigure",
    "Comparison",
    "Definition",
    "Figure",
    "Metric",
    "MetricVerdict",
    "Named",
    "Reason",
    "TrendPoint",
    "Unit",
    "judge",
]  # fmt: skip
