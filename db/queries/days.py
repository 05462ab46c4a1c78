"""Civil days, and in SQL: "due on the 14th" ends at midnight of the incident's own zone, which SQL does not know."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import ColumnElement, or_

from db.functions import is_one_of


def is_past(day: Any, zone: Any, *, now: datetime) -> ColumnElement[bool]:
    """Whether the day in one column is over in the zone of the other. At any moment the earth has two or three days;
    only for those the zone is asked."""
    todays = _todays(quarter(now))
    first = min(todays)
    over = [
        (day == on) & is_one_of(zone, sorted(name for today, names in todays.items() if today > on for name in names))
        for on in sorted(todays)[:-1]
    ]
    return or_(day < first, *over)


def quarter(now: datetime) -> datetime:
    """The last quarter of an hour: what `is_past` answers holds until the next."""
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)


@lru_cache(maxsize=8)
def _todays(now: datetime) -> dict[date, tuple[str, ...]]:
    """Which day it is where. Zones differ by quarters of an hour, so a quarter may be remembered."""
    found: dict[date, list[str]] = {}
    for name in available_timezones():
        found.setdefault(now.astimezone(ZoneInfo(name)).date(), []).append(name)
    return {today: tuple(names) for today, names in found.items()}


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC."""
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:  # the first day of the calendar, east of Greenwich
        return datetime.combine(day, time(), UTC)
