"""The worked example is told to its end by the commands that people use."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ActionItemRow, ClockStopRow, EditionRow, IncidentRow, ObligationRow, PostmortemRow, UserRow
from pmcore.domain.permissions import Forbidden
from pmcore.domain.vocabulary import Role
from pmcore.usecases import example_story as story
from pmcore.usecases.example import AlreadyLoaded, LoadExample
from pmcore.usecases.example_cast import PEOPLE
from tests.factories import make_policy, make_user, make_workspace
from wiring import run


@pytest.fixture
def administrator(rows):
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        return make_user(session, "Ada", Role.ADMINISTRATOR).id


@pytest.fixture
def told(wired, as_user, administrator):
    with as_user(administrator):
        postmortem_id = run(LoadExample())
    with Session(wired) as session:
        yield session, session.get(PostmortemRow, postmortem_id)


def test_it_is_published_signed_and_a_dry_run(told):
    session, postmortem = told
    incident = session.get(IncidentRow, postmortem.incident_id)
    edition = session.get(EditionRow, (postmortem.id, 1))
    assert (postmortem.status, incident.dry_run, incident.public_id) == ("published", True, "P0-001")
    assert len(edition.content["signatures"]) == 3
    assert incident.impact_seconds == 12 * 60


def test_both_clocks_stopped_in_time(told):
    session, postmortem = told
    owed = session.get(ObligationRow, postmortem.incident_id)
    stops = {stop.clock: stop.at for stop in session.scalars(select(ClockStopRow))}
    assert stops == {"drafted": story.DRAFT_SHARED, "published": story.PUBLISHED}
    assert stops["published"] < owed.published_due_at


def test_its_six_items_are_promised_to_their_owners(told):
    session, postmortem = told
    items = session.scalars(select(ActionItemRow).order_by(ActionItemRow.number)).all()
    assert [item.due_on for item in items] == [item.due_on for item in story.ITEMS]
    assert {item.state for item in items} == {"committed"}
    assert postmortem.items_total == 6


def test_its_people_cannot_sign_in(told):
    session, _ = told
    cast = session.scalars(select(UserRow).where(UserRow.username.startswith("example-"))).all()
    assert len(cast) == len(PEOPLE)
    assert not any(person.active or person.password_hash for person in cast)


def test_it_is_told_once(told, as_user, administrator):
    with as_user(administrator), pytest.raises(AlreadyLoaded):
        run(LoadExample())


def test_only_an_administrator_tells_it(wired, rows, as_user, administrator):
    with rows() as session:
        engineer = make_user(session, "Boris", Role.ENGINEER).id
    with as_user(engineer), pytest.raises(Forbidden):
        run(LoadExample())
