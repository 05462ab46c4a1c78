"""Random workspaces counted twice, in SQL and by reading every row: figures, months and rows agree."""

from collections import Counter
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db.engine import make_engine
from db.queries import metrics_kept
from db.queries.metrics import metrics
from db.queries.metrics_rows import metric_rows
from pmcore.domain.metrics import DEFINITIONS, EIGHT, Beside, Metric, MetricVerdict
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import Role, Severity
from pmcore.readmodels.metrics import MetricsFilter, RowsFilter, Which
from tests.conftest import make_schema
from tests.databases import empty
from tests.measured import ADMINISTRATOR, AS_OF, ENGINEER, NOW, Workspace
from tests.naive_metrics import Everything, wilson

PERIODS = tuple(
    (date.fromisoformat(since), date.fromisoformat(until))
    for since, until in (
        ("2026-01-01", "2026-03-31"), ("2026-03-01", "2026-04-30"), ("2026-02-10", "2026-03-29"),
        ("2026-03-29", "2026-03-29"), ("2025-05-01", "2026-04-30"),
    )
)  # fmt: skip

OF_THE_SURVEY = {Beside.RESPONSE_RATE, Beside.FAVOURABLE}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def emptied(request, tmp_path_factory):
    """One database for all examples; each empties it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('metrics')}/pm.db"
        make_schema(url)
        engine = make_engine(url)
        yield engine
        engine.dispose()
        return
    databases, template = request.getfixturevalue("postgres_template")
    name = "metrics_" + template
    engine = make_engine(databases.create(name, template=template).render_as_string(False))
    yield engine
    engine.dispose()
    databases.drop(name)


def _fill(engine, workspace):
    metrics_kept.forget(engine)
    empty(engine)
    with engine.execution_options(writes=True).begin() as connection:
        workspace.fill(connection)


def _all_rows(engine, actor, filter, metric, which=Which.ALL):
    found, page = [], 1
    while True:
        asked = RowsFilter(metric=metric, which=which, page=page)
        rows = metric_rows(engine, actor=actor, now=NOW, filter=filter, asked=asked)
        found += rows.rows
        if page >= rows.pages:
            assert len(found) == rows.total
            return found
        page += 1


def _agree(engine, actor, filter, met):
    view = metrics(engine, actor=actor, now=NOW, filter=filter)
    assert view.as_of == AS_OF
    with Session(engine) as session:
        plain = Everything(session, actor=actor, filter=filter, as_of=AS_OF).all()
    for metric, naive in plain.items():
        figure = view.figures[metric]
        rows = _all_rows(engine, actor, filter, metric)
        listed = {(row.incident_id, row.item_id): (row.n, row.of, row.left_out) for row in rows}
        assert listed == naive.rows, metric
        assert len(rows) == len(listed)
        assert (figure.n, figure.of) == (naive.n, naive.of), metric
        assert dict(figure.left_out) == naive.left_out, metric
        told = {(point.since.year, point.since.month): [point.n, point.of] for point in figure.trend}
        assert {month: sums for month, sums in told.items() if sums != [0, 0]} == {
            month: sums for month, sums in naive.trend.items() if sums != [0, 0] and figure.trend
        }, metric
        for beside in figure.besides:
            _same_beside(metric, beside, naive)
        _same_value(figure, naive)
        met.update((metric, reason) for reason, _ in figure.left_out)
        met.update((metric, beside.what) for beside in figure.besides if beside.value)


def _same_beside(metric, beside, naive):
    if metric is Metric.TIME_TO_PUBLISH:
        known = {Beside.SHARE_IN_TIME, Beside.WAITING_ENGINEERING_MANAGER, Beside.WAITING_CTO}
        if beside.what not in known:
            assert beside.value == pytest.approx(naive.besides[beside.what]), beside
        return
    counted = beside.n if beside.n is not None else beside.value
    assert counted == naive.besides[beside.what], (metric, beside)


def _same_value(figure, naive):
    definition = DEFINITIONS[figure.metric]
    if figure.metric in (Metric.TIME_TO_PUBLISH, Metric.TIME_TO_DETECT, Metric.TIME_TO_RESOLVE):
        assert figure.value == naive.value
    else:
        assert figure.value == (naive.n / naive.of if naive.of else None)
    if not naive.of:
        assert figure.verdict is MetricVerdict.NOTHING
        assert figure.low is None
    elif definition.has_interval:
        assert (figure.low, figure.high) == pytest.approx(wilson(naive.n, naive.of), abs=1e-9)
    else:
        assert figure.low is None


def test_both_ways_agree_to_the_row(emptied):
    met: Counter[object] = Counter()

    @settings(max_examples=90, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(
        seed=st.integers(0, 2**32), size=st.sampled_from((0, 3, 12, 40)), period=st.sampled_from(PERIODS),
        service=st.sampled_from((None, None, 1)), severity=st.sampled_from((None, None, Severity.P0, Severity.P1)),
        days=st.sampled_from((30, 90)), is_admin=st.booleans(),
    )  # fmt: skip
    def agree(seed, size, period, service, severity, days, is_admin):
        workspace = Workspace(Random(seed), size=size)
        _fill(emptied, workspace)
        role, user_id = (Role.ADMINISTRATOR, ADMINISTRATOR) if is_admin else (Role.ENGINEER, ENGINEER)
        actor = Actor(user_id=user_id, name="U", roles=frozenset({role}), zone=workspace.zone)
        filter = MetricsFilter(
            since=period[0], until=period[1], service_id=service, severity=severity, window_days=days
        )
        _agree(emptied, actor, filter, met)

    agree()
    for metric in EIGHT[:6]:  # chance has met everything that can happen
        assert {reason for reason in DEFINITIONS[metric].reasons if not met[metric, reason]} == set()
    missed = set(Beside) - OF_THE_SURVEY - {what for _, what in met if isinstance(what, Beside)}
    assert missed <= {Beside.WAITING_CTO}  # of a P0 only, when nobody else is waited for


@pytest.mark.parametrize("which", [Which.FOR, Which.AGAINST, Which.LEFT_OUT])
def test_the_rows_are_divided(emptied, which):
    """For it, against it and left out are all there are, each row once."""
    workspace = Workspace(Random(7), size=60)
    workspace.size = 60
    _fill(emptied, workspace)
    actor = Actor(user_id=ADMINISTRATOR, name="U", roles=frozenset({Role.ADMINISTRATOR}), zone=workspace.zone)
    filter = MetricsFilter(since=date(2026, 1, 1), until=date(2026, 4, 30))
    seen = 0
    for metric in list(Metric)[:6]:
        every = {(row.incident_id, row.item_id): row for row in _all_rows(emptied, actor, filter, metric)}
        some = {(row.incident_id, row.item_id): row for row in _all_rows(emptied, actor, filter, metric, which)}
        is_one = {
            Which.FOR: lambda row: row.left_out is None and row.n >= row.of,
            Which.AGAINST: lambda row: row.left_out is None and row.n < row.of,
            Which.LEFT_OUT: lambda row: row.left_out is not None,
        }[which]
        assert some == {key: row for key, row in every.items() if is_one(row)}
        seen += len(some)
    assert seen
