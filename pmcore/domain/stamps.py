"""A time as people write it at the beginning of a line, and the moment it means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from pmcore.domain.errors import N_, PmError

#: Hours from UTC of the abbreviations that people write behind a time.
ABBREVIATIONS = {
    "UTC": 0, "GMT": 0, "MSK": 3, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "WET": 0, "WEST": 1, "BST": 1,
    "PST": -8, "PDT": -7, "MST": -7, "MDT": -6, "CST": -6, "CDT": -5, "EST": -5, "EDT": -4,
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ABOUT = r"(?:(?:~|ca\.?|about)\s*)?"
_ZONE = rf"(?P<zone>\s*(?:Z\b|[+-]\d{{2}}:?\d{{2}}\b|\s(?:{'|'.join(ABBREVIATIONS)})\b))?"
_STAMP = re.compile(
    r"[\[(*_\s]*" + _ABOUT + r"(?:(?:(?P<iso>\d{4}-\d{1,2}-\d{1,2})|(?P<dotted>\d{1,2}\.\d{1,2}\.\d{4})"
    r"|(?P<named>[A-Za-z]{3,9}\.?\s+\d{1,2},?\s+\d{4}|\d{1,2}\s+[A-Za-z]{3,9}\.?,?\s+\d{4}))(?![\d-])(?:T(?=\d)|[,\s]+|(?=[\])*_|])|$))?"
    + _ABOUT
    + r"(?:(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?!\d)(?P<half>\s*[ap]\.?m\b\.?)?"
    + _ZONE
    + r"(?:\s*(?:-|–|—|to)\s*(?P<until>\d{1,2}:[\d?]{2}(?::\d{2})?))?)?"
    r"[~\])*_]*(?:\s*(?:[-–—:=>→|]+(?=\s|$))|(?=\s)|$)\s*(?P<rest>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_SAID = re.compile(r"\b(?:all\s+)?times?\s+(?:are\s+)?in\s+([^.\n|]{2,60})", re.IGNORECASE)
_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
HALF_A_DAY = timedelta(hours=12)


class BadTime(PmError):
    """The text is not a moment in this zone; the sentence says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What stood at the beginning of a line; `on` and `at` are never both None."""

    on: date | None
    at: time | None
    zone: tzinfo | None  #: when the line itself names one
    until: str  #: the end of "09:00 - 11:00", as written
    rest: str


def read(text: str) -> Stamp | None:
    """The date and time that a line begins with, or None when it begins with neither. Raises BadTime for 25:00."""
    found = _STAMP.match(text)
    if found is None:
        return None
    on = _date(found)
    if found["hour"] is None:
        return None if on is None else Stamp(on=on, at=None, zone=None, until="", rest=found["rest"].strip())
    return Stamp(
        on=on, at=_time(found), zone=_zone(found["zone"]), until=found["until"] or "", rest=found["rest"].strip()
    )


def moment(stamp: Stamp, *, on: date, after: datetime | None, zone: tzinfo) -> datetime:
    """The moment in UTC. A time of day alone belongs to the day of `after`, the moment noted before it, else to `on`;
    one that would lie more than half a day before `after` was noted past midnight and belongs to the next day.

    Raises BadTime for a time that the zone skips or has twice.
    """
    if stamp.at is None:
        raise BadTime(N_("This line has a date but no time of day."), field="at")
    zone = stamp.zone or zone
    if stamp.on is not None:
        return _in_zone(datetime.combine(stamp.on, stamp.at), zone=zone, after=after)
    day = after.astimezone(zone).date() if after else on
    if after is not None and datetime.combine(day, stamp.at) < after.astimezone(zone).replace(tzinfo=None) - HALF_A_DAY:
        day += timedelta(days=1)
    return _in_zone(datetime.combine(day, stamp.at), zone=zone, after=after)


def typed(text: str, *, on: date, after: datetime | None, zone: tzinfo) -> datetime:
    """The moment that one input holds: "10:02", "10:02:15" or with a date before it. Raises BadTime."""
    stamp = read(text.strip())
    if stamp is None or stamp.at is None or stamp.rest or stamp.until:
        raise BadTime(
            N_('"{text}" is not a time. Write it as 10:02:15, or with its date: 2025-12-14 10:02:15.'),
            field="at", text=text.strip()[:40],
        )  # fmt: skip
    return moment(stamp, on=on, after=after, zone=zone)


def said_zone(text: str) -> tuple[str, tzinfo | None]:
    """What a document says about its zone ("All times in CET") and the fixed offset meant, None when unknown."""
    said = _SAID.search(text)
    if said is None:
        return "", None
    words = said[1].strip()
    if offset := _OFFSET.search(words):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return words, (_fixed(minutes if offset[1] == "+" else -minutes) if minutes < 15 * 60 else None)
    hours = next((ABBREVIATIONS[word] for word in re.findall(r"[A-Z]{3,4}", words) if word in ABBREVIATIONS), None)
    return words, (None if hours is None else _fixed(hours * 60))


def _fixed(minutes: int) -> tzinfo:
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


def _date(found: re.Match[str]) -> date | None:
    if found["iso"]:
        year, month, day = map(int, found["iso"].split("-"))
    elif found["dotted"]:
        day, month, year = map(int, found["dotted"].split("."))
    elif found["named"]:
        words = re.findall(r"[A-Za-z]+|\d+", found["named"])
        month = _month(next(word for word in words if word.isalpha()))
        day, year = (int(word) for word in words if word.isdigit())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        raise BadTime(N_("There is no such day in the calendar."), field="at") from None


def _month(word: str) -> int:
    """1 to 12, or 0 for a word that is no month."""
    short = word[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _time(found: re.Match[str]) -> time:
    hour, half = int(found["hour"]), (found["half"] or "").strip()[:1].lower()
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    try:
        return time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        sentence = N_("There is no such time of day; hours go to 23, minutes and seconds to 59.")
        raise BadTime(sentence, field="at") from None


def _zone(text: str | None) -> tzinfo | None:
    text = (text or "").strip().upper()
    if not text:
        return None
    if text == "Z":
        return UTC
    if text in ABBREVIATIONS:
        return _fixed(ABBREVIATIONS[text] * 60)
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    if minutes >= 24 * 60:
        raise BadTime(N_("There is no such offset from UTC."), field="at")
    return _fixed(minutes if text[0] == "+" else -minutes)


def _in_zone(local: datetime, *, zone: tzinfo, after: datetime | None) -> datetime:
    meant = sorted(set(_readings(local, zone)))
    if not meant:
        raise BadTime(
            N_("{time} did not exist that day: the clocks went forward. Write the time that they showed."),
            field="at", time=f"{local:%H:%M}",
        )  # fmt: skip
    if after is not None and len(meant) > 1:
        meant = [moment for moment in meant if moment >= after] or meant
    if len(meant) > 1:
        raise BadTime(
            N_("{time} came twice that day: the clocks went back. Write it with its offset, such as {example}."),
            field="at", time=f"{local:%H:%M}", example=f"{local:%Y-%m-%d %H:%M}{local.replace(tzinfo=zone):%z}",
        )  # fmt: skip
    return meant[0]


def _readings(local: datetime, zone: tzinfo) -> Iterator[datetime]:
    """The moments at which the clocks of the zone showed this time: none, one or two."""
    for fold in (0, 1):
        meant = local.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if meant.astimezone(zone).replace(tzinfo=None) == local.replace(fold=0):
            yield meant
