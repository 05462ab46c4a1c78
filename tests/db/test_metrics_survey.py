"""What the survey's rounds add to the metrics: nothing under five answers but how many answered."""

from datetime import UTC, date, datetime

import pytest

from pmcore.domain.metrics import Beside, Metric, MetricVerdict
from pmcore.readmodels.metrics import MetricsFilter
from tests import surveyed
from wiring import acting, ask

YEAR = MetricsFilter(since=date(2025, 1, 1), until=date(2025, 12, 31))


@pytest.fixture
def seen(wired, clock, rows):
    people = surveyed.staff(rows)
    clock.now = datetime(2026, 1, 10, 12, tzinfo=UTC)

    def look(filter=YEAR):
        with acting.as_user(people.manager):
            return ask.metrics(filter)

    return look


def test_no_round_yet(seen):
    view = seen()
    assert view.rounds_closed == 0
    assert view.figures[Metric.SATISFACTION].value is None
    assert view.figures[Metric.SATISFACTION].besides == ()


def test_the_last_round_of_the_period(seen, rows):
    with rows() as session:
        surveyed.past_round(session, *[surveyed.answer(3)] * 6, number=1)
        surveyed.past_round(session, *[surveyed.answer(5)] * 6, number=3, invited=10)
    view = seen()
    assert view.rounds_closed == 2
    found = view.figures[Metric.SATISFACTION]
    assert found.verdict in (MetricVerdict.MEETS, MetricVerdict.MISSES)  # some questions are worded in reverse
    assert (found.n, found.of) == (6, 6)
    rate = next(beside for beside in found.besides if beside.what is Beside.RESPONSE_RATE)
    assert (rate.n, rate.of, rate.value) == (6, 10, 0.6)
    assert [point.since.month for point in found.trend if point.of] == [3, 9]
    assert seen(MetricsFilter(since=date(2025, 10, 1), until=date(2025, 12, 31))).figures[Metric.SATISFACTION].of == 0


def test_four_answers_tell_nothing(seen, rows):
    with rows() as session:
        surveyed.past_round(session, *[surveyed.answer(5)] * 4, number=3)
    for metric in (Metric.SATISFACTION, Metric.BLAMELESS_SCORE):
        found = seen().figures[metric]
        assert (found.value, found.n, found.of, found.verdict) == (None, 0, 0, MetricVerdict.NOTHING)
        assert [beside.what for beside in found.besides] == [Beside.RESPONSE_RATE]
        assert all(point.value is None for point in found.trend)
