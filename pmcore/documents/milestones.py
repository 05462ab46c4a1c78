"""Five moments that tell an incident: from the facts, and where these are silent from the kinds of timeline rows.

Words of the timeline stay out: they name people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pmcore.documents import facts
from pmcore.documents.source import Source
from pmcore.domain.timeline import Entry, in_order, read
from pmcore.domain.vocabulary import SectionKey, TimelineKind
from pmcore.words import times


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    label: str
    at: str  #: "10:02:15", on another day than the start "2025-12-15 00:02:15"; empty: unknown
    after: str  #: "2 min 15 s", since the start; empty for the start itself


#: Of each the ways to tell it, the first that is known: what it is called then, and a fact or a kind of row.
_TOLD: tuple[tuple[tuple[str, str | TimelineKind], ...], ...] = (
    (("Started", "started_at"), ("Started", TimelineKind.INCIDENT_START)),
    (("Noticed", "detected_at"), ("Noticed", TimelineKind.ALERT)),
    (
        ("Cause found", TimelineKind.IDENTIFIED),
        ("Acknowledged", "acknowledged_at"),
        ("Acknowledged", TimelineKind.ACKNOWLEDGED),
    ),
    (("Fix applied", TimelineKind.FIX), ("Service recovered", TimelineKind.RECOVERED)),
    (("Resolved", "resolved_at"), ("Resolved", TimelineKind.RESOLVED)),
)


def of(source: Source) -> tuple[Milestone, ...]:
    """Always five, in this order."""
    known = source.facts(SectionKey.DETAILS)
    entries = in_order(read(source.rows(SectionKey.TIMELINE, "entries")))
    start: datetime | None = None
    found: list[Milestone] = []
    for ways in _TOLD:
        moments = ((name, _moment(way, known, entries, source.zone)) for name, way in ways)
        name, at = next((told for told in moments if told[1]), (ways[0][0], None))
        start = start or at
        found.append(_milestone(name, at, start))
    return tuple(found)


def _moment(
    way: str | TimelineKind, known: Mapping[str, str], entries: tuple[Entry, ...], zone: str
) -> datetime | None:
    if not isinstance(way, TimelineKind):
        return facts.local(known.get(way, ""), zone)
    # Of a resolution the last row counts: an incident may be thought over too early.
    told = [entry.at for entry in entries if entry.kind is way and entry.at]
    chosen = (told[-1] if way is TimelineKind.RESOLVED else told[0]) if told else None
    return facts.local(chosen.isoformat(), zone) if chosen else None


def _milestone(name: str, at: datetime | None, start: datetime | None) -> Milestone:
    if at is None:
        return Milestone(label=name, at="", after="")
    is_same_day = start is None or start.date() == at.date()
    seconds = (at - start).total_seconds() if start else 0.0
    return Milestone(
        label=name,
        at=f"{at:%H:%M:%S}" if is_same_day else f"{at:%Y-%m-%d %H:%M:%S}",
        after=times.duration(seconds) if seconds > 0 else "",
    )
