"""The period of a figure: its days as moments of the workspace's zone, and its months or quarters as places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Integer, Select, and_, bindparam, case, literal, select

from db.functions import is_among
from db.models import IncidentRow
from db.queries.days import start_of_day
from db.queries.prepared import anybody
from db.types import UtcDateTime
from db.visibility import can_see
from pmcore.domain.metrics import LONG_DAYS, SETTLED_DAYS
from pmcore.domain.permissions import Actor
from pmcore.readmodels.metrics import MetricsFilter, spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What of a question changes its statements; the rest are values."""

    actor: Actor  #: one of `anybody`
    places: int  #: months or quarters of the period
    of_service: bool
    of_severity: bool
    quarter: datetime  #: for what is due by the day: see `days.is_past`
    of_incidents: bool = False  #: only some, whose ids are given


def shape_of(actor: Actor, filter: MetricsFilter, *, as_of: datetime) -> Shape:
    return Shape(
        actor=anybody(actor),
        places=len(spans(filter)),
        of_service=filter.service_id is not None,
        of_severity=filter.severity is not None,
        quarter=as_of,
    )


def values_of(actor: Actor, filter: MetricsFilter, *, as_of: datetime) -> dict[str, Any]:
    """For every statement of that shape. Borders are those of the workspace's days, daylight saving included."""
    found = spans(filter)
    zone = ZoneInfo(actor.zone)
    days = [since for since, _ in found] + [filter.until + timedelta(days=1)]
    return {
        "me": actor.user_id,
        "now": as_of,
        "service": filter.service_id,
        "severity": filter.severity,
        "window_seconds": filter.window_days * 86_400,
        "young_since": as_of - timedelta(days=filter.window_days),
        "settled_until": as_of - timedelta(days=SETTLED_DAYS),
        "long_ago": as_of - timedelta(days=LONG_DAYS),
        **{f"border{place}": start_of_day(day, zone) for place, day in enumerate(days)},
        **{f"day{place}": day for place, day in enumerate(days)},
    }


def border(place: int) -> Any:
    """The first moment of a month or quarter; that after the last ends the period."""
    return bindparam(f"border{place}", type_=UtcDateTime())


def day(place: int) -> Any:
    return bindparam(f"day{place}", type_=Date())


def window_seconds() -> Any:
    return bindparam("window_seconds", type_=Integer())


def long_ago() -> Any:
    """Before then, an item that is still open was committed long ago."""
    return bindparam("long_ago", type_=UtcDateTime())


def young_since() -> Any:
    """What is published later is too young to have been repeated within the window."""
    return bindparam("young_since", type_=UtcDateTime())


def settled_until() -> Any:
    """What is published later may still get its detection items."""
    return bindparam("settled_until", type_=UtcDateTime())


def lies_within(at: Any, shape: Shape) -> ColumnElement[bool]:
    """Of a moment."""
    return and_(at >= border(0), at < border(shape.places))


def lies_within_days(on: Any, shape: Shape) -> ColumnElement[bool]:
    """Of a day."""
    return and_(on >= day(0), on < day(shape.places))


def place_of(at: Any, shape: Shape) -> ColumnElement[int]:
    """Into which month or quarter a moment of the period falls, from 0."""
    return _place([(place, border(place)) for place in range(shape.places)], at)


def place_of_day(on: Any, shape: Shape) -> ColumnElement[int]:
    return _place([(place, day(place)) for place in range(shape.places)], on)


def _place(borders: Sequence[tuple[int, Any]], at: Any) -> ColumnElement[int]:
    """By halves: four comparisons find one of twelve months."""
    if len(borders) == 1:
        return literal(borders[0][0], Integer())
    half = len(borders) // 2
    return case((at < borders[half][1], _place(borders[:half], at)), else_=_place(borders[half:], at))


def counted(shape: Shape) -> list[ColumnElement[bool]]:
    """Conditions on IncidentRow that hold for every figure."""
    found = [can_see(shape.actor), IncidentRow.dry_run.is_(False)]
    if shape.of_service:
        found.append(IncidentRow.service_id == bindparam("service", type_=Integer()))
    if shape.of_severity:
        found.append(IncidentRow.highest_severity == bindparam("severity"))
    if shape.of_incidents:
        found.append(IncidentRow.id.in_(incidents()))
    return found


def incidents() -> Select[int]:
    """Those that are asked about. One table for all of a statement: a list would be written out at each mention."""
    return select(_asked.c.id)


_asked = select(IncidentRow.id).where(is_among(IncidentRow.id, "incidents")).cte("asked")
