"""The error budget: what part of the time that the objective leaves was used up.

used = failed share x minutes / (window x (1 - target)). With 98.5 % for 12 minutes, a target of 99.9 % and 30 days
(43.2 minutes) that is 0.42 %; had everything failed it would be 27.8 %. Both are named, so that neither is taken for
the other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from pmcore.domain.errors import N_
from pmcore.domain.vocabulary import Certainty, ImpactFigure

_HUNDRED = Decimal(100)
_MINUTES_A_DAY = Decimal(24 * 60)

IN_WORDS = N_(
    "{failed} % of the requests failed for {minutes} min. The objective of {target} % allows {budget} min "
    "in {days} days: {used} % of that was used. Had everything failed, it would have been {all_failed} %."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorBudget:
    availability_percent: Decimal  #: reached during the incident
    target_percent: Decimal
    window_days: int
    minutes: Decimal  #: of the incident, from its start to its resolution

    @property
    def failed_percent(self) -> Decimal:
        return _HUNDRED - self.availability_percent

    @property
    def budget_minutes(self) -> Decimal:
        return self.window_days * _MINUTES_A_DAY * (_HUNDRED - self.target_percent) / _HUNDRED

    @property
    def used_percent(self) -> Decimal:
        return self.failed_percent * self.minutes / self.budget_minutes

    @property
    def all_failed_percent(self) -> Decimal:
        """Had every request failed."""
        return _HUNDRED * self.minutes / self.budget_minutes


def error_budget(facts: Mapping[str, Any]) -> ErrorBudget | None:
    """From the facts of the impact section, or None when something is unknown or makes no sense."""
    availability = _decimal(facts.get("availability_percent"))
    target = _decimal(facts.get("slo_target_percent"))
    days = _decimal(facts.get("slo_window_days"))
    seconds = _decimal(facts.get("impact_seconds"))
    if availability is None or target is None or days is None or seconds is None:
        return None
    if not (0 <= availability <= _HUNDRED and 0 < target < _HUNDRED and days >= 1 and seconds >= 0):
        return None
    return ErrorBudget(
        availability_percent=availability, target_percent=target, window_days=int(days), minutes=seconds / 60
    )


def in_words(budget: ErrorBudget) -> dict[str, str]:
    """The figures of IN_WORDS, rounded for reading."""
    return {
        "failed": figure(budget.failed_percent),
        "minutes": figure(budget.minutes),
        "target": format(budget.target_percent, "f"),
        "budget": figure(budget.budget_minutes),
        "days": str(budget.window_days),
        "used": figure(budget.used_percent),
        "all_failed": figure(budget.all_failed_percent),
    }


def figure(number: Decimal) -> str:
    """Rounded to what can be read: 0.42, 27.8, 1250; without zeros that say nothing."""
    digits = 2 if abs(number) < 10 else 1 if abs(number) < 1000 else 0
    shown = number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    text = format(shown, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def confirmed(rows: Iterable[Mapping[str, Any]]) -> tuple[ImpactFigure, ...]:
    """The figures that the summary's rows mark as checked, in the usual order; other rows say nothing."""
    marked = {str(row.get("figure") or "") for row in rows}
    return tuple(figure for figure in ImpactFigure if figure.value in marked)


def certainty(figure: ImpactFigure, *, said: str, confirmed: Iterable[ImpactFigure]) -> Certainty:
    """`said` is the figure in words, empty when nobody knows it; then no mark makes it sure."""
    if not said:
        return Certainty.UNKNOWN
    return Certainty.CONFIRMED if figure in confirmed else Certainty.ESTIMATED


def _decimal(text: object) -> Decimal | None:
    try:
        number = Decimal(str(text or ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
