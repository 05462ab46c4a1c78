"""Facts of a section's content as words. They are stored as strings; an empty one is unknown, never zero."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from pmcore.words import times


def local(at: str, zone: str) -> datetime | None:
    return datetime.fromisoformat(at).astimezone(ZoneInfo(zone)) if at else None


def day(at: str, zone: str) -> str:
    """ "2025-12-14"."""
    known = local(at, zone)
    return known.date().isoformat() if known else ""


def due(on: str) -> str:
    return date.fromisoformat(on).isoformat() if on else ""


def moment(at: str, zone: str) -> str:
    """ "2025-12-14 10:02:15 MSK (UTC+3)"."""
    known = local(at, zone)
    return f"{known:%Y-%m-%d %H:%M:%S} {times.zone_name(known, zone)}" if known else ""


def duration(seconds: str) -> str:
    """ "9 min 45 s"; empty when unknown."""
    return times.duration(float(seconds)) if seconds else ""


def count(text: str) -> str:
    return times.number(int(text)) if text else ""


def usd(text: str) -> str:
    return times.usd(Decimal(text)) if text else ""


def percent(text: str) -> str:
    """ "98.5 %" of "98.5", as it was typed."""
    try:
        return f"{Decimal(text):f}%" if text else ""
    except InvalidOperation:
        return text


def rounded(percent: Decimal) -> str:
    """ "0.42%": two significant digits below one, one decimal above."""
    return f"{percent:.1f}%" if percent >= 1 else f"{percent:.2g}%"


def or_why(said: str, facts: Mapping[str, Any], key: str) -> str:
    """What is said, or why it is not known."""
    because = (facts.get("unknown_because") or {}).get(key)
    return said or (f"unknown because {because}" if because else "")


def joined(*parts: str, by: str = " ") -> str:
    return by.join(part for part in parts if part)
