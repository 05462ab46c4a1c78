"""What a figure says about its target. A small sample is never called a success."""

from enum import StrEnum

from pmcore.domain.errors import N_
from pmcore.domain.metrics.definitions import Definition
from pmcore.domain.metrics.vocabulary import Comparison


class MetricVerdict(StrEnum):
    MEETS = "meets"
    MISSES = "misses"
    TOO_FEW = "too_few"  #: on the right side so far, but chance alone could explain it
    NOTHING = "nothing"  #: nothing to count, which is neither 0 nor 100 %
    NO_TARGET = "no_target"  #: a range to look at, or no target at all


VERDICT_WORDS: dict[MetricVerdict, str] = {
    MetricVerdict.MEETS: N_("meets the target"),
    MetricVerdict.MISSES: N_("misses the target"),
    MetricVerdict.TOO_FEW: N_("met so far, too few to be sure"),
    MetricVerdict.NOTHING: N_("nothing to count yet"),
    MetricVerdict.NO_TARGET: N_("no verdict"),
}


def judge(
    definition: Definition, value: float | None, *, low: float | None = None, high: float | None = None
) -> MetricVerdict:
    """`value` beside the threshold of the definition; `low` and `high` enclose it where it estimates a tendency.

    Outside the target is "misses" whatever the interval says; inside it is "meets" only when the whole interval is.
    """
    if value is None:
        return MetricVerdict.NOTHING
    if definition.comparison in (Comparison.NONE, Comparison.WITHIN):
        return MetricVerdict.NO_TARGET
    if not is_reached(definition, value):
        return MetricVerdict.MISSES
    if definition.has_interval and low is not None and high is not None:
        worst = high if definition.comparison is Comparison.BELOW else low
        return MetricVerdict.MEETS if is_reached(definition, worst) else MetricVerdict.TOO_FEW
    return MetricVerdict.MEETS


def is_reached(definition: Definition, value: float) -> bool:
    threshold = definition.threshold or 0.0
    match definition.comparison:
        case Comparison.AT_LEAST:
            return value >= threshold
        case Comparison.ABOVE:
            return value > threshold
        case _:
            return value < threshold
