"""The arithmetic of the error budget."""

from decimal import Decimal

import pytest

from pmcore.domain.impact import IN_WORDS, error_budget, figure, in_words

EXAMPLE = {
    "availability_percent": "98.5", "slo_target_percent": "99.9", "slo_window_days": "30", "impact_seconds": "720",
}  # fmt: skip


def test_the_worked_example_uses_0_42_percent_and_27_8_had_everything_failed():
    budget = error_budget(EXAMPLE)
    assert budget.budget_minutes == Decimal("43.2")
    assert budget.failed_percent == Decimal("1.5")
    assert round(budget.used_percent, 2) == Decimal("0.42")
    assert round(budget.all_failed_percent, 1) == Decimal("27.8")
    assert IN_WORDS.format(**in_words(budget)) == (
        "1.5 % of the requests failed for 12 min. The objective of 99.9 % allows 43.2 min in 30 days: "
        "0.42 % of that was used. Had everything failed, it would have been 27.8 %."
    )


@pytest.mark.parametrize(
    "changes",
    [
        *({key: ""} for key in EXAMPLE),
        {"availability_percent": "a lot"},
        {"availability_percent": "100.1"},
        {"availability_percent": "-1"},
        {"availability_percent": "NaN"},
        {"slo_target_percent": "100"},
        {"slo_target_percent": "0"},
        {"slo_window_days": "0"},
        {"impact_seconds": "-1"},
    ],
)
def test_what_is_unknown_or_impossible_gives_no_budget(changes):
    assert error_budget({**EXAMPLE, **changes}) is None
    assert error_budget({}) is None


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0.41667", "0.42"), ("27.7778", "27.8"), ("1250.6", "1251"), ("12", "12"), ("12.04", "12"), ("0", "0"),
        ("100", "100"), ("999.95", "1000"), ("2000", "2000"),
    ],
)  # fmt: skip
def test_figures_are_rounded_to_what_can_be_read(number, shown):
    assert figure(Decimal(number)) == shown
