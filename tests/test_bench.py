"""The bench's own parts, small: its workspace, its protocol against the real server, and its verdicts."""

import asyncio

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import ActionItemRow, EditionRow, PostmortemRow, SectionRow
from pmcore.domain.vocabulary import PostmortemStatus, SectionKey
from tests.bench import measure, workspace
from tests.bench.bounds import Verdict
from tests.bench.databases import database
from tests.bench.served import APP, served
from tests.factories import NOON

COUNT = 50


def test_the_workspace_is_whole(db) -> None:
    workspace.fill(db, COUNT, now=NOON)
    with Session(db) as session:
        assert session.scalar(select(func.count(PostmortemRow.id))) == COUNT
        assert session.scalar(select(func.count()).select_from(SectionRow)) == COUNT * len(SectionKey)
        assert session.scalar(select(func.count(ActionItemRow.id))) == COUNT * workspace.ITEMS
        (visitor,) = workspace.visitors(1)
        draft = session.get(PostmortemRow, workspace.draft_of(visitor))
        assert (draft.author_id, draft.status) == (visitor.user_id, PostmortemStatus.DRAFT)
        edition = session.get(EditionRow, (workspace.published_number(), 1))
        said = [len(str(section)) for section in edition.content["sections"].values()]
        assert sum(said) > workspace.TEXT
        timeline = edition.content["sections"][SectionKey.TIMELINE]["entries"]
        whys = edition.content["sections"][SectionKey.ROOT_CAUSE]["whys"]
        assert (len(timeline), len(whys)) == (workspace.EVENTS, workspace.WHYS)


def test_pages_are_measured_over_the_real_protocol(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("tests.bench.databases.KEPT", tmp_path / "kept")
    with served(APP, database(COUNT, tmp_path), tmp_path / "log") as app:
        found = asyncio.run(measure.costs(app, ("home", "save"), sessions=1, runs=1, rounds=1))
    assert set(found) == {"empty", "home", "save"}
    assert found["empty"].statements < found["save"].statements
    assert all(cost.p50_ms > 0 for cost in found.values())


def test_a_bound_that_is_passed_is_said() -> None:
    over, kept = Verdict(what="home", is_at=3.1, may_be=3.0), Verdict(what="home", is_at=3.0, may_be=3.0)
    assert (over.holds, kept.holds) == (False, True)
    assert str(over) == "OVER home: 3.10 (at most 3)"
