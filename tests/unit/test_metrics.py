"""What the ten figures are: verdicts, intervals, survival, periods; and the page of the docs that prints them."""

import subprocess
import sys
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmcore import estimates
from pmcore.domain.metrics import (
    BESIDE_WORDS,
    DEFINITIONS,
    EIGHT,
    NEVER_COUNTED,
    REASON_WORDS,
    VERDICT_WORDS,
    Beside,
    Comparison,
    Figure,
    Metric,
    MetricVerdict,
    Reason,
    judge,
)
from pmcore.domain.vocabulary import Severity
from pmcore.readmodels.metrics import (
    BadMetrics,
    MetricsFilter,
    RowsFilter,
    Which,
    is_by_quarter,
    spans,
    usual_filter,
)
from tests.naive_metrics import reached, wilson

ROOT = Path(__file__).parents[2]
PRINTED = ROOT / "docs" / "metrics.md"
REWRITE = "python -m tests.unit.test_metrics"
TODAY = date(2026, 4, 5)

INTRODUCTION = f"""\
# Metrics

What each figure on the page Metrics is, and what it counts. This page is printed from `pmcore/domain/metrics/` by
`{REWRITE}`; a test fails when the two differ. The page, its workbook, the report and
`python manage.py metrics` use the same definitions.

{NEVER_COUNTED}

- The period is one of days in the zone of the workspace, daylight saving included. Up to two years are told by months,
  longer periods by quarters; the first and the last are cut off by the period.
- Figures are as of the last quarter of an hour: what was due by then is due.
- The severity is the highest that an incident reached. A correction of a slip moves it, a downgrade does not.
- Where a figure estimates a tendency it carries a 95 % interval by Wilson's method, and the verdict is
  “{VERDICT_WORDS[MetricVerdict.MEETS]}” only when the whole interval is on the right side of the target; while only the
  figure itself is, it is “{VERDICT_WORDS[MetricVerdict.TOO_FEW]}”.
- Every figure leads to its rows, those that were left out with their reason. The survey's figures lead to none.
"""


def printed() -> str:
    parts = [INTRODUCTION]
    for definition in DEFINITIONS.values():
        lines = [
            f"## {definition.name}",
            "",
            f"Target: {definition.target_words}" + ("; with an interval." if definition.has_interval else "."),
            "",
            f"- **Formula.** {definition.formula}",
            f"- **Cohort.** {definition.cohort}",
            f"- **What is left out, and what is not.** {definition.not_counted}",
        ]
        if definition.caution:
            lines.append(f"- **Careful.** {definition.caution}")
        if definition.reasons:
            said = "; ".join(REASON_WORDS[reason] for reason in definition.reasons)
            lines.append(f"- **Reasons of rows that are left out.** {said}.")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def test_the_docs_print_the_definitions():
    assert PRINTED.read_text(encoding="utf-8") == printed(), f"Rewrite the page with: {REWRITE}"


def test_everything_has_its_words():
    assert list(DEFINITIONS) == list(Metric)
    assert set(REASON_WORDS) == set(Reason)
    assert set(BESIDE_WORDS) == set(Beside)
    assert set(VERDICT_WORDS) == set(MetricVerdict)
    assert len(EIGHT) == 8


def test_the_targets_are_those_of_the_process():
    said = {metric: (DEFINITIONS[metric].comparison, DEFINITIONS[metric].target) for metric in EIGHT}
    assert said == {
        Metric.P0_COMPLETION: (Comparison.AT_LEAST, 1.0),
        Metric.TIME_TO_PUBLISH: (Comparison.ABOVE, 48.0),
        Metric.ACTIONS_DONE: (Comparison.ABOVE, 0.9),
        Metric.RECURRENCE: (Comparison.BELOW, 0.1),
        Metric.ATTENDANCE: (Comparison.ABOVE, 0.8),
        Metric.NEW_DETECTION: (Comparison.WITHIN, 2.0),
        Metric.SATISFACTION: (Comparison.ABOVE, 4.0),
        Metric.BLAMELESS_SCORE: (Comparison.ABOVE, 4.0),
    }
    assert DEFINITIONS[Metric.NEW_DETECTION].top == 3.0
    estimating = {metric for metric, definition in DEFINITIONS.items() if definition.has_interval}
    assert estimating == {Metric.TIME_TO_PUBLISH, Metric.ACTIONS_DONE, Metric.RECURRENCE}


