"""A figure with everything that is needed to explain it."""

from dataclasses import dataclass
from datetime import date

from pmcore.domain.metrics.besides import BesideFigure
from pmcore.domain.metrics.reasons import Reason
from pmcore.domain.metrics.verdicts import MetricVerdict
from pmcore.domain.metrics.vocabulary import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A row worth naming on the card: a missed P0, a repetition while an action was still open."""

    incident_id: int
    public_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """A month or a quarter of the period; the first and the last may be cut off by it."""

    since: date
    until: date  #: this day included
    value: float | None  #: in the definition's `trend_unit`; None: nothing to count
    n: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    metric: Metric
    value: float | None  #: in the definition's unit; None: nothing to count, or not reached (a median of few)
    n: int  #: those that count for it
    of: int  #: all that count
    low: float | None = None  #: the 95 % interval of n / of, where the definition has one
    high: float | None = None
    verdict: MetricVerdict
    besides: tuple[BesideFigure, ...] = ()  #: in the order in which they are shown
    left_out: tuple[tuple[Reason, int], ...] = ()  #: only reasons that occur, in the enum's order
    named: tuple[Named, ...] = ()  #: the first few, by id
    trend: tuple[TrendPoint, ...] = ()  #: the oldest first

    @property
    def share(self) -> float | None:
        return self.n / self.of if self.of else None
