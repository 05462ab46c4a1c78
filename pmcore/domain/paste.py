"""A timeline written elsewhere: a chat, a document, a sheet. Every line is read, skipped, or kept and marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from enum import StrEnum

from pmcore.domain import stamps
from pmcore.domain.content import MAX_LINE, clean
from pmcore.domain.errors import N_, PmError
from pmcore.domain.event_words import guess_kind, split_actor, split_mark
from pmcore.domain.timeline import MOST_ENTRIES
from pmcore.domain.vocabulary import TimelineKind

MOST_CHARACTERS = 200_000
MOST_LINES = 4 * MOST_ENTRIES


class TooMuch(PmError):
    """More was pasted than a timeline can hold; nothing was read."""


class LineState(StrEnum):
    READ = "read"  #: became a row
    SKIPPED = "skipped"  #: a heading, a table's frame, a blank line: nothing is lost
    ADDED = "added"  #: belongs to the row above
    UNREAD = "unread"  #: kept and shown; `problem` says why


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    number: int  #: in the pasted block, from 1
    text: str  #: as it was pasted
    state: LineState
    at: datetime | None = None  #: UTC; of a line that was read
    kind: TimelineKind = TimelineKind.OTHER  #: a guess
    event: str = ""
    actor: str = ""
    problem: PmError | None = None
    is_early: bool = False  #: earlier than a row before it in the block


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    lines: tuple[Line, ...]
    said_zone: str  #: "CET" where the text says "All times in CET"
    zone: tzinfo | None  #: that zone, when it is known

    @property
    def rows(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state is LineState.READ)

    @property
    def unread(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state is LineState.UNREAD)


def parse(text: str, *, on: date, after: datetime | None, zone: tzinfo) -> Pasted:
    """The block, line by line. Times of day belong to `on` or to the day of `after`, and run past midnight.

    Raises TooMuch, BadText.
    """
    lines = clean(text, longest=MOST_CHARACTERS, field="paste").split("\n")
    if len(lines) > MOST_LINES:
        raise TooMuch(
            N_("This block has {lines} lines; {most} can be read at once. Paste it in parts."),
            field="paste", lines=len(lines), most=MOST_LINES,
        )  # fmt: skip
    said, known = stamps.said_zone(text)
    reader = _Reader(on=on, after=after, zone=zone)
    read = _merged(reader.line(number, line) for number, line in enumerate(lines, 1))
    return Pasted(lines=tuple(read), said_zone=said, zone=known)


def _merged(lines: Iterator[Line]) -> list[Line]:
    """Lines that belong to the row above become part of its event."""
    merged: list[Line] = []
    row = -1
    for line in lines:
        if line.state is LineState.ADDED:
            above = merged[row]
            merged[row] = replace(above, event=f"{above.event} {line.event}".strip()[:MAX_LINE])
        elif line.state is LineState.READ:
            row = len(merged)
        merged.append(line)
    return [_guessed(line) for line in merged]


def _guessed(line: Line) -> Line:
    if line.state is LineState.READ and line.kind is TimelineKind.OTHER:
        return replace(line, kind=guess_kind(line.event))
    return line


_BULLET = re.compile(r"^(?P<indent>\s*)(?P<mark>(?:[-*+•–]|\d{1,3}[.)]|>+)\s+(?:\[[ xX]\]\s+)?)?")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_FRAME = re.compile(r"^[\s|:=+_-]*$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_COLUMNS = {
    "at": ("time", "when", "время", "когда"),
    "on": ("date", "day", "дата"),
    "event": ("event", "what", "description", "action", "событие", "описание", "что"),
    "actor": ("actor", "who", "by", "owner", "участник", "кто", "автор"),
}


class _Reader:
    """Reads line after line; remembers the day, the latest moment and the columns of the table it is in."""

    def __init__(self, *, on: date, after: datetime | None, zone: tzinfo) -> None:
        self._on = on
        self._after = after
        self._zone = zone
        self._columns: dict[str, int] | None = None
        self._under_heading = False  #: what follows a heading with a time is told about that time
        self._latest: datetime | None = None  #: of the rows read so far
        self._fenced = False

    def line(self, number: int, text: str) -> Line:
        blank = Line(number=number, text=text, state=LineState.SKIPPED)
        if _FENCE.match(text):
            self._fenced = not self._fenced
            return blank
        if self._fenced and self._under_heading:
            return replace(blank, state=LineState.ADDED, event=text.strip())
        if _FRAME.match(text):
            return blank
        if cells := _cells(text):
            return self._row(blank, cells)
        self._columns = None
        return self._prose(blank, text)

    def _row(self, blank: Line, cells: list[str]) -> Line:
        columns = _header(cells)
        if columns is not None:
            self._columns = columns
            return blank
        place = self._columns or {"at": 0, "event": 1, "actor": 2}
        self._under_heading = False
        at = " ".join(cell for cell in (_cell(cells, place, "on"), _cell(cells, place, "at")) if cell)
        return self._read(blank, at, event=_cell(cells, place, "event"), actor=_cell(cells, place, "actor"))

    def _prose(self, blank: Line, text: str) -> Line:
        unread = replace(blank, state=LineState.UNREAD, problem=PmError(N_("No time at the beginning of this line.")))
        heading = _HEADING.match(text)
        bullet = _BULLET.match(text)
        bare = text[heading.end() :] if heading else text[bullet.end() :] if bullet else text
        try:
            stamp = stamps.read(bare)
        except stamps.BadTime as problem:
            self._under_heading = False
            return replace(blank, state=LineState.UNREAD, problem=problem)
        if stamp is not None and stamp.at is not None:
            self._under_heading = bool(heading) or not stamp.rest
            return self._read(blank, bare, event="", actor="")
        if stamp is not None and stamp.on is not None and not stamp.rest:
            self._on, self._after, self._under_heading = stamp.on, None, False
            return blank
        if heading or (self._latest is None and _is_preface(bare)):
            self._under_heading = False
            return blank if _is_preface(bare) or "timeline" in bare.casefold() else unread
        if self._latest is not None and (
            self._under_heading or (text[:1] in " \t" and not (bullet and bullet["mark"]))
        ):
            return replace(blank, state=LineState.ADDED, event=text.strip())
        return unread

    def _read(self, blank: Line, at: str, *, event: str, actor: str) -> Line:
        """A line whose beginning, or whose time cell, should be a time; the rest of it is the event."""
        try:
            stamp = stamps.read(at)
            if stamp is None:
                return replace(blank, state=LineState.UNREAD, problem=PmError(N_("No time in the first column.")))
            if stamp.on is not None:
                self._on = stamp.on
            if stamp.at is None:
                self._after = None
            moment = stamps.moment(stamp, on=self._on, after=self._after, zone=self._zone)
        except stamps.BadTime as problem:
            return replace(blank, state=LineState.UNREAD, problem=problem)
        is_early = self._latest is not None and moment < self._latest
        self._after = moment
        self._latest = max(moment, self._latest or moment)
        told = " ".join(part for part in (stamp.rest, event) if part)
        kind, told = split_mark(told)
        if not actor:
            told, actor = split_actor(told)
        if stamp.until:
            told = f"{told} (until {stamp.until})".strip()
        return replace(
            blank, state=LineState.READ, at=moment, kind=kind, event=told[:MAX_LINE], actor=actor[:MAX_LINE],
            is_early=is_early,
        )  # fmt: skip


def _is_preface(text: str) -> bool:
    return stamps.said_zone(text)[0] != ""


def _cells(text: str) -> list[str]:
    """The cells of a Markdown table's row or of a row copied from a sheet; empty for any other line."""
    bare = text.strip()
    if bare.startswith("|") and bare.count("|") > 1:
        cells = re.split(r"(?<!\\)\|", bare.removeprefix("|"))
        return [cell.replace("\\|", "|").strip() for cell in (cells[:-1] if not cells[-1].strip() else cells)]
    if "\t" in bare and not text[:1].isspace():
        return [cell.strip() for cell in text.split("\t")]
    return []


def _cell(cells: list[str], place: dict[str, int], column: str) -> str:
    where = place.get(column, len(cells))
    return cells[where] if where < len(cells) else ""


def _header(cells: list[str]) -> dict[str, int] | None:
    """Which column is where, when the row names them; a time column there must be."""
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        words = re.findall(r"\w+", cell.casefold())
        for column, names in _COLUMNS.items():
            if column not in columns and len(words) <= 6 and any(word in names for word in words):
                columns[column] = place
                break
    return columns if "at" in columns and len(columns) > 1 else None
