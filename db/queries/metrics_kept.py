"""The metrics, kept until something happens that may change them; then only what it happened to is counted anew.

Adding up a year of a large workspace takes a good part of a second, and most commits save text, which no figure counts.
So what was counted is kept beside the newest line of the audit that is about something else. The lines that came since
name the incidents whose parts are counted anew (`metrics_touched.py`).

It is counted once for all who read: as somebody sees it who is named nowhere. While one reader counts, the others wait
and take what that one counted. To this come, for each reader alone, the parts in which that one sees more.
"""

import threading
from collections.abc import Callable, Hashable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.queries.metrics_counted import Counted, Own, counted_now, own_now
from db.queries.metrics_eyes import everybody_like, named_parts
from db.queries.metrics_lines import stamp
from db.queries.metrics_period import Shape, shape_of, values_of
from db.queries.metrics_tally import Tally
from pmcore.domain.permissions import Actor
from pmcore.readmodels.metrics import MetricsFilter, MetricsView

MOST = 24  #: filters of an engine that are kept counted; at 100,000 post-mortems one is a few megabytes
MOST_READERS = 256  #: what is made of them for a reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Who asks for which figures, as of which quarter of an hour."""

    actor: Actor
    filter: MetricsFilter
    as_of: datetime

    @property
    def key(self) -> Hashable:
        return self.actor.user_id, self.actor.roles, self.actor.zone, self.filter

    @property
    def everybodys(self) -> "Question":
        return replace(self, actor=everybody_like(self.actor))

    def shape(self) -> Shape:
        return shape_of(self.actor, self.filter, as_of=self.as_of)

    def values(self) -> Mapping[str, Any]:
        return values_of(self.actor, self.filter, as_of=self.as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was told, and of what."""

    tally: Tally
    view: MetricsView


#: What is told of what was counted, beside what was told before.
Told = Callable[[Session, Question, Tally, Answer | None], MetricsView]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    own: Own
    view: MetricsView


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """What was counted when the audit stood there, or a moment later."""

    stamp: tuple[int, int]
    counted: Counted

    def is_as_new(self, stamp: tuple[int, int], as_of: datetime) -> bool:
        return self.counted.as_of == as_of and (self.stamp == stamp or self.stamp[0] > stamp[0])


@dataclass(frozen=True, slots=True)
class _Kept:
    counted: dict[Hashable, _Counted] = field(default_factory=dict)
    readers: dict[Hashable, _Reader] = field(default_factory=dict)
    answers: dict[Hashable, Answer] = field(default_factory=dict)
    locks: dict[Hashable, threading.Lock] = field(default_factory=dict)


_by_engine: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def kept(engine: Engine, question: Question, told: Told) -> MetricsView:
    """What is told of what is counted now. Nobody waits for another while holding a connection that the other needs."""
    known, everybodys = _by_engine.setdefault(engine, _Kept()), question.everybodys
    counted = _counted(engine, known, everybodys)
    reader = known.readers.get(question.key)
    if reader is not None and reader.own.counted is counted:
        return reader.view
    before = reader.own if reader is not None else None
    with Session(engine) as session:
        named = named_parts(session, question.actor)
        own = own_now(session, before, counted, named, question.shape(), question.values())
    whose = everybodys if own.tally is counted.tally else question
    with _lock(known, everybodys), Session(engine) as session:
        view = told(session, whose, own.tally, known.answers.get(whose.key))
        _put(known.answers, whose.key, Answer(tally=own.tally, view=view), most=MOST_READERS)
    _put(known.readers, question.key, _Reader(own=own, view=view), most=MOST_READERS)
    return view


def _counted(engine: Engine, known: _Kept, question: Question) -> Counted:
    with Session(engine) as session:
        now = stamp(session)
    before = known.counted.get(question.key)
    if before is not None and before.stamp == now and before.counted.as_of == question.as_of:
        return before.counted
    with _lock(known, question), Session(engine) as session:
        meanwhile = known.counted.get(question.key)
        if meanwhile is not None and meanwhile is not before and meanwhile.is_as_new(now, question.as_of):
            return meanwhile.counted
        last = meanwhile.counted if meanwhile is not None and meanwhile.counted.as_of == question.as_of else None
        asked = question.shape(), question.values()
        found = counted_now(session, last, *asked, newest=now[0], as_of=question.as_of)
        _put(known.counted, question.key, _Counted(stamp=now, counted=found), most=MOST)
    return found


def _lock(known: _Kept, question: Question) -> threading.Lock:
    """One for all who look at the same figures."""
    if len(known.locks) > MOST_READERS:
        known.locks.clear()  # who waits still has the old one; at worst something is counted twice
    return known.locks.setdefault(question.key, threading.Lock())


_Value = TypeVar("_Value")


def _put(into: MutableMapping[Hashable, _Value], key: Hashable, value: _Value, *, most: int) -> None:
    into.pop(key, None)  # it becomes the youngest
    while len(into) >= most:
        into.pop(next(iter(into)), None)
    into[key] = value


def forget(engine: Engine) -> None:
    """For tests that put rows there without a command."""
    _by_engine.pop(engine, None)
