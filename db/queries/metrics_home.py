"""For Home of those who can help: which figures of the last twelve months are off their target. One statement.

As of the last quarter of an hour, and kept until the next whatever happens meanwhile: adding up a year takes longer
than everything else on Home, and nobody works off these figures within minutes.
"""

from collections.abc import Hashable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Integer, Select, Text, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from db.queries.days import quarter
from db.queries.metrics_drafts import time_to_publish
from db.queries.metrics_figures import of_sums
from db.queries.metrics_period import Shape, shape_of, values_of
from db.queries.metrics_sums import sums
from pmcore.domain.metrics import EIGHT, Figure, Metric, MetricVerdict
from pmcore.domain.permissions import Actor, Right, require
from pmcore.readmodels.metrics import spans, usual_filter
from pmcore.readmodels.metrics_home import OffTarget

MOST = 64  #: answers of an engine
_by_engine: WeakKeyDictionary[Engine, dict[Hashable, OffTarget]] = WeakKeyDictionary()


def off_target(engine: Engine, *, actor: Actor, now: datetime) -> OffTarget | None:
    """None for who cannot do anything about it."""
    require(actor, Right.READ)
    if not actor.may(Right.UNBLOCK):
        return None
    as_of = quarter(now)
    kept = _by_engine.setdefault(engine, {})
    key = (actor.user_id, actor.roles, actor.zone)
    if key not in kept or kept[key].as_of != as_of:
        if len(kept) >= MOST:
            kept.clear()
        kept[key] = _asked(engine, actor, as_of)
    return kept[key]


def _asked(engine: Engine, actor: Actor, as_of: datetime) -> OffTarget:
    today = as_of.astimezone(ZoneInfo(actor.zone)).date()
    filter = usual_filter(today)
    with Session(engine) as session:
        asked = _all(shape_of(actor, filter, as_of=as_of))
        rows = session.execute(asked, values_of(actor, filter, as_of=as_of)).all()
    parts = spans(filter)
    figures = (_figure(metric, [row for row in rows if row.metric == metric], parts, today) for metric in EIGHT)
    missed = tuple(figure for figure in figures if figure is not None and figure.verdict is MetricVerdict.MISSES)
    return OffTarget(filter=filter, as_of=as_of, figures=missed)


def _figure(metric: Metric, rows: Sequence[Any], parts: Any, today: Any) -> Figure | None:
    """None for the survey's, which have no rows to open."""
    return of_sums(metric, rows, parts, today=today) if rows else None


@lru_cache(maxsize=32)
def _all(shape: Shape) -> Select[Any]:
    """The sums of five figures, and those of the sixth in the same columns."""
    five = sums(shape).subquery("five")
    clocks = time_to_publish(shape).subquery("clocks")
    told = {
        "metric": literal(Metric.TIME_TO_PUBLISH.value), "place": clocks.c.place, "reason": clocks.c.reason,
        "rows": func.count(), "n": func.sum(clocks.c.n), "of": func.sum(clocks.c.of),
        "names": cast(null(), Text), "oldest": cast(null(), Text),
    }  # fmt: skip
    sixth = select(
        *(told.get(column.name, cast(null(), Integer)).label(column.name) for column in five.c)
    ).group_by(clocks.c.place, clocks.c.reason)  # fmt: skip
    return select(union_all(select(five), sixth).subquery("six"))
