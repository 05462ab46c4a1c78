"""How SQLite goes about the questions of every day: by an index, whatever the size."""

import re

import pytest
from sqlalchemy import Engine, text

from db.queries import actions, reading, recurrences, section_text, tracker
from db.queries import writing as writing_query
from db.queries.metrics import metrics
from db.unit_of_work import unit_of_work
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import Role, SectionKey
from pmcore.readmodels.metrics import usual_filter
from pmcore.readmodels.tracker import TrackerFilter
from tests.bench import workspace
from tests.factories import NOON, an_incident

LARGE = (
    "incident", "recurrences", "postmortem", "action_item", "section", "revision", "edition", "comment", "audit",
    "clock_stop", "log_entry",
)  # fmt: skip
ANNA = Actor(user_id=1, name="Engineer 01", roles=frozenset({Role.ENGINEER}))

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def plans(db: Engine, statements):
    """`plans(ask)`: the steps by which SQLite answers what `ask` says; its totals, which are remembered, apart."""
    workspace.fill(db, 200, now=NOON)

    def explained(ask) -> list[str]:
        with statements() as said:
            ask()
        steps = []
        with db.connect() as connection:
            for each in said:
                if each.lstrip().upper().startswith("SELECT COUNT"):
                    continue
                driver = connection.connection.driver_connection
                plan = driver.execute(f"EXPLAIN QUERY PLAN {each}", [None] * each.count("?")).fetchall()
                steps += [step[3] for step in plan]
        return steps

    return explained


def scans(steps: list[str]) -> list[str]:
    """Steps that read a whole large table."""
    return [step for step in steps if re.match(rf"SCAN ({'|'.join(LARGE)})\b(?!.*USING)", step)]


def looked(db: Engine) -> None:
    with unit_of_work(db)() as work:
        work.recurrences.candidates(an_incident(id=50, alert_name="HighErrorRate", started_at=NOON))


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda db: tracker.tracker(db, actor=ANNA, filter=TrackerFilter()), id="tracker"),
        pytest.param(lambda db: actions.mine(db, actor=ANNA, now=NOON), id="my items"),
        pytest.param(lambda db: actions.of_postmortem(db, actor=ANNA, now=NOON, postmortem_id=4), id="items of one"),
        pytest.param(lambda db: writing_query.writing(db, actor=ANNA, postmortem_id=10), id="write"),
        pytest.param(lambda db: reading.reading(db, actor=ANNA, now=NOON, postmortem_id=4), id="read"),
        pytest.param(lambda db: recurrences.recurrences(db, actor=ANNA, incident_id=50), id="repetitions"),
        pytest.param(lambda db: looked(db), id="look whether it repeats"),
        pytest.param(
            lambda db: section_text.section(db, actor=ANNA, postmortem_id=10, key=SectionKey.SUMMARY), id="section"
        ),
    ],
)
def test_no_large_table_is_read_as_a_whole(db: Engine, plans, ask) -> None:
    steps = plans(lambda: ask(db))
    assert steps
    assert not scans(steps), steps


def test_the_metrics_look_at_their_period_only(db: Engine, plans) -> None:
    """By the index of the moment that puts a row there; and what repeats what is found by an index of its own."""
    steps = plans(lambda: metrics(db, actor=ANNA, now=NOON, filter=usual_filter(NOON.date())))
    assert set(scans(steps)) <= {"SCAN recurrences"}, steps  # pairs are few, and counted once
    for index in (
        "ix_obligation_drafted_due_at", "ix_obligation_starts_at", "ix_action_item_original_due_on",
        "ix_postmortem_first_published_at", "ix_meeting_starts_at", "ix_incident_started_at",
        "ix_action_item_new_detection",
    ):  # fmt: skip
        assert any(index in step for step in steps), (index, steps)
    assert any(step.startswith("SEARCH again USING AUTOMATIC") for step in steps), steps


def test_a_whole_scan_would_be_seen(db: Engine, plans) -> None:
    def ask() -> None:
        with db.connect() as connection:
            connection.execute(text("SELECT number FROM action_item WHERE title = ?".replace("?", "'x'"))).all()

    assert scans(plans(ask))
