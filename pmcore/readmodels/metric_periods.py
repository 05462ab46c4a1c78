"""Periods that people ask for, in days of the workspace."""

from datetime import date, timedelta
from enum import StrEnum

from pmcore.domain.errors import N_
from pmcore.readmodels.metrics import MetricsFilter, first_of_month, last_of_month, usual_filter


class Period(StrEnum):
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    TWELVE_MONTHS = "twelve_months"  #: this one and the eleven before it
    THREE_YEARS = "three_years"  #: told by quarters


PERIOD_WORDS: dict[Period, str] = {
    Period.THIS_MONTH: N_("this month"),
    Period.LAST_MONTH: N_("last month"),
    Period.THIS_QUARTER: N_("this quarter"),
    Period.LAST_QUARTER: N_("last quarter"),
    Period.TWELVE_MONTHS: N_("twelve months"),
    Period.THREE_YEARS: N_("three years, by quarter"),
}


def days_of(period: Period, today: date) -> tuple[date, date]:
    """The first and the last day, both included."""
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    match period:
        case Period.THIS_MONTH:
            return first_of_month(today), last_of_month(today)
        case Period.LAST_MONTH:
            before = first_of_month(today) - timedelta(days=1)
            return first_of_month(before), before
        case Period.THIS_QUARTER:
            return quarter, last_of_month(quarter + timedelta(days=62))
        case Period.LAST_QUARTER:
            before = quarter - timedelta(days=1)
            return date(before.year, before.month - 2, 1), before
        case Period.THREE_YEARS:
            return date(today.year - 2, 1, 1), last_of_month(today)
        case _:
            usual = usual_filter(today)
            return usual.since, usual.until


def period_of(filter: MetricsFilter, today: date) -> Period | None:
    """The one that has a name; None for any other."""
    return next((each for each in Period if days_of(each, today) == (filter.since, filter.until)), None)
