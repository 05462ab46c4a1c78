"""What people type for a time: `now`, `-5m`, `0302`, `10:02:15`, `yesterday 23:50`, `14.12.2025 10:02` and so on.

A time of day means the last one that has been: in the future it means yesterday. Local times that a clock change skips
or repeats are asked back with both choices, each written so that it can be typed in.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pmcore.domain.errors import N_, PmError

_DAY = timedelta(days=1)
_NOW = ("now", "сейчас")
_RELATIVE_DAYS = {"today": 0, "сегодня": 0, "yesterday": 1, "вчера": 1}
_UNITS = {
    "d": 86400, "д": 86400, "h": 3600, "ч": 3600, "m": 60, "min": 60, "м": 60, "мин": 60, "s": 1, "с": 1, "сек": 1,
}  # fmt: skip
_MONTHS = (
    ("jan", "янв"), ("feb", "фев"), ("mar", "мар"), ("apr", "апр"), ("may", "мая", "май"), ("jun", "июн"),
    ("jul", "июл"), ("aug", "авг"), ("sep", "сен"), ("oct", "окт"), ("nov", "ноя"), ("dec", "дек"),
)  # fmt: skip

_AGO = re.compile(r"-\s*(?P<minus>.+)|(?P<ago>.+?)\s+(?:ago|назад)")
_AMOUNT = re.compile(r"(\d{1,9})\s*([a-zа-я]+)")
_WRITTEN = re.compile(
    r"(?:(?P<date>.*\S)(?:\s|,\s*|(?<=\d)t(?=\d)))?"
    r"(?:(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?|(?P<digits>\d{3,4}|\d{6}))"
    r"\s*(?P<half>am|pm)?\s*(?P<offset>z|utc|[+-]\d{2}:?\d{2})?"
)
_NUMERIC_DATES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[int | None, int, int]]], ...] = (
    (re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"), lambda m: (int(m[1]), int(m[2]), int(m[3]))),
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})"), lambda m: (int(m[3]), int(m[2]), int(m[1]))),
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.?"), lambda m: (None, int(m[2]), int(m[1]))),
)
_NAMED_DATES = (
    re.compile(r"(?P<day>\d{1,2})\s+(?P<month>[^\W\d]{3,9})\.?,?(?:\s+(?P<year>\d{4}))?"),
    re.compile(r"(?P<month>[^\W\d]{3,9})\.?\s+(?P<day>\d{1,2}),?(?:\s+(?P<year>\d{4}))?"),
)


class BadMoment(PmError):
    """The text is no time, or a time that cannot be."""


class AskBack(BadMoment):
    """The local time means no moment, or two; `choices` are both candidates in UTC, the earlier first."""

    def __init__(self, sentence: str, /, *, field: str, choices: tuple[datetime, datetime], zone: str) -> None:
        first, second = (as_text(choice, zone=zone) for choice in choices)
        super().__init__(sentence, field=field, first=first, second=second)
        self.choices = choices


class Nonexistent(AskBack):
    """The clocks jumped over it."""


class Doubled(AskBack):
    """The clocks passed it twice."""


def as_text(at: datetime, *, zone: str) -> str:
    """A moment written so that `parse` gives it back, with its offset: "2025-10-26 02:30:00+03:00"."""
    return at.astimezone(ZoneInfo(zone)).isoformat(sep=" ", timespec="seconds")


def local_text(at: datetime | None, *, zone: str) -> str:
    """A known moment as a form shows it: "2025-12-14 10:02:15", with its offset only where that alone says which one;
    "" for an unknown one."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if len(_candidates(local, ZoneInfo(zone))) > 1:
        return as_text(at, zone=zone)
    return local.isoformat(sep=" ", timespec="seconds")


def parse(text: str, *, now: datetime, zone: str, after: datetime | None = None, field: str = "") -> datetime:
    """The moment in UTC that a person means, whose clock shows `zone`.

    A time of day alone is the first one since `after` where that is given and has been, else the last one
    before `now`.
    Raises BadMoment, and its kinds Nonexistent and Doubled which carry both choices.
    """
    typed = " ".join(text.replace("\u2212", "-").replace("\u2013", "-").casefold().split())
    now = now.replace(microsecond=0)
    if typed in _NOW:
        return now.astimezone(UTC)
    try:
        if ago := _AGO.fullmatch(typed):
            at = now - _amount(ago["minus"] or ago["ago"], field)
        else:
            at = _absolute(typed, now=now, zone=ZoneInfo(zone), after=after, field=field)
    except (OverflowError, ValueError) as error:
        raise _unreadable(field) from error
    if at > now:
        raise BadMoment(N_("This time lies in the future. Check the date, or leave it empty for now."), field=field)
    return at.astimezone(UTC)


def local_moment(local: datetime, *, zone: str, field: str = "") -> datetime:
    """The moment in UTC that a local time without a zone means, in the past or to come. Raises Nonexistent, Doubled."""
    return _one(local, ZoneInfo(zone), field).astimezone(UTC)


