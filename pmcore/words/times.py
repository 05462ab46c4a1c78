"""Moments, days, durations and numbers as people say them, in the reader's language."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import dates, numbers

from pmcore.words.catalogue import _, language, ngettext


def zone_name(at: datetime, zone: str) -> str:
    """ "MSK (UTC+3)": the abbreviation where there is one, and the offset, which is never ambiguous."""
    local = at.astimezone(ZoneInfo(zone))
    offset = local.utcoffset() or timedelta()
    minutes = int(offset.total_seconds()) // 60
    sign, rest = ("+", minutes) if minutes >= 0 else ("−", -minutes)
    utc = f"UTC{sign}{rest // 60}" + (f":{rest % 60:02}" if rest % 60 else "")
    short = local.tzname() or ""
    return f"{short} ({utc})" if short.isalpha() and short != "UTC" else ("UTC" if minutes == 0 else utc)


def moment(at: datetime | None, zone: str, *, seconds: bool = False) -> str:
    """ "14 Dec 2025, 10:02 MSK (UTC+3)"; a dash for an unknown time."""
    if at is None:
        return "–"
    local = at.astimezone(ZoneInfo(zone))
    clock = local.strftime("%H:%M:%S" if seconds else "%H:%M")
    return f"{day(local.date())}, {clock} {zone_name(at, zone)}"


def clock(at: datetime, zone: str) -> str:
    """ "10:02:15"; for lists whose day and zone are said beside them."""
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S")


def day_of(at: datetime, zone: str) -> str:
    """ "14 Dec 2025, MSK (UTC+3)": the day that it was there."""
    return f"{day(at.astimezone(ZoneInfo(zone)).date())}, {zone_name(at, zone)}"


def day(on: date | None) -> str:
    """ "14 Dec 2025"; a dash for an unknown day."""
    if on is None:
        return "–"
    return _day(on, language())


@lru_cache(maxsize=4_096)
def _day(on: date, spoken: str) -> str:
    return dates.format_date(on, "d MMM y" if spoken == "en" else "d MMM y 'г'.", locale=spoken)


def month(on: date) -> str:
    """ "December 2025"."""
    return _month(on, language())


@lru_cache(maxsize=512)
def _month(on: date, spoken: str) -> str:
    return dates.format_skeleton("yMMMM", on, locale=spoken)


def quarter(year: int, number: int) -> str:
    """ "Q4 2025"."""
    return str(dates.format_date(date(year, 3 * number, 1), "QQQ y", locale=language()))


def duration(seconds: float | None) -> str:
    """ "9 min 45 s", "2 h 5 min", "3 d 4 h": the two largest units; "unknown" for None, never zero."""
    if seconds is None:
        return _("unknown")
    left = round(abs(seconds))
    units = (
        (86_400, _("{count} d")),
        (3_600, _("{count} h")),
        (60, _("{count} min")),
        (1, _("{count} s")),
    )
    parts: list[str] = []
    for size, pattern in units:
        count, left = divmod(left, size)
        if count:
            parts.append(pattern.format(count=count))
        elif parts:
            break
        if len(parts) == 2:
            break
    return " ".join(parts) or _("{count} s").format(count=0)


def relative(at: datetime, now: datetime) -> str:
    """ "3 hours ago", "in 2 days"."""
    return dates.format_timedelta(at - now, add_direction=True, threshold=1.2, locale=language())


def time_left(due: datetime, now: datetime) -> str:
    """ "31 h left" or "2 d 3 h over"."""
    left = (due - now).total_seconds()
    text = duration(left)
    return _("{time} left").format(time=text) if left >= 0 else _("{time} over").format(time=text)


def number(value: int | Decimal | float | None) -> str:
    """With the reader's digit groups; a dash for an unknown figure."""
    return "–" if value is None else _number(value, language())


@lru_cache(maxsize=4_096)
def _number(value: int | Decimal | float, spoken: str) -> str:
    return str(numbers.format_decimal(value, locale=spoken))


def figure(written: str) -> str:
    """A figure that was typed or rounded already, with the reader's decimal mark and all its digits."""
    return str(numbers.format_decimal(Decimal(written), locale=language(), decimal_quantization=False))


def percent(value: Decimal | float | None, *, digits: int = 1) -> str:
    """Of a share: 0.985 is "98.5 %"."""
    if value is None:
        return "–"
    pattern = "#,##0." + "#" * digits + " %" if language() == "en" else "#,##0." + "#" * digits + "\u00a0%"
    return str(numbers.format_percent(value, format=pattern, locale=language()))


def usd(value: Decimal | None) -> str:
    """Dollars; whole ones without cents."""
    if value is None:
        return "–"
    return _usd(value, language())


@lru_cache(maxsize=4_096)
def _usd(value: Decimal, spoken: str) -> str:
    amount = "#,##0" if value == value.to_integral_value() else "#,##0.00"
    pattern = f"¤{amount}" if spoken == "en" else f"{amount}\u00a0¤"
    return str(numbers.format_currency(value, "USD", pattern, locale=spoken, currency_digits=False))


def days(count: int) -> str:
    return ngettext("{count} day", "{count} days", count).format(count=count)


def hours(count: int) -> str:
    return ngettext("{count} hour", "{count} hours", count).format(count=count)


def minutes(count: int) -> str:
    return ngettext("{count} minute", "{count} minutes", count).format(count=count)
