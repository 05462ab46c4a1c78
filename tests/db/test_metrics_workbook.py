"""The workbook over a database: whatever is in it, each formula gives what the page says; and what Home says."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from openpyxl import load_workbook

from db.models import UserRoleRow
from pmcore.domain.metrics import Metric, MetricVerdict
from pmcore.domain.permissions import Forbidden
from pmcore.domain.vocabulary import Role
from pmcore.readmodels.metrics import MetricsFilter, RowsFilter, Which
from pmcore.readmodels.metrics_home import behind
from tests import measured, recalculated
from tests.factories import NOON
from tests.scene import set_up
from tests.tracked import make_tracked
from wiring import acting, ask, exporting

PERIOD = MetricsFilter(since=date(2026, 1, 1), until=date(2026, 4, 30), window_days=30)
SEEDS = (0, 5, 7)


@pytest.fixture
def random_workspace(wired, clock):
    def made(seed, size=30):
        clock.now = measured.NOW
        with wired.begin() as connection:
            measured.Workspace(Random(seed), size=size).fill(connection)

    return made


@pytest.mark.parametrize("seed", SEEDS)
def test_the_formulas_agree_with_the_page_on_any_data(random_workspace, tmp_path, seed):
    random_workspace(seed)
    for user_id in (measured.ENGINEER, measured.ADMINISTRATOR):
        path = tmp_path / f"{user_id}.xlsx"
        with acting.as_user(user_id):
            view = ask.metrics(PERIOD)
            written = exporting.write_metrics(PERIOD, path)
            rows = {metric: list(ask.metric_stream(PERIOD, metric)) for metric in Metric}
        shown = recalculated.table(path, "Figures")[1:11]
        assert [line[11] for line in shown] == ["yes"] * 6 + ["–", "–"] + ["yes"] * 2, shown
        assert written == sum(map(len, rows.values())) == load_workbook(path)["Rows"].max_row - 1
        for metric, figure in view.figures.items():
            counted = [row for row in rows[metric] if row.left_out is None]
            assert (sum(row.n for row in counted), sum(row.of for row in counted)) == (figure.n, figure.of)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("seed", SEEDS)
def test_the_seeds_are_worth_it(random_workspace, seed):
    """Among the data above there are figures of every kind."""
    random_workspace(seed)
    with acting.as_user(measured.ADMINISTRATOR):
        figures = ask.metrics(PERIOD).figures
    assert sum(figure.of > 0 for figure in figures.values()) >= 7
    assert sum(len(figure.left_out) for figure in figures.values()) >= 4
    assert figures[Metric.TIME_TO_PUBLISH].value is not None


def test_the_stream_holds_what_the_pages_hold(random_workspace):
    random_workspace(5, size=40)
    with acting.as_user(measured.ADMINISTRATOR):
        for metric in Metric:
            asked = RowsFilter(metric=metric)
            first = ask.metric_rows(PERIOD, asked)
            paged = [row for page in range(first.pages) for row in ask.metric_rows(PERIOD, asked.on(page + 1)).rows]
            assert list(ask.metric_stream(PERIOD, metric)) == paged


def test_rows_of_others_stay_out_of_the_stream(rows, wired, clock):
    scene = set_up(rows)
    with rows() as session:
        values = {"author": scene.anna, "service": scene.service, "drafted": 2}
        make_tracked(session, "P0-001", restricted=True, **values)
        make_tracked(session, "P0-002", dry_run=True, **values)
        make_tracked(session, "P0-003", **values)
    clock.now = NOON + timedelta(days=5)
    filter = MetricsFilter(since=date(2025, 12, 1), until=date(2025, 12, 31))
    with acting.as_user(scene.boris):
        assert [row.reference for row in ask.metric_stream(filter, Metric.P0_COMPLETION)] == ["P0-003"]
    with acting.as_user(scene.administrator):
        references = {row.reference for row in ask.metric_stream(filter, Metric.P0_COMPLETION)}
    assert references == {"P0-001", "P0-003"}


def test_a_person_without_a_role_gets_no_rows(rows, wired, clock):
    scene = set_up(rows)
    with rows() as session:
        session.delete(session.get(UserRoleRow, (scene.viewer, Role.VIEWER)))
    with acting.as_user(scene.viewer), pytest.raises(Forbidden):
        list(ask.metric_stream(PERIOD, Metric.ATTENDANCE))


class TestOffTarget:
    @pytest.fixture
    def scene(self, rows, wired, clock):
        scene = set_up(rows)
        clock.now = NOON + timedelta(days=20)
        with rows() as session:
            values = {"author": scene.anna, "service": scene.service}
            make_tracked(session, "P0-001", drafted=2, **values)
            make_tracked(session, "P0-002", drafted=60, **values)
            make_tracked(session, "P0-003", restricted=True, drafted=60, **values)
        return scene

    def test_it_says_what_the_page_says(self, scene, rows):
        with acting.as_user(scene.manager):
            found = ask.off_target()
            view = ask.metrics(found.filter)
        missed = [figure for figure in view.figures.values() if figure.verdict is MetricVerdict.MISSES]
        assert [figure.metric for figure in found.figures] == [figure.metric for figure in missed]
        assert {figure.metric for figure in missed} == {Metric.P0_COMPLETION, Metric.TIME_TO_PUBLISH}
        for ours, theirs in zip(found.figures, missed, strict=True):
            assert (ours.n, ours.of, ours.low, ours.named, ours.left_out) == (
                theirs.n, theirs.of, theirs.low, theirs.named, theirs.left_out,
            )  # fmt: skip
        with acting.as_user(scene.manager):
            rows_behind = ask.metric_rows(found.filter, behind(Metric.P0_COMPLETION)).rows
        assert [row.reference for row in rows_behind] == ["P0-002"]

    def test_it_takes_one_statement_and_then_none(self, scene, statements):
        with acting.as_user(scene.cto):
            acting.actor()
            with statements() as said:
                first = ask.off_target()
                assert ask.off_target() is first
        assert len(said) == 1

    def test_it_is_told_to_those_who_can_help(self, scene):
        for user_id in (scene.anna, scene.lead, scene.viewer, scene.administrator):
            with acting.as_user(user_id):
                assert ask.off_target() is None

    def test_what_repeats_is_what_counts(self):
        assert behind(Metric.RECURRENCE).which is Which.FOR
        assert behind(Metric.ACTIONS_DONE).which is Which.AGAINST

    def test_it_is_of_the_last_twelve_months(self, scene, clock):
        clock.now = datetime(2027, 2, 1, tzinfo=UTC)
        with acting.as_user(scene.manager):
            assert ask.off_target().figures == ()
