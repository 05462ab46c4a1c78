"""Random workspaces travel from SQLite to PostgreSQL and back; what comes out at the end is what went in."""

import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.engine import make_engine
from db.transfer.dump import dump
from db.transfer.form import DUMPED
from db.transfer.load import CannotLoad, load
from tests.conftest import make_schema
from tests.databases import empty
from tests.db import random_rows

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def postgres(postgres_template):
    """One database for all examples; each empties it."""
    databases, template = postgres_template
    engine = make_engine(databases.create("round_trip_" + template, template=template).render_as_string(False))
    yield engine
    engine.dispose()
    databases.drop("round_trip_" + template)


@pytest.fixture(scope="module")
def sqlites(tmp_path_factory):
    home = tmp_path_factory.mktemp("round_trip")
    engines = []
    for name in ("from", "back"):
        make_schema(f"sqlite:///{home}/{name}.db")
        engines.append(make_engine(f"sqlite:///{home}/{name}.db"))
    yield engines
    for engine in engines:
        engine.dispose()


def test_random_workspaces_go_to_the_other_engine_and_back(postgres, sqlites, tmp_path):
    first, back = sqlites
    carried: Counter[str] = Counter()

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def travel(data):
        for engine in (first, back, postgres):
            empty(engine)
        with first.execution_options(writes=True).begin() as connection:
            random_rows.fill(connection, data)
        there = list(dump(first))
        carried.update({name: count for name, count in json.loads(there[0])["rows"].items() if count})
        load(postgres, there)
        on_postgres = list(dump(postgres))
        assert on_postgres == there
        with (tmp_path / "d.jsonl").open("w", encoding="utf-8", newline="\n") as written:  # where line ends matter
            written.writelines(on_postgres)
        with (tmp_path / "d.jsonl").open(encoding="utf-8") as read:
            load(back, read)
        assert list(dump(back)) == there

    travel()
    assert set(carried) == set(DUMPED)  # else no random row of that table ever fitted


@pytest.mark.parametrize(
    "strange",
    ["nul \0 inside", {"deep": ["nul \0 inside"]}, "half a \ud83d pair", {"\udc80": 1}],
    ids=["nul", "nul inside", "half a pair", "no utf-8"],
)
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_what_is_no_text_is_refused(postgres, sqlites, engine, strange):
    target = sqlites[0] if engine == "sqlite" else postgres
    empty(target)
    row = {"number": 1, "content": {}, "valid_from": "2025-01-01T00:00:00Z", "note": "", "by_id": None}
    row["note" if isinstance(strange, str) else "content"] = strange
    head = json.loads(next(iter(dump(target))))
    head["rows"]["policy"] = 1
    lines = [head, {"table": "policy", "row": row}, {"end": 1}]
    with pytest.raises(CannotLoad, match="Line 2: a value does not fit"):
        load(target, [json.dumps(line) for line in lines])
    assert json.loads(list(dump(target))[-1]) == {"end": 0}