class TestVerdicts:
    @pytest.mark.parametrize(
        ("metric", "value", "low", "high", "verdict"),
        [
            (Metric.P0_COMPLETION, 1.0, None, None, MetricVerdict.MEETS),
            (Metric.P0_COMPLETION, 0.99, None, None, MetricVerdict.MISSES),
            (Metric.ACTIONS_DONE, 0.9, 0.8, 0.95, MetricVerdict.MISSES),  # "more than" is not "at least"
            (Metric.ACTIONS_DONE, 0.95, 0.85, 0.98, MetricVerdict.TOO_FEW),
            (Metric.ACTIONS_DONE, 0.95, 0.91, 0.98, MetricVerdict.MEETS),
            (Metric.RECURRENCE, 0.0, 0.0, 0.28, MetricVerdict.TOO_FEW),
            (Metric.RECURRENCE, 0.05, 0.02, 0.09, MetricVerdict.MEETS),
            (Metric.RECURRENCE, 0.1, 0.02, 0.2, MetricVerdict.MISSES),
            (Metric.TIME_TO_PUBLISH, 0.5, 0.3, 0.7, MetricVerdict.MISSES),
            (Metric.TIME_TO_PUBLISH, 0.7, 0.4, 0.9, MetricVerdict.TOO_FEW),
            (Metric.TIME_TO_PUBLISH, 0.7, 0.51, 0.9, MetricVerdict.MEETS),
            (Metric.ATTENDANCE, 0.81, None, None, MetricVerdict.MEETS),
            (Metric.NEW_DETECTION, 9.0, None, None, MetricVerdict.NO_TARGET),
            (Metric.TIME_TO_DETECT, 9.0, None, None, MetricVerdict.NO_TARGET),
        ],
    )
    def test_a_small_sample_is_no_success(self, metric, value, low, high, verdict):
        assert judge(DEFINITIONS[metric], value, low=low, high=high) is verdict

    @pytest.mark.parametrize("metric", Metric)
    def test_nothing_is_neither_none_nor_all(self, metric):
        assert judge(DEFINITIONS[metric], None) is MetricVerdict.NOTHING
        assert Figure(metric=metric, value=None, n=0, of=0, verdict=MetricVerdict.NOTHING).share is None
        assert Figure(metric=metric, value=0.5, n=1, of=2, verdict=MetricVerdict.MISSES).share == 0.5


class TestEstimates:
    @settings(deadline=None)  # SciPy is imported by the first example
    @given(st.integers(0, 60), st.integers(1, 60))
    def test_the_interval_is_wilsons(self, n, more):
        assert estimates.wilson(n, n + more) == pytest.approx(wilson(n, n + more), abs=1e-9)

    def test_nothing_has_no_interval(self):
        assert estimates.wilson(0, 0) is None

    @settings(deadline=None)
    @given(
        st.dictionaries(st.integers(0, 30), st.integers(1, 5), max_size=8),
        st.dictionaries(st.integers(0, 30), st.integers(1, 5), max_size=8),
    )
    def test_survival_is_that_of_kaplan_and_meier(self, ended, running):
        spread = [[hour for hour, count in counts.items() for _ in range(count)] for counts in (ended, running)]
        found = estimates.survival(ended, running)
        assert found.median == reached(*spread, Fraction(1, 2))
        assert found.p90 == reached(*spread, Fraction(1, 10))

    def test_what_still_runs_makes_the_median_later(self):
        assert estimates.survival({10: 2, 40: 1}, {}).median == 10
        assert estimates.survival({10: 2, 40: 1}, {60: 3}).median == 40
        assert estimates.survival({10: 2, 40: 1}, {60: 5}).median is None

    def test_no_page_that_needs_no_figure_waits_for_scipy(self):
        asked = "import sys, wiring.ask, pages._ui, manage; print('scipy' in sys.modules)"
        told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
        assert told.stdout.strip() == "False"