def _unreadable(field: str) -> BadMoment:
    return BadMoment(
        N_("This is not a time that can be read. Write now, -5m, 10:02, 10:02:15 or 2025-12-14 10:02."), field=field
    )


def _amount(typed: str, field: str) -> timedelta:
    if re.sub(_AMOUNT, "", typed).strip():
        raise _unreadable(field)
    seconds = 0
    for number, unit in _AMOUNT.findall(typed):
        if unit not in _UNITS:
            raise _unreadable(field)
        seconds += int(number) * _UNITS[unit]
    return timedelta(seconds=seconds)


def _absolute(typed: str, *, now: datetime, zone: ZoneInfo, after: datetime | None, field: str) -> datetime:
    written = _WRITTEN.fullmatch(typed)
    if written is None:
        raise _unreadable(field)
    of_day = _of_day(written)
    if written["date"] is None:
        if written["offset"]:
            raise _unreadable(field)
        return _time_of_day(of_day, now=now, zone=zone, after=after, field=field)
    needs_year = written["digits"] is not None  # or the year of "14 Dec 2025" would be read as 20:25
    day = _day(written["date"].removesuffix(","), now.astimezone(zone).date(), needs_year=needs_year)
    if day is None:
        raise _unreadable(field)
    local = datetime.combine(day, of_day)
    if written["offset"]:
        offset = "+00:00" if written["offset"] in ("z", "utc") else written["offset"]
        return datetime.fromisoformat(f"{local.isoformat()}{offset}")
    return _one(local, zone, field)


def _time_of_day(of_day: time, *, now: datetime, zone: ZoneInfo, after: datetime | None, field: str) -> datetime:
    if after is not None:
        first = after.astimezone(zone).date()
        for day in (first, first + _DAY):
            been = _been(datetime.combine(day, of_day), zone, now)
            if been and max(been) >= after:
                return _one(datetime.combine(day, of_day), zone, field, now=now)
    today = now.astimezone(zone).date()
    day = today if _been(datetime.combine(today, of_day), zone, now) else today - _DAY
    return _one(datetime.combine(day, of_day), zone, field, now=now)


def _candidates(local: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """What a local time may mean: one moment, two when the clocks were put back, the two neighbours of a gap."""
    both = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(both))


def _been(local: datetime, zone: ZoneInfo, now: datetime) -> tuple[datetime, ...]:
    return tuple(at for at in _candidates(local, zone) if at <= now)


def _one(local: datetime, zone: ZoneInfo, field: str, *, now: datetime | None = None) -> datetime:
    """The one moment of a local time. Raises Nonexistent, Doubled.

    With `now`, a doubled time of which only the first has been is that one.
    """
    candidates = _candidates(local, zone)
    if len(candidates) == 1:
        return candidates[0]
    choices = (candidates[0], candidates[1])
    exists = candidates[0].astimezone(zone).replace(tzinfo=None) == local
    if not exists:
        raise Nonexistent(
            N_("The clocks were put forward over this time. Write {first} or {second}."),
            field=field, choices=choices, zone=zone.key,
        )  # fmt: skip
    if now is not None and choices[0] <= now < choices[1]:
        return choices[0]
    raise Doubled(
        N_("The clocks passed this time twice. Write {first} for the first or {second} for the second."),
        field=field, choices=choices, zone=zone.key,
    )  # fmt: skip


def _of_day(written: re.Match[str]) -> time:
    """Raises ValueError for an hour or minute that no day has."""
    if digits := written["digits"]:
        padded = digits.zfill(4).ljust(6, "0")
        hour, minute, second = int(padded[:2]), int(padded[2:4]), int(padded[4:])
    else:
        hour, minute, second = int(written["hour"]), int(written["minute"]), int(written["second"] or 0)
    if half := written["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute, second)


def _day(typed: str, today: date, *, needs_year: bool) -> date | None:
    if typed in _RELATIVE_DAYS:
        return today - _DAY * _RELATIVE_DAYS[typed]
    year, month, day = _numeric(typed) or _named(typed) or (None, 0, 0)
    if not month or (year is None and needs_year):
        return None
    return _last(year, month, day, today)


def _numeric(typed: str) -> tuple[int | None, int, int] | None:
    for pattern, parts in _NUMERIC_DATES:
        if match := pattern.fullmatch(typed):
            return parts(match)
    return None


def _named(typed: str) -> tuple[int | None, int, int] | None:
    for pattern in _NAMED_DATES:
        if (match := pattern.fullmatch(typed)) and (month := _month(match["month"])):
            return int(match["year"]) if match["year"] else None, month, int(match["day"])
    return None


def _month(name: str) -> int | None:
    for number, starts in enumerate(_MONTHS, start=1):
        if name.startswith(starts):
            return number
    return None


def _last(year: int | None, month: int, day: int, today: date) -> date:
    """The date; without a year the last one that has been."""
    if year is not None:
        return date(year, month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year <= today else date(today.year - 1, month, day)
