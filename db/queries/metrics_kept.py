"""The metrics, kept until something happens that may change them; then only what it happened to is counted anew.

Adding up a year of a large workspace takes a good part of a second, and most commits save text, which no figure counts.
So an answer is kept beside the newest line of the audit that is about something else. What is not in the audit changes
no figure: every command that touches a counted row writes its line in the same transaction. The lines that came since
name the incidents whose parts are counted anew (`metrics_touched.py`).
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, aliased

from db.models import AuditRow
from db.queries.metrics_period import Shape
from db.queries.metrics_sums import counts, sums
from db.queries.metrics_tally import Tally
from db.queries.metrics_touched import LINES, incidents_of, parts_touched, some_of
from db.queries.remembered import remembered
from pmcore.readmodels.metrics import MetricsView

MOST = 24  #: answers of an engine; at 100,000 post-mortems one is a few megabytes
#: What leaves every figure as it is, however often it is done.
WITHOUT_EFFECT = (
    "save_section", "save_notes", "comment", "delete_comment", "restore_comment", "resolve_thread", "reopen_thread",
    "put_mention_away", "dismiss_hint", "bring_hints_back", "log", "set_entry_kind", "delete_entry", "restore_entry",
    "attach_file", "caption_file", "delete_file", "restore_file", "note_time", "take_time_back", "escalate",
    "answer_escalation", "ask_for_feedback", "give_feedback", "tick_step", "untick_step", "approve_process",
    "sign_in", "sign_out",
)  # fmt: skip
#: Ids are given before a transaction ends, so a smaller one may come to light later; never one so much smaller.
BEHIND = 200

_Newest = aliased(AuditRow)
_newest = (
    select(_Newest.id).where(_Newest.did.not_in(WITHOUT_EFFECT)).order_by(_Newest.id.desc()).limit(1).scalar_subquery()
)
_STAMP = select(func.max(AuditRow.id), func.count()).where(
    AuditRow.id <= _newest, AuditRow.id > _newest - BEHIND, AuditRow.did.not_in(WITHOUT_EFFECT)
)
_LINES = LINES.where(AuditRow.did.not_in(WITHOUT_EFFECT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted, and by which lines of the audit."""

    tally: Tally
    as_of: datetime
    newest: int
    lines: frozenset[int]  #: those not more than `BEHIND` below the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    stamp: Hashable
    counted: Counted
    view: MetricsView


_by_engine: WeakKeyDictionary[Engine, dict[Hashable, _Answer]] = WeakKeyDictionary()


def kept(
    engine: Engine, session: Session, key: Hashable, shape: Shape, values: Mapping[str, Any],
    told: Callable[[Counted], MetricsView], *, as_of: datetime,
) -> MetricsView:  # fmt: skip
    """What is `told` of what is counted now. The session has asked nothing yet."""
    stamp = remembered(session, "metrics-stamp", lambda: tuple(session.execute(_STAMP).one()), is_short=True)
    answers = _by_engine.setdefault(engine, {})
    known = answers.get(key)
    if known is not None and known.stamp == stamp and known.view.as_of == as_of:
        return known.view
    before = known.counted if known is not None and known.counted.as_of == as_of else None
    counted = counted_now(session, before, shape, values, newest=stamp[0] or 0, as_of=as_of)
    answers.pop(key, None)  # it becomes the youngest
    while len(answers) >= MOST:
        answers.pop(next(iter(answers)), None)
    answers[key] = _Answer(stamp=stamp, counted=counted, view=told(counted))
    return answers[key].view


def counted_now(
    session: Session, before: Counted | None, shape: Shape, values: Mapping[str, Any], *, newest: int, as_of: datetime
) -> Counted:
    """Only what changed, where that can be said of each line that came since."""
    if before is not None and newest - before.newest > BEHIND:
        before = None
    after = (before.newest if before else newest) - BEHIND
    lines = session.execute(_LINES, {"after": after}).all()
    parts = None
    if before is not None:
        parts = parts_touched(session, [(row.did, row.target) for row in lines if row.id not in before.lines])
    if before is not None and parts is not None:
        some, only = some_of(shape), {**values, "incidents": incidents_of(parts)}
        tally = before.tally
        if parts:
            tally = tally.replaced(parts, session.execute(sums(some), only), session.execute(counts(some), only))
    else:
        tally = Tally().replaced((), session.execute(sums(shape), values), session.execute(counts(shape), values))
    recent = frozenset(row.id for row in lines if row.id > newest - BEHIND)
    return Counted(tally=tally, as_of=as_of, newest=newest, lines=recent)


def forget(engine: Engine) -> None:
    """For tests that put rows there without a command."""
    _by_engine.pop(engine, None)
