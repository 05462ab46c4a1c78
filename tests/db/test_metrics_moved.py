"""The same dump says the same figures, to the byte, wherever it was loaded."""

from datetime import date
from random import Random

import pytest

from db.engine import make_engine
from db.queries.metrics import metrics
from db.transfer.dump import dump
from db.transfer.load import load
from pmcore.documents import metrics_json
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import Role, Severity
from pmcore.readmodels.metrics import MetricsFilter
from tests.conftest import make_schema
from tests.measured import ADMINISTRATOR, ENGINEER, NOW, Workspace

pytestmark = pytest.mark.postgres
FILTERS = (
    MetricsFilter(since=date(2026, 1, 1), until=date(2026, 3, 31)),
    MetricsFilter(since=date(2025, 5, 1), until=date(2026, 4, 30), window_days=90),
    MetricsFilter(since=date(2020, 1, 1), until=date(2026, 4, 30), severity=Severity.P0, service_id=1),
)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_engines_print_the_same(seed, tmp_path, postgres_template):
    databases, template = postgres_template
    make_schema(f"sqlite:///{tmp_path}/pm.db")
    one = make_engine(f"sqlite:///{tmp_path}/pm.db")
    name = f"moved_{seed}_{template}"
    other = make_engine(databases.create(name, template=template).render_as_string(False))
    workspace = Workspace(Random(seed), size=0)
    workspace.size = 150
    with one.execution_options(writes=True).begin() as connection:
        workspace.fill(connection)
    load(other, dump(one))
    try:
        for filter in FILTERS:
            for user_id, role in ((ENGINEER, Role.ENGINEER), (ADMINISTRATOR, Role.ADMINISTRATOR)):
                actor = Actor(user_id=user_id, name="U", roles=frozenset({role}), zone=workspace.zone)
                said = [
                    metrics_json.render(metrics(engine, actor=actor, now=NOW, filter=filter)) for engine in (one, other)
                ]
                assert said[0] == said[1]
                assert '"value": 0' in said[0]
    finally:
        one.dispose()
        other.dispose()
        databases.drop(name)
