"""The rows of the figures added up, for each part of the incidents: sums of six figures in one statement, and how
often each hour or second occurs in another."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, Text, case, cast, func, literal, null, or_, select, union_all

from db.queries.metrics_drafts import p0_completion, time_to_publish
from db.queries.metrics_items import actions_done, unread
from db.queries.metrics_learning import new_detection, recurrence
from db.queries.metrics_meetings import attendance
from db.queries.metrics_period import Shape
from db.queries.metrics_times import times
from pmcore.domain.metrics import Metric, Reason
from pmcore.domain.rail_vocabulary import Verdict
from pmcore.domain.vocabulary import SignRole

PART = 16  #: incidents that are counted together, by their ids: so many are counted anew when one of them has changed
MOST = 9  #: sums beside n and of; they stand in e1, e2, ... in the order in which a metric names them
WAITED = ("writing", "review", "signed", *(role.value for role in SignRole))
ENDED, RUNNING = "ended", "running"  #: hours of what is published, and of what is not
UNREAD = "unread"  #: stands for a metric where a part has items that are not counted for everybody
_HOUR = 3600


@lru_cache(maxsize=32)
def sums(shape: Shape, *, moving: bool | None = None) -> Select[Any]:
    """By part, metric, month or quarter, and reason: how many rows, sums of n, of and the extras, and names.

    Of all metrics, of those that move with action items, or of the others. A row of `UNREAD` says that there are items
    which this reader does not count and others may.
    """
    found = [] if moving is False else _moving(shape)
    if not moving:
        found += _others(shape)
    return select(union_all(*found).subquery())


#: What moves with the items.
MOVING = frozenset({Metric.ACTIONS_DONE, Metric.RECURRENCE, Metric.NEW_DETECTION})


def _moving(shape: Shape) -> list[Select[Any]]:
    items = actions_done(shape).subquery("items")
    again = recurrence(shape).subquery("again_by_postmortem")
    detection = new_detection(shape).subquery("detection")
    high = items.c.is_high
    return [
        _summed(
            Metric.ACTIONS_DONE, items, _one(high), _one(high & (items.c.n == 1)), _one(items.c.mark_extended),
            _one(items.c.mark_wont_do), _one(items.c.mark_late), _one(items.c.is_overdue),
            _one(items.c.is_open_long), oldest=func.min(case((items.c.is_overdue, items.c.due_on))),
        ),
        _summed(
            Metric.RECURRENCE, again, again.c.undecided, again.c.refused, again.c.mark_action_still_open,
            *(again.c[f"mark_verdict_{one.value}"] for one in Verdict),
            names=_names(again, again.c.mark_action_still_open == 1),
        ),
        _summed(Metric.NEW_DETECTION, detection),
        _summed(UNREAD, unread(shape).subquery("unread")),
    ]  # fmt: skip


def _others(shape: Shape) -> list[Select[Any]]:
    p0 = p0_completion(shape).subquery("p0")
    clocks = time_to_publish(shape).subquery("clocks")
    met = attendance(shape).subquery("met")
    is_out = clocks.c.ended == 1
    return [
        _summed(
            Metric.P0_COMPLETION, p0, p0.c.published_on_time, p0.c.published_ever, _one(p0.c.mark_waived),
            names=_names(p0, p0.c.n == 0),
        ),
        _summed(
            Metric.TIME_TO_PUBLISH, clocks, clocks.c.ended, case((is_out, clocks.c.value)),
            _one(is_out & clocks.c.writing.is_not(None)), *(case((is_out, clocks.c[name])) for name in WAITED),
        ),
        _summed(Metric.ATTENDANCE, met, met.c.optional_n, met.c.optional_of),
    ]  # fmt: skip


def _summed(metric: str, rows: Any, *extras: Any, names: Any = None, oldest: Any = None) -> Select[Any]:
    wanted = [func.sum(extra) for extra in extras] + [cast(null(), Integer)] * (MOST - len(extras))
    part = rows.c.incident_id // PART
    return select(
        part.label("part"),
        literal(str(metric)).label("metric"),
        rows.c.place.label("place"),
        rows.c.reason.label("reason"),
        func.count().label("rows"),
        func.sum(rows.c.n).label("n"),
        func.sum(rows.c.of).label("of"),
        *(extra.label(f"e{number}") for number, extra in enumerate(wanted, start=1)),
        cast(null() if names is None else names, Text).label("names"),
        cast(null() if oldest is None else oldest, Text).label("oldest"),
    ).group_by(part, rows.c.place, rows.c.reason)


def _one(condition: Any) -> Any:
    return case((condition, 1), else_=0)


def _names(rows: Any, condition: Any) -> Any:
    """ "12:P0-012,15:P0-015" of those that are counted and meet the condition; in no order."""
    name = cast(rows.c.incident_id, Text) + ":" + rows.c.public_id
    return func.aggregate_strings(case((condition & rows.c.reason.is_(None), name)), ",")


@lru_cache(maxsize=32)
def counts(shape: Shape) -> Select[Any]:
    """By part, what it is (`ENDED`, `RUNNING`, or the metric of a time), reason and number: how many rows.

    The number is the hour that publishing took so far, or the seconds of a time, NULL for what is left out.
    """
    clocks = time_to_publish(shape).subquery("clocks")
    hour = (clocks.c.value + (_HOUR - 1)) // _HOUR
    hours = select(
        (clocks.c.incident_id // PART).label("part"),
        case((clocks.c.ended == 1, ENDED), else_=RUNNING).label("what"),
        cast(null(), Text).label("reason"),
        hour.label("number"),
    ).where(or_(clocks.c.reason.is_(None), clocks.c.reason == Reason.PENDING.value))
    taken = []
    for metric in (Metric.TIME_TO_DETECT, Metric.TIME_TO_RESOLVE):
        each = times(metric, shape).subquery()
        number = case((each.c.reason.is_(None), each.c.value))
        taken.append(select((each.c.incident_id // PART).label("part"), literal(metric.value), each.c.reason, number))
    every = union_all(hours, *taken).subquery()
    by = (every.c.part, every.c.what, every.c.reason, every.c.number)
    return select(*by, func.count().label("rows")).group_by(*by)
