"""How many there are: the totals count what is hidden, and say the same as leafing through all pages."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from db.models import ActionItemRow, IncidentRow, PostmortemRow
from db.queries import actions, ledger, totals, tracker
from pmcore.domain.action_item import OPEN
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import ActionState, Role
from pmcore.readmodels.actions import OPEN_STATES, ActionFilter
from pmcore.readmodels.ledger import LedgerFilter
from pmcore.readmodels.tracker import TrackerFilter
from tests.bench import workspace
from tests.factories import NOON

PEOPLE = {1: Role.ENGINEER, 5: Role.ENGINEER, 38: Role.ENGINEERING_MANAGER, 40: Role.ADMINISTRATOR}


@pytest.fixture(scope="module", params=PEOPLE)
def actor(request) -> Actor:
    return Actor(user_id=request.param, name="Somebody", roles=frozenset({PEOPLE[request.param]}))


@pytest.fixture
def mixed(db: Engine) -> Engine:
    """Everything that some list leaves out for somebody, alone and together."""
    workspace.fill(db, 300, now=NOON)
    with Session(db.execution_options(writes=True)) as session, session.begin():
        session.execute(update(IncidentRow).where(IncidentRow.id.in_((11, 7, 3))).values(deleted_at=NOON))
        session.execute(update(IncidentRow).where(IncidentRow.id.in_((12, 15, 16, 51, 90))).values(restricted=True))
        session.execute(update(IncidentRow).where(IncidentRow.id.in_((16, 18, 60))).values(dry_run=True))
        session.execute(update(PostmortemRow).where(PostmortemRow.id.in_((21, 22, 12))).values(deleted_at=NOON))
        session.execute(update(PostmortemRow).where(PostmortemRow.id.in_((31, 32))).values(shared_at=None))
        session.execute(update(ActionItemRow).where(ActionItemRow.id.in_((25, 26))).values(deleted_at=NOON))
    return db


def leafed(ask: Callable[[int], Any]) -> tuple[int, int]:
    """The total that the first page says, and the rows of all pages."""
    first = ask(1)
    return first.total, sum(len(ask(number).rows) for number in range(1, first.pages + 1))


@pytest.mark.parametrize("dry_runs", [False, True])
def test_of_the_tracker(mixed: Engine, actor, dry_runs) -> None:
    filter = TrackerFilter(dry_runs=dry_runs)
    total, rows = leafed(lambda number: tracker.tracker(mixed, actor=actor, filter=filter, number=number))
    assert total == rows
    assert 200 < total < 300


@pytest.mark.parametrize("dry_runs", [False, True])
def test_of_the_incidents(mixed: Engine, actor, dry_runs) -> None:
    def page(number: int) -> Any:
        filter = LedgerFilter(dry_runs=dry_runs, page=number)
        return ledger.ledger(mixed, actor=actor, now=NOON, filter=filter, period=(None, None))

    total, rows = leafed(page)
    assert total == rows
    assert 200 < total < 300


@pytest.mark.parametrize(
    "states", [OPEN_STATES, (ActionState.BLOCKED,), (ActionState.COMMITTED, ActionState.VERIFIED), ()]
)
@pytest.mark.parametrize(("owner_id", "dry_runs"), [(None, False), (None, True), (1, False), (33, True)])
def test_of_the_actions(mixed: Engine, actor, states, owner_id, dry_runs) -> None:
    def page(number: int) -> Any:
        filter = ActionFilter(states=states, owner_id=owner_id, dry_runs=dry_runs, page=number)
        return actions.actions(mixed, actor=actor, now=NOON, filter=filter)

    total, rows = leafed(page)
    assert total == rows
    assert total > 0 or owner_id


def test_open_means_what_the_domain_says(mixed: Engine) -> None:
    """The condition names the other states, as the index does."""
    assert frozenset(OPEN_STATES) == OPEN
    with Session(mixed) as session:
        found = set(session.scalars(select(ActionItemRow.state).where(totals.IS_OPEN)))
    assert found == {state.value for state in OPEN}
