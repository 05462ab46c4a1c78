"""The meeting in a calendar: who gets it, and what no text can do to it."""

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from db.models import IncidentRow, MeetingRow, UserRow
from tests import reviewed
from tests.factories import NOON
from tests.rail import scheduled
from wiring import acting, run

EVIL = 'Mail"\r\nATTENDEE:mailto:evil@example.com\nBEGIN:VALARM;,\\ Привет ' + "ё" * 90


@pytest.fixture
def story(wired, clock):
    return scheduled(wired)


@pytest.fixture
def entry(client, session_of, story):
    def asked(user_id=None):
        session_of(user_id or story.bystander)
        return client.get(f"/download/meeting/{story.id}.ics")

    return asked


def event(response):
    (found,) = Calendar.from_ical(response.content).walk("VEVENT")
    return found


@pytest.mark.sqlite_only
def test_is_an_entry_of_an_hour_in_utc(entry, story):
    response = entry()
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/calendar; charset=utf-8")
    assert response.headers["content-disposition"] == 'attachment; filename="P0-001-meeting.ics"'
    assert response.headers["cache-control"] == "no-store"
    lines = response.content.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert all(len(line) <= 75 for line in lines)
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert {b"METHOD:PUBLISH", b"VERSION:2.0"} <= set(lines)
    assert any(line.startswith(b"PRODID:-//") for line in lines)
    found = event(response)
    assert found["dtstart"].dt == NOON + timedelta(days=5)
    assert found["dtstart"].dt.utcoffset() == timedelta(0)
    assert found["dtend"].dt - found["dtstart"].dt == timedelta(minutes=60)
    assert b"DTSTART:20251219T120000Z" in lines
    assert found["url"].endswith(f"/meeting?id={story.id}")
    assert "Timeline" in found["description"].split("\n")[1]
    roles = {one.params["cn"]: one.params["role"] for one in found["attendee"]}
    assert roles == {
        "Anna Petrova": "REQ-PARTICIPANT", "Boris Lead": "REQ-PARTICIPANT", "Clara Chief": "OPT-PARTICIPANT",
        "Egor Engineer": "REQ-PARTICIPANT",
    }  # fmt: skip


@pytest.mark.sqlite_only
def test_keeps_its_uid_when_it_is_moved(entry, story):
    before = event(entry())
    scheduled(None, story=story, days=6, version=1)
    after = event(entry())
    assert after["uid"] == before["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after["dtstart"].dt == NOON + timedelta(days=6)


@pytest.mark.sqlite_only
def test_no_text_gets_out_of_its_line(entry, story, wired):
    with Session(wired.execution_options(writes=True)) as session, session.begin():
        session.get(IncidentRow, story.incident_id).title = EVIL
        session.get(IncidentRow, story.incident_id).public_id = 'P0"\r\nX-Evil: 1'
        session.get(UserRow, story.author).name = EVIL
        session.get(MeetingRow, story.id).place = EVIL
    response = entry()
    assert response.status_code == 200
    assert response.headers["content-disposition"] == 'attachment; filename="P0X-Evil1-meeting.ics"'
    assert "x-evil" not in response.headers
    found = event(response)
    assert len(found["attendee"]) == 4
    assert not any(str(one) != "invalid:nomail" for one in found["attendee"])
    assert b"\r\nBEGIN:VALARM" not in response.content
    assert b"\r\nATTENDEE:mailto" not in response.content
    assert "Привет" in found["location"]


def test_of_a_restricted_incident_its_people_learn_the_id_only(entry, story, wired):
    with Session(wired.execution_options(writes=True)) as session, session.begin():
        session.get(IncidentRow, story.incident_id).restricted = True
    response = entry(story.author)
    assert "P0-001" in event(response)["summary"]
    assert b"Mail is down" not in response.content
    assert entry(story.bystander).status_code == 404


@pytest.mark.sqlite_only
@pytest.mark.parametrize("address", ["999", "x", "9" * 40, "1%0d%0aX:1"])
def test_nothing_is_answered_with_a_sentence(client, session_of, story, address):
    session_of(story.author)
    response = client.get(f"/download/meeting/{address}.ics")
    assert response.status_code == 404
    assert "content-disposition" not in response.headers


@pytest.mark.sqlite_only
def test_without_a_meeting_or_a_session_there_is_none(client, session_of, wired, clock):
    story = reviewed.begun(wired)
    assert client.get(f"/download/meeting/{story.id}.ics").status_code in (302, 303, 401)
    session_of(story.author)
    assert client.get(f"/download/meeting/{story.id}.ics").status_code == 404


@pytest.mark.sqlite_only
def test_speaks_the_language_of_its_reader(entry, story, wired):
    from pmcore.domain.vocabulary import Language
    from pmcore.usecases.account import ChangeProfile

    with acting.as_user(story.bystander):
        run(ChangeProfile(name="Egor Engineer", language=Language.RUSSIAN))
    assert "постмортем" in event(entry())["summary"].casefold()
