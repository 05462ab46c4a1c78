"""How SQLite goes about the questions of every day: by an index, whatever the size."""

import re

import pytest
from sqlalchemy import Engine, text

from db.queries import actions, inbox, incident, ledger, reading, recurrences, section_text, tracker
from db.queries import writing as writing_query
from db.queries.metrics import metrics
from db.unit_of_work import unit_of_work
from pmcore.domain.permissions import Actor
from pmcore.domain.tracker import TrackerColumn
from pmcore.domain.vocabulary import (
    ActionState,
    ClockState,
    ObligationLevel,
    PostmortemStatus,
    Role,
    SectionKey,
    Severity,
)
from pmcore.readmodels.actions import ActionFilter, Due, Sort
from pmcore.readmodels.ledger import LedgerFilter, LedgerSort
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
    """`plans(ask)`: the steps by which SQLite answers what `ask` says; its totals, which are remembered, apart.
    `of` is in the statements that are meant."""
    workspace.fill(db, 200, now=NOON)

    def explained(ask, of: str = "") -> list[str]:
        with statements() as said:
            ask()
        steps = []
        with db.connect() as connection:
            for each in said:
                if each.lstrip().upper().startswith("SELECT COUNT") or of not in each:
                    continue
                driver = connection.connection.driver_connection
                plan = driver.execute(f"EXPLAIN QUERY PLAN {each}", [None] * each.count("?")).fetchall()
                steps += [step[3] for step in plan]
        return steps

    return explained


def scans(steps: list[str]) -> list[str]:
    """Steps that read a whole large table."""
    return [step for step in steps if re.match(rf"SCAN ({'|'.join(LARGE)})\b(?!.*USING)", step)]


def sorts(steps: list[str]) -> list[str]:
    """Steps that sort what an index did not."""
    return [step for step in steps if "TEMP B-TREE FOR" in step and "ORDER BY" in step]


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


TRACKER_FILTERS = {
    "service_id": 1, "severities": (Severity.P0,), "statuses": (PostmortemStatus.DRAFT,), "author_id": 2,
    "since": NOON.date(), "until": NOON.date(), "text": "pool", "dry_runs": True,
}  # fmt: skip
LEDGER_FILTERS = {
    "severities": (Severity.P0,), "service_ids": (1,), "author_id": 2, "mine": True, "text": "pool", "dry_runs": True,
    "levels": (ObligationLevel.REQUIRED,), "clocks": (ClockState.MISSED,),
}  # fmt: skip
ACTION_FILTERS = {
    "states": (ActionState.BLOCKED,), "owner_id": 2, "due": Due.OVERDUE, "text": "pool", "dry_runs": True,
}  # fmt: skip


@pytest.mark.parametrize("name", TRACKER_FILTERS)
def test_every_filter_of_the_tracker_has_an_index(db: Engine, plans, name) -> None:
    filter = TrackerFilter(**{name: TRACKER_FILTERS[name]})
    steps = plans(lambda: tracker.tracker(db, actor=ANNA, filter=filter))
    assert not scans(steps), steps


@pytest.mark.parametrize("name", LEDGER_FILTERS)
def test_every_filter_of_the_incidents_has_an_index(db: Engine, plans, name) -> None:
    filter = LedgerFilter(sort=LedgerSort.NEWEST, **{name: LEDGER_FILTERS[name]})
    steps = plans(lambda: ledger.ledger(db, actor=ANNA, now=NOON, filter=filter, period=(None, None)))
    assert not scans(steps), steps


@pytest.mark.parametrize("name", ACTION_FILTERS)
def test_every_filter_of_the_actions_has_an_index(db: Engine, plans, name) -> None:
    filter = ActionFilter(**{name: ACTION_FILTERS[name]})
    steps = plans(lambda: actions.actions(db, actor=ANNA, now=NOON, filter=filter))
    assert not scans(steps), steps


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", Sort)
def test_every_order_of_the_actions_reads_open_items_only(db: Engine, plans, sort, descending) -> None:
    filter = ActionFilter(sort=sort, descending=descending)
    steps = plans(lambda: actions.actions(db, actor=ANNA, now=NOON, filter=filter))
    assert not scans(steps), steps


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", TrackerColumn)
def test_the_tracker_is_read_in_the_order_of_an_index(db: Engine, plans, column, descending) -> None:
    steps = plans(lambda: tracker.tracker(db, actor=ANNA, filter=TrackerFilter(sort=column, descending=descending)))
    assert not [step for step in scans(steps) if column is not TrackerColumn.LINK], steps  # the key is an index, too
    in_order_of_its_beginning = column is TrackerColumn.IMPACT and not descending  # the rest among equals only
    assert not sorts(steps) or in_order_of_its_beginning, steps
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps, steps


