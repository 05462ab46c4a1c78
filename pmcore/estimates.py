"""Intervals and survival, from SciPy, which is imported when something is estimated for the first time."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """Of durations in whole hours begun. None: so few have ended that it is not reached."""

    median: float | None
    p90: float | None


@lru_cache(maxsize=1024)
def wilson(n: int, of: int) -> tuple[float, float] | None:
    """The 95 % interval of Wilson for the share n / of; None when there is nothing to count."""
    if of == 0:
        return None
    from scipy.stats import binomtest

    found = binomtest(n, of).proportion_ci(confidence_level=CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)


def survival(ended: Mapping[int, int], running: Mapping[int, int]) -> Survival:
    """Kaplan and Meier's estimate from counts by hour: so many ended in that hour, so many are still running then.

    What ends in an hour ends before what is still running in that hour is given up.
    """
    return _survival(tuple(sorted(ended.items())), tuple(sorted(running.items())))


_Counts = tuple[tuple[int, int], ...]  #: hours with how many of them


@lru_cache(maxsize=256)
def _survival(ended: _Counts, running: _Counts) -> Survival:
    if not any(count for _hour, count in ended):
        return Survival(median=None, p90=None)
    import numpy
    from scipy.stats import CensoredData, ecdf

    def spread(counts: _Counts) -> "numpy.ndarray[tuple[int], numpy.dtype[numpy.float64]]":
        return numpy.repeat(numpy.array([hour for hour, _ in counts], dtype=float), [count for _, count in counts])

    found = ecdf(CensoredData(uncensored=spread(ended), right=spread(running))).sf
    return Survival(
        median=_first(found.quantiles, found.probabilities, 0.5), p90=_first(found.quantiles, found.probabilities, 0.1)
    )


def _first(hours: "object", still: "object", share: float) -> float | None:
    """The first hour after which at most this share is still running; products of fractions are not quite exact."""
    import numpy

    reached = numpy.flatnonzero(numpy.asarray(still) <= share + 1e-9)
    return float(numpy.asarray(hours)[reached[0]]) if reached.size else None
