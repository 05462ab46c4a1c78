""" "Use this time": the timeline's time becomes the incident's fact when somebody says so, and only then."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from db.models import IncidentRow
from pmcore.domain.errors import NotFound, Refusals
from pmcore.domain.permissions import Forbidden
from pmcore.domain.sections import FACTS
from pmcore.domain.vocabulary import Role, SectionKey
from pmcore.usecases.told_times import NoLongerTold, UseTime
from tests import reviewed
from tests.factories import NOON, make_user
from wiring import ask, run

START = NOON - timedelta(hours=5)
ALERT = START + timedelta(minutes=2)


@pytest.fixture
def story(wired, clock):
    story = reviewed.begun(wired)
    entries = [
        {"id": "a", "at": ALERT.isoformat(), "kind": "alert", "event": "Fired", "actor": ""},
        {"id": "r", "at": (START - timedelta(hours=1)).isoformat(), "kind": "resolved", "event": "Over", "actor": ""},
    ]
    reviewed.write(wired, story, SectionKey.TIMELINE, entries=entries)
    return story


def use(story, fact="detected_at", at=ALERT):
    return run(UseTime(postmortem_id=story.id, incident_id=story.incident_id, fact=fact, at=at))


def detected(engine, story):
    with Session(engine) as session:
        return session.get_one(IncidentRow, story.incident_id).detected_at


def test_nothing_is_written_by_itself(wired, story):
    assert detected(wired, story) == START + timedelta(minutes=2, seconds=15)


def test_the_fact_and_the_sections_that_show_it_follow(wired, story, as_user):
    with as_user(story.author):
        use(story)
        facts = ask.section(story.id, SectionKey.DETAILS).content[FACTS]
    assert detected(wired, story) == ALERT
    assert facts["time_to_detect_seconds"] == "120"


def test_an_offer_that_is_out_of_date_is_refused(wired, story, as_user):
    with as_user(story.author), pytest.raises(NoLongerTold):
        use(story, at=ALERT + timedelta(seconds=1))
    with as_user(story.author), pytest.raises(NoLongerTold):
        use(story, fact="acknowledged_at")
    assert detected(wired, story) == START + timedelta(minutes=2, seconds=15)


def test_an_impossible_time_is_refused_with_its_reason(story, as_user):
    with as_user(story.author), pytest.raises(Refusals, match="resolved before it started"):
        use(story, fact="resolved_at", at=START - timedelta(hours=1))


def test_only_facts_of_this_incident(story, as_user, rows):
    with as_user(story.author):
        with pytest.raises(NotFound):
            use(story, fact="title")
        with pytest.raises(NotFound):
            run(UseTime(postmortem_id=story.id + 1, incident_id=story.incident_id, fact="detected_at", at=ALERT))
    with rows() as session:
        viewer = make_user(session, "Vera Viewer", Role.VIEWER).id
    with as_user(viewer), pytest.raises(Forbidden):
        use(story)