class TestPeriods:
    def test_twelve_months_where_nothing_is_said(self):
        assert MetricsFilter.of({}, today=TODAY) == usual_filter(TODAY)
        assert usual_filter(TODAY) == MetricsFilter(since=date(2025, 5, 1), until=date(2026, 4, 30))
        assert usual_filter(date(2026, 12, 31)) == MetricsFilter(since=date(2026, 1, 1), until=date(2026, 12, 31))

    def test_an_earlier_end_moves_the_beginning(self):
        filter = MetricsFilter.of({"to": "2024-02-29"}, today=TODAY)
        assert (filter.since, filter.until) == (date(2024, 2, 1), date(2024, 2, 29))

    def test_an_address_and_back(self):
        filter = MetricsFilter(
            since=date(2026, 1, 1), until=date(2026, 3, 31), service_id=3, severity=Severity.P1, window_days=90
        )
        assert MetricsFilter.of(filter.params(), today=TODAY) == filter
        rows = RowsFilter(metric=Metric.RECURRENCE, which=Which.LEFT_OUT, page=2)
        assert RowsFilter.of(rows.params(filter)) == rows
        assert MetricsFilter.of(rows.params(filter), today=TODAY) == filter
        assert RowsFilter.of({}) is None
        assert rows.on(3).page == 3

    @pytest.mark.parametrize(
        "said",
        [
            {"from": "yesterday"}, {"to": "2026-02-30"}, {"from": "1999-12-31"}, {"to": "2100-01-01"},
            {"from": "2026-03-01", "to": "2026-02-01"}, {"service": "x"}, {"service": "٣"}, {"severity": "P9"},
            {"days": "31"}, {"author": "1"},
        ],
    )  # fmt: skip
    def test_what_cannot_be_read_is_named(self, said):
        with pytest.raises(BadMetrics) as refused:
            MetricsFilter.of(said, today=TODAY)
        assert refused.value.values["name"] in said

    @pytest.mark.parametrize("said", [{"metric": "authors"}, {"metric": "recurrence", "which": "x"}])
    def test_rows_that_cannot_be_read(self, said):
        with pytest.raises(BadMetrics):
            RowsFilter.of(said)

    def test_months_are_cut_off_by_the_period(self):
        period = MetricsFilter(since=date(2026, 1, 15), until=date(2026, 3, 2))
        assert spans(period) == (
            (date(2026, 1, 15), date(2026, 1, 31)),
            (date(2026, 2, 1), date(2026, 2, 28)),
            (date(2026, 3, 1), date(2026, 3, 2)),
        )
        assert not is_by_quarter(period)

    def test_a_long_period_is_told_by_quarters(self):
        period = MetricsFilter(since=date(2024, 2, 15), until=date(2026, 2, 1))
        assert is_by_quarter(period)
        assert spans(period)[0] == (date(2024, 2, 15), date(2024, 3, 31))
        assert spans(period)[-1] == (date(2026, 1, 1), date(2026, 2, 1))
        assert len(spans(period)) == 9

    @given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
    def test_every_day_lies_in_one_part(self, one, other):
        period = MetricsFilter(since=min(one, other), until=max(one, other))
        found = spans(period)
        assert (found[0][0], found[-1][1]) == (period.since, period.until)
        for (_, end), (begin, _) in pairwise(found):
            assert (begin - end).days == 1


if __name__ == "__main__":
    PRINTED.write_text(printed(), encoding="utf-8")
