"""The timeline: what happened when, told by whom. Rows of the section's content, read, ordered and checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pmcore.domain.content import MAX_LINE, clean
from pmcore.domain.errors import N_, PmError
from pmcore.domain.vocabulary import TimelineKind

MOST_ENTRIES = 500
SKEW = timedelta(minutes=5)  #: clocks of people and servers differ by so much


class BadEntry(PmError):
    """A row cannot be kept as it is; the sentence says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    id: str  #: uuid; that of the log entry it came from
    at: datetime | None  #: UTC; None only when a stored row holds no readable time
    kind: TimelineKind
    event: str
    actor: str  #: a person, a system, "@engineer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A row and the incident name different times for the same fact; nothing is changed by itself."""

    fact: str  #: "detected_at", a field of the incident
    entry_id: str
    told_at: datetime  #: by the timeline
    known_at: datetime | None  #: by the incident; None is unknown


#: Which row tells which fact: the first of its kind, for the resolution the last.
FACTS = {
    "started_at": TimelineKind.INCIDENT_START,
    "detected_at": TimelineKind.ALERT,
    "acknowledged_at": TimelineKind.ACKNOWLEDGED,
    "resolved_at": TimelineKind.RESOLVED,
}


def stored(at: datetime) -> str:
    """A moment as rows keep it: "2025-12-14T07:02:15+00:00"."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def row(entry: Entry) -> dict[str, str]:
    return {
        "id": entry.id, "at": stored(entry.at) if entry.at else "", "kind": entry.kind.value,
        "event": entry.event, "actor": entry.actor,
    }  # fmt: skip


def read(rows: Iterable[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """The rows as entries, in the order in which they are stored. What cannot be read becomes unknown, not an error."""
    return tuple(
        Entry(
            id=str(row["id"]), at=_moment(str(row.get("at") or "")), kind=_kind(str(row.get("kind") or "")),
            event=str(row.get("event") or ""), actor=str(row.get("actor") or ""),
        )
        for row in rows
    )  # fmt: skip


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _kind(text: str) -> TimelineKind:
    return TimelineKind(text) if text in set(TimelineKind) else TimelineKind.OTHER


def checked(entry: Entry, *, now: datetime) -> Entry:
    """The entry with its texts cleaned. Raises BadEntry, BadText."""
    event = clean(entry.event, longest=MAX_LINE, field="event").strip()
    if not event:
        raise BadEntry(N_("Say what happened."), field="event")
    if entry.at is None:
        raise BadEntry(N_("Give the time of this event."), field="at")
    if entry.at > now + SKEW:
        raise BadEntry(N_("This time is still to come; a timeline tells what has happened."), field="at")
    return replace(entry, event=event, actor=clean(entry.actor, longest=MAX_LINE, field="actor").strip())


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """By time; rows of the same second stay as they are, rows without a time come last."""
    return tuple(sorted(entries, key=lambda entry: (entry.at is None, entry.at or datetime.max.replace(tzinfo=UTC))))


def out_of_order(entries: Iterable[Entry]) -> frozenset[str]:
    """The ids of the rows that are earlier than a row before them, or have no time."""
    stray: set[str] = set()
    latest: datetime | None = None
    for entry in entries:
        if entry.at is None or (latest is not None and entry.at < latest):
            stray.add(entry.id)
        else:
            latest = entry.at
    return frozenset(stray)


def put(entries: Iterable[Entry], entry: Entry) -> tuple[Entry, ...]:
    """With the entry in the place of the one with its id, or added; sorted. Raises BadEntry when there are too many."""
    known = list(entries)
    if any(other.id == entry.id for other in known):
        return in_order(entry if other.id == entry.id else other for other in known)
    return join(known, (entry,))


def join(entries: Iterable[Entry], more: Iterable[Entry]) -> tuple[Entry, ...]:
    """Both lists as one, sorted. Raises BadEntry when that is more than a reader can take in."""
    joined = in_order((*entries, *more))
    if len(joined) > MOST_ENTRIES:
        raise BadEntry(
            N_("A timeline holds {most} rows; this would make {count}. Keep those that explain the incident."),
            field="entries", most=MOST_ENTRIES, count=len(joined),
        )  # fmt: skip
    return joined


def without(entries: Iterable[Entry], entry_id: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.id != entry_id)


def told(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Which entry tells which fact of the incident; facts that no row tells are absent."""
    telling: dict[str, Entry] = {}
    for entry in in_order(entries):
        for fact, kind in FACTS.items():
            if entry.kind is kind and entry.at is not None and (fact == "resolved_at" or fact not in telling):
                telling[fact] = entry
    return telling


def disagreements(entries: Iterable[Entry], known: Mapping[str, datetime | None]) -> tuple[Disagreement, ...]:
    """Where the timeline and the incident differ, to the second, in the order of FACTS.

    `known` holds the facts of the incident that the reader may correct; others are not compared.
    """
    telling = told(entries)
    return tuple(
        Disagreement(fact=fact, entry_id=telling[fact].id, told_at=at, known_at=known[fact])
        for fact in FACTS
        if fact in telling and fact in known and (at := telling[fact].at) is not None and not _same(at, known[fact])
    )


def _same(one: datetime, other: datetime | None) -> bool:
    return other is not None and stored(one) == stored(other)
