"""The metrics, kept until something happens that may change them.

Adding up a year of a large workspace takes a good part of a second, and most commits save text, which no figure counts.
So an answer is kept beside the newest line of the audit that is about something else. What is not in the audit changes
no figure: every command that touches a counted row writes its line in the same transaction.
"""

from collections.abc import Callable, Hashable
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, aliased

from db.models import AuditRow
from db.queries.remembered import remembered
from pmcore.readmodels.metrics import MetricsView

MOST = 64  #: answers of an engine
#: What leaves every figure as it is, however often it is done.
WITHOUT_EFFECT = (
    "save_section", "save_notes", "comment", "delete_comment", "restore_comment", "resolve_thread", "reopen_thread",
    "put_mention_away", "dismiss_hint", "bring_hints_back", "log", "set_entry_kind", "delete_entry", "restore_entry",
    "attach_file", "caption_file", "delete_file", "restore_file", "note_time", "take_time_back", "escalate",
    "answer_escalation", "ask_for_feedback", "give_feedback", "tick_step", "untick_step", "approve_process",
    "sign_in", "sign_out",
)  # fmt: skip
#: Ids are given before a transaction ends, so a smaller one may come to light later; never one so much smaller.
BEHIND = 500

_Kept = dict[Hashable, tuple[Hashable, MetricsView]]
_by_engine: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_Newest = aliased(AuditRow)
_newest = (
    select(_Newest.id).where(_Newest.did.not_in(WITHOUT_EFFECT)).order_by(_Newest.id.desc()).limit(1).scalar_subquery()
)
_STAMP = select(func.max(AuditRow.id), func.count()).where(
    AuditRow.id <= _newest, AuditRow.id > _newest - BEHIND, AuditRow.did.not_in(WITHOUT_EFFECT)
)


def kept(
    engine: Engine, session: Session, key: Hashable, ask: Callable[[], MetricsView], *, as_of: datetime
) -> MetricsView:
    """What `ask` says, or said when everything that it counts was as it is now. The session has asked nothing yet."""
    stamp: Hashable = remembered(session, "metrics-stamp", lambda: tuple(session.execute(_STAMP).one()), is_short=True)
    answers = _by_engine.setdefault(engine, {})
    known = answers.get(key)
    if known is not None and known[0] == stamp and known[1].as_of == as_of:
        return known[1]
    view = ask()
    if len(answers) >= MOST:
        answers.clear()
    answers[key] = (stamp, view)
    return view


def forget(engine: Engine) -> None:
    """For tests that put rows there without a command."""
    _by_engine.pop(engine, None)
