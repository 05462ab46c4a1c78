"""The rows of the figures summed up: one statement for five of them, one by the hour for the time to publish."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, Text, case, cast, func, literal, null, select, union_all

from db.queries.metrics_drafts import p0_completion, time_to_publish
from db.queries.metrics_items import actions_done
from db.queries.metrics_learning import new_detection, recurrence
from db.queries.metrics_meetings import attendance
from db.queries.metrics_period import Shape
from pmcore.domain.metrics import Metric
from pmcore.domain.vocabulary import SignRole

_MOST = 7  #: sums beside n and of; they stand in e1, e2, ... in the order in which a metric names them
_HOUR = 3600
WAITED = ("writing", "review", "signed", *(role.value for role in SignRole))


@lru_cache(maxsize=32)
def sums(shape: Shape) -> Select[Any]:
    """By metric, month or quarter, and reason: how many rows, sums of n, of and the extras, and names."""
    p0 = p0_completion(shape).subquery("p0")
    items = actions_done(shape).subquery("items")
    again = recurrence(shape).subquery("again_by_postmortem")
    met = attendance(shape).subquery("met")
    detection = new_detection(shape).subquery("detection")
    high = items.c.is_high
    return select(
        union_all(
            _summed(
                Metric.P0_COMPLETION, p0, p0.c.published_on_time, p0.c.published_ever, _one(p0.c.mark_waived),
                names=_names(p0, p0.c.n == 0),
            ),
            _summed(
                Metric.ACTIONS_DONE, items, _one(high), _one(high & (items.c.n == 1)), _one(items.c.mark_extended),
                _one(items.c.mark_wont_do), _one(items.c.mark_late), _one(items.c.is_overdue),
                _one(items.c.is_open_long), oldest=func.min(case((items.c.is_overdue, items.c.due_on))),
            ),
            _summed(
                Metric.RECURRENCE, again, again.c.undecided, again.c.refused, again.c.mark_action_still_open,
                names=_names(again, again.c.mark_action_still_open == 1),
            ),
            _summed(Metric.ATTENDANCE, met, met.c.optional_n, met.c.optional_of),
            _summed(Metric.NEW_DETECTION, detection),
        ).subquery()
    )  # fmt: skip


def _summed(metric: Metric, rows: Any, *extras: Any, names: Any = None, oldest: Any = None) -> Select[Any]:
    wanted = [func.sum(extra) for extra in extras] + [cast(null(), Integer)] * (_MOST - len(extras))
    return select(
        literal(metric.value).label("metric"),
        rows.c.place.label("place"),
        rows.c.reason.label("reason"),
        func.count().label("rows"),
        func.sum(rows.c.n).label("n"),
        func.sum(rows.c.of).label("of"),
        *(extra.label(f"e{number}") for number, extra in enumerate(wanted, start=1)),
        cast(null() if names is None else names, Text).label("names"),
        cast(null() if oldest is None else oldest, Text).label("oldest"),
    ).group_by(rows.c.place, rows.c.reason)


def _one(condition: Any) -> Any:
    return case((condition, 1), else_=0)


def _names(rows: Any, condition: Any) -> Any:
    """ "12:P0-012,15:P0-015" of those that are counted and meet the condition; in no order."""
    name = cast(rows.c.incident_id, Text) + ":" + rows.c.public_id
    return func.aggregate_strings(case((condition & rows.c.reason.is_(None), name)), ",")


@lru_cache(maxsize=32)
def by_hour(shape: Shape) -> Select[Any]:
    """By month or quarter, reason, whether it is published, and the hour it took so far."""
    rows = time_to_publish(shape).subquery("clocks")
    hour = (rows.c.value + (_HOUR - 1)) // _HOUR
    return select(
        rows.c.place,
        rows.c.reason,
        rows.c.ended,
        hour.label("hour"),
        func.count().label("rows"),
        func.sum(rows.c.n).label("n"),
        func.sum(rows.c.value).label("seconds"),
        func.count(rows.c.writing).label("told"),
        *(func.sum(rows.c[name]).label(name) for name in WAITED),
    ).group_by(rows.c.place, rows.c.reason, rows.c.ended, hour)
