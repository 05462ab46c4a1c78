"""A line noted while the incident is going on: when, of what kind, by whom. It becomes a row of the timeline."""

import re
from dataclasses import dataclass
from datetime import datetime

from pmcore.domain.content import MAX_LINE, clean
from pmcore.domain.errors import N_, PmError
from pmcore.domain.moments import parse
from pmcore.domain.vocabulary import TimelineKind

COMMANDS: dict[str, TimelineKind] = {
    "start": TimelineKind.INCIDENT_START,
    "alert": TimelineKind.ALERT,
    "paged": TimelineKind.PAGED,
    "ack": TimelineKind.ACKNOWLEDGED,
    "id": TimelineKind.IDENTIFIED,
    "fix": TimelineKind.FIX,
    "recovered": TimelineKind.RECOVERED,
    "resolved": TimelineKind.RESOLVED,
}

#: Which fact of the incident a kind of entry may give its time to, when somebody asks for it.
FACT_OF_KIND: dict[TimelineKind, str] = {
    TimelineKind.INCIDENT_START: "started_at",
    TimelineKind.ALERT: "detected_at",
    TimelineKind.ACKNOWLEDGED: "acknowledged_at",
    TimelineKind.RESOLVED: "resolved_at",
}

_COMMAND = re.compile(r"/([a-z]+)(?:\s+|$)", re.IGNORECASE)
_LEADING_TIME = re.compile(
    r"\[?(-\s?(?:\d{1,9}\s?[a-zа-я]+)+|\d{1,2}:\d{2}(?::\d{2})?)\]?(?:\s+[-–—]\s+|\s+|$)", re.IGNORECASE
)


class EmptyEntry(PmError):
    """Nothing was noted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    id: int = 0  #: 0 before it is stored
    uuid: str  #: becomes the id of the timeline row
    incident_id: int
    at: datetime
    kind: TimelineKind
    text: str
    author_id: int
    author: str = ""  #: name, read with the entry
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What a typed line says."""

    at: datetime
    kind: TimelineKind
    text: str


def read_line(
    line: str, *, now: datetime, zone: str, since: datetime | None = None, kind: TimelineKind = TimelineKind.OTHER
) -> Noted:
    """A line as typed: a command and a time may lead it, in either order; everything else is text.

    A time of day alone is the first one since `since` (the incident's start). Raises EmptyEntry, BadMoment, BadText.
    """
    rest, at, given = clean(line, longest=MAX_LINE, field="line").strip(), now.replace(microsecond=0), False
    for _ in range(2):
        command = _COMMAND.match(rest)
        if command and command[1].casefold() in COMMANDS:
            kind, given, rest = COMMANDS[command[1].casefold()], True, rest[command.end() :]
        elif leading := _LEADING_TIME.match(rest):
            at = parse(leading[1], now=now, zone=zone, after=since, field="line")
            rest = rest[leading.end() :]
    text = " ".join(rest.split())
    if not text and not given:
        raise EmptyEntry(N_("Write what happened, in a few words."), field="line")
    return Noted(at=at, kind=kind, text=text)
