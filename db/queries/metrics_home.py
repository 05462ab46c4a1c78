"""For Home of those who can help: which figures of the last twelve months are off their target. One statement.

As of the last quarter of an hour, and kept until the next whatever happens meanwhile: adding up a year takes longer
than everything else on Home, and nobody works off these figures within minutes.
"""

from collections.abc import Hashable
from datetime import datetime
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.queries.days import quarter
from db.queries.metrics_figures import of_sums
from db.queries.metrics_period import shape_of, values_of
from db.queries.metrics_sums import sums
from db.queries.metrics_tally import Tally, parts_of
from pmcore.domain.metrics import EIGHT, Metric, MetricVerdict
from pmcore.domain.permissions import Actor, Right, require
from pmcore.readmodels.metrics import spans, usual_filter
from pmcore.readmodels.metrics_home import OffTarget

MOST = 64  #: answers of an engine
_OF_THE_SURVEY = (Metric.SATISFACTION, Metric.BLAMELESS_SCORE)  #: they have no rows to open
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
    shape, values = shape_of(actor, filter, as_of=as_of), values_of(actor, filter, as_of=as_of)
    with Session(engine) as session:
        tally = Tally().with_parts(parts_of(session.execute(sums(shape), values), ()))
    figures = (of_sums(metric, tally, spans(filter), today=today) for metric in EIGHT if metric not in _OF_THE_SURVEY)
    missed = tuple(figure for figure in figures if figure.verdict is MetricVerdict.MISSES)
    return OffTarget(filter=filter, as_of=as_of, figures=missed)