@pytest.mark.parametrize("sort", LedgerSort)
def test_incidents_are_read_in_the_order_of_an_index(db: Engine, plans, sort) -> None:
    filter = LedgerFilter(sort=sort)
    steps = plans(lambda: ledger.ledger(db, actor=ANNA, now=NOON, filter=filter, period=(None, None)), of="LIMIT")
    assert not scans(steps), steps
    assert any(step.startswith("SCAN incident USING INDEX") for step in steps), steps
    assert not sorts(steps), steps


@pytest.mark.parametrize("descending", [False, True])
def test_open_items_are_read_in_the_order_of_what_is_due(db: Engine, plans, descending) -> None:
    steps = plans(lambda: actions.actions(db, actor=ANNA, now=NOON, filter=ActionFilter(descending=descending)))
    assert "SCAN action_item USING INDEX ix_action_item_open" in steps, steps
    assert not sorts(steps), steps


def test_own_items_are_found_in_the_order_of_what_is_due(db: Engine, plans) -> None:
    steps = plans(lambda: actions.mine(db, actor=ANNA, now=NOON))
    assert "SEARCH action_item USING INDEX ix_action_item_open_owner (owner_id=?)" in steps, steps
    assert not sorts(steps), steps


def test_home_looks_at_what_is_open_only(db: Engine, plans) -> None:
    """Not at all items, invitations and post-mortems that a person ever had."""
    steps = plans(lambda: inbox.inbox(db, actor=ANNA, now=NOON))
    assert not scans(steps), steps
    for index in (
        "ix_action_item_open_owner (owner_id=?)", "ix_postmortem_unfinished (author_id=?)",
        "ix_meeting_held_at_starts_at (held_at=?)", "ix_postmortem_amendment",
    ):  # fmt: skip
        assert any(index in step for step in steps), (index, steps)


@pytest.mark.parametrize(
    ("ask", "indexes"),
    [
        pytest.param(
            lambda db: tracker.tracker(db, actor=ANNA, filter=TrackerFilter()),
            ("ix_incident_not_for_all", "ix_postmortem_not_for_all"),
            id="tracker",
        ),
        pytest.param(
            lambda db: ledger.ledger(db, actor=ANNA, now=NOON, filter=LedgerFilter(), period=(None, None)),
            ("ix_incident_not_for_all",),
            id="incidents",
        ),
        pytest.param(
            lambda db: actions.actions(db, actor=ANNA, now=NOON, filter=ActionFilter()),
            ("ix_incident_not_for_all", "ix_postmortem_not_for_all", "COVERING INDEX ix_action_item_open"),
            id="actions",
        ),
    ],
)
def test_a_total_reads_only_what_is_not_for_everybody(db: Engine, plans, ask, indexes) -> None:
    steps = plans(lambda: ask(db))
    for index in indexes:
        assert any(index in step for step in steps), (index, steps)


def test_a_log_is_found_by_its_incident(db: Engine, plans) -> None:
    steps = plans(lambda: incident.log(db, actor=ANNA, incident_id=50))
    assert not scans(steps), steps
    assert any("ix_log_entry_incident_id_at" in step for step in steps), steps


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda db: tracker.tracker(db, actor=ANNA, filter=TrackerFilter()), id="tracker"),
        pytest.param(
            lambda db: ledger.ledger(db, actor=ANNA, now=NOON, filter=LedgerFilter(), period=(None, None)),
            id="incidents",
        ),
        pytest.param(lambda db: actions.actions(db, actor=ANNA, now=NOON, filter=ActionFilter()), id="actions"),
        pytest.param(lambda db: inbox.inbox(db, actor=ANNA, now=NOON), id="home"),
    ],
)
def test_no_list_reads_a_text(db: Engine, statements, ask) -> None:
    workspace.fill(db, 200, now=NOON)
    with statements() as said:
        ask(db)
    assert said
    assert not [each for each in said if re.search(r"\b(section|revision|edition)\.content\b", each)]


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
