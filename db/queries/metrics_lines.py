"""The lines of the audit that say whether a figure may have changed, and where.

What is not in the audit changes no figure: every command that touches a counted row writes its line in the same
transaction.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from db.functions import is_one_of
from db.models import AuditRow
from db.queries.remembered import remembered

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
    select(_Newest.id)
    .where(~is_one_of(_Newest.did, WITHOUT_EFFECT))
    .order_by(_Newest.id.desc())
    .limit(1)
    .scalar_subquery()
)
_STAMP = select(func.max(AuditRow.id), func.count()).where(
    AuditRow.id <= _newest, AuditRow.id > _newest - BEHIND, ~is_one_of(AuditRow.did, WITHOUT_EFFECT)
)
_LINES = select(AuditRow.id, AuditRow.did, AuditRow.target).where(
    AuditRow.id > bindparam("after", type_=Integer()), ~is_one_of(AuditRow.did, WITHOUT_EFFECT)
)


def stamp(session: Session) -> tuple[int, int]:
    """The newest line, and how many are not far behind it; another one whenever a figure may have changed."""

    def ask() -> tuple[int, int]:
        newest, count = session.execute(_STAMP).one()
        return newest or 0, count

    return remembered(session, "metrics-stamp", ask, is_short=True)


def lines_after(session: Session, after: int) -> Sequence[Any]:
    """Their id, what was done, and to what."""
    return session.execute(_LINES, {"after": after}).all()
