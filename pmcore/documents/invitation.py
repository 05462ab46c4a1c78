"""The meeting as a calendar entry (RFC 5545), by the icalendar package, which escapes and folds every value.

It is published, not requested: an answer would go to a mail address, and this app knows of none. Moving the meeting
raises SEQUENCE under the same UID, so that a calendar replaces the older entry.
"""

import unicodedata
from datetime import timedelta

from icalendar import Calendar, Event, vCalAddress, vText

from pmcore.domain.meeting import agenda
from pmcore.readmodels.rail import MeetingView
from pmcore.readmodels.writing import WritingView
from pmcore.words import _, times
from pmcore.words.labels import AGENDA

PRODUCT = "-//Post-mortems//Meeting of day 7//EN"
NO_ADDRESS = "invalid:nomail"  #: what calendars write where there is no mail address


def calendar(writing: WritingView, meeting: MeetingView, *, url: str) -> bytes:
    """One VEVENT in UTC, lines ended by CR LF. Of a restricted incident only the public id leaves the app."""
    title = writing.public_id if writing.restricted else f"{writing.public_id} {_line(writing.title)}"
    event = Event()
    event.add("uid", _line(meeting.uid))
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("sequence", meeting.sequence)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.starts_at + timedelta(minutes=meeting.minutes))
    event.add("summary", _("Post-mortem meeting: {title}").format(title=title))
    event.add("description", f"{_agenda(meeting.minutes)}\n\n{url}")
    event.add("url", url)
    if meeting.place:
        event.add("location", _line(meeting.place))
    event["organizer"] = _person(meeting.facilitator, role="CHAIR")
    for each in meeting.attendees:
        person = _person(each.name, role="REQ-PARTICIPANT" if each.required else "OPT-PARTICIPANT")
        event.add("attendee", person, encode=False)
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add_component(event)
    return bytes(whole.to_ical())


def _agenda(minutes: int) -> str:
    lines = [_("Agenda, with the minute by which each part is over:")]
    lines += [f"{_(AGENDA[step])}: {times.minutes(ends)}" for step, ends in agenda(minutes)]
    return "\n".join(lines)


def _person(name: str, *, role: str) -> vCalAddress:
    person = vCalAddress(NO_ADDRESS)
    person.params["cn"] = vText(_line(name).replace('"', "'"))
    person.params["role"] = vText(role)
    return person


def _line(text: str) -> str:
    """On one line and without control characters, which no calendar may hold."""
    return " ".join("".join(" " if unicodedata.category(each) == "Cc" else each for each in text).split())
