"""The next step of several post-mortems at once, from what is blank in their sections. Two statements."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from db.models import ActionItemRow, SectionRow
from pmcore.domain.progress import (
    ItemStanding,
    NextStep,
    Standing,
    missing_to_publish,
    missing_to_submit,
    next_step,
)
from pmcore.domain.vocabulary import ActionState, PostmortemStatus, SectionKey, Severity

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_STANDINGS = select(SectionRow.postmortem_id, SectionRow.key, SectionRow.blank, SectionRow.is_empty).where(
    SectionRow.postmortem_id.in_(_IDS)
)
_PROMISES = (
    select(
        ActionItemRow.postmortem_id,
        ActionItemRow.number,
        ActionItemRow.state,
        ActionItemRow.owner_id.is_not(None).label("has_owner"),
        ActionItemRow.due_on.is_not(None).label("has_due"),
        (func.trim(ActionItemRow.criterion) != "").label("has_criterion"),
    )
    .where(ActionItemRow.postmortem_id.in_(_IDS), ActionItemRow.deleted_at.is_(None))
    .order_by(ActionItemRow.number)
)


def next_steps(session: Session, rows: Sequence[Any]) -> Mapping[int, NextStep]:
    """By post-mortem id. Each row has `id`, `status`, `amendment` and `highest_severity`."""
    if not rows:
        return {}
    ids = [row.id for row in rows]
    sections = _sections(session, ids)
    items = _items(session, ids)
    return {
        row.id: _step(row, sections.get(row.id, {}), items.get(row.id, []), Severity(row.highest_severity))
        for row in rows
    }


def _step(
    row: Any, sections: Mapping[SectionKey, Standing], items: Sequence[ItemStanding], severity: Severity
) -> NextStep:
    return next_step(
        status=PostmortemStatus(row.status),
        is_amending=row.amendment is not None,
        missing_submit=missing_to_submit(sections, items),
        missing_publish=missing_to_publish(sections, items, severity=severity),
    )


def _sections(session: Session, ids: Sequence[int]) -> dict[int, dict[SectionKey, Standing]]:
    found: dict[int, dict[SectionKey, Standing]] = {}
    for row in session.execute(_STANDINGS, {"ids": ids}):
        standing = Standing(blank=frozenset(row.blank), is_empty=row.is_empty)
        found.setdefault(row.postmortem_id, {})[SectionKey(row.key)] = standing
    return found


def _items(session: Session, ids: Sequence[int]) -> dict[int, list[ItemStanding]]:
    found: dict[int, list[ItemStanding]] = {}
    for row in session.execute(_PROMISES, {"ids": ids}):
        found.setdefault(row.postmortem_id, []).append(
            ItemStanding(
                number=row.number,
                state=ActionState(row.state),
                has_owner=bool(row.has_owner),
                has_due=bool(row.has_due),
                has_criterion=bool(row.has_criterion),
            )
        )
    return found
