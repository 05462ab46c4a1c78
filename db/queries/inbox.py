"""What waits for one person. Nine statements, whatever the number of rows; the first few rows of each box."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Engine, case, exists, func, or_, select
from sqlalchemy.orm import Session

from db.models import IncidentRow, MemberRow, ObligationRow, PostmortemRow, ReturnRow, UserRow
from db.queries import clocks
from db.queries.inbox_calls import calls
from db.queries.inbox_items import open_items
from db.queries.inbox_own import own
from db.queries.inbox_steps import next_steps
from db.queries.prepared import NOW, anybody, asked_by
from db.queries.remembered import end_of_minute, remembered
from db.queries.to_sign import to_sign
from db.visibility import can_see
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.progress import NextStep
from pmcore.domain.vocabulary import (
    Amendment,
    ClockKind,
    ClockState,
    MemberRole,
    ObligationLevel,
    PostmortemStatus,
    Severity,
    SignRole,
)
from pmcore.readmodels.inbox import Box, DraftRow, Inbox, OwedRow

SHOWN = 4  #: rows of a box; the page behind it shows all
REASONS = 300  #: characters of a return's reasons


def inbox(engine: Engine, *, actor: Actor, now: datetime) -> Inbox:
    require(actor, Right.READ)
    with Session(engine) as session:
        found, _ = remembered(
            session,
            ("inbox", actor.user_id, actor.roles),
            lambda: _boxes(session, actor, now),
            now=now,
            until=lambda answer: answer[1],
        )
    return found


def _boxes(session: Session, actor: Actor, now: datetime) -> tuple[Inbox, datetime]:
    """All of them, and until when they hold: the marks of items change with the minute."""
    owed = _owed(session, actor, now)
    drafts = _rows(session, _drafts, actor, now)
    steps = next_steps(session, drafts)
    my_items, their_items = open_items(session, actor=actor, now=now, shown=SHOWN)
    onboarding, survey, survey_needs_keeping = own(session, actor=actor, now=now)
    called = calls(session, actor=actor, shown=SHOWN)
    waiting = to_sign(session, actor=actor, today=now.date(), shown=SHOWN)
    next_change = _next_change(session, now)
    found = Inbox(
        owed=owed,
        drafts=_draft_box(drafts, steps, is_returned=False),
        returned=_draft_box(drafts, steps, is_returned=True),
        to_sign=waiting,
        calls=called,
        my_items=my_items,
        their_items=their_items,
        onboarding=onboarding,
        survey=survey,
        survey_needs_keeping=survey_needs_keeping,
    )
    return found, min(next_change or end_of_minute(now), end_of_minute(now))


def _next_change(session: Session, now: datetime) -> datetime | None:
    return remembered(session, ("clocks", now), lambda: clocks.next_change(session, now=now))


def _rows(session: Session, asked: Callable[[Actor], Any], actor: Actor, now: datetime) -> Sequence[Any]:
    """Remembered until something is committed or a clock runs out."""
    return remembered(
        session,
        ("inbox", asked.__name__, actor.user_id, actor.roles),
        lambda: session.execute(asked(anybody(actor)), asked_by(actor, now)).all(),
        now=now,
        until=lambda _: _next_change(session, now),
    )


def _owed(session: Session, actor: Actor, now: datetime) -> Box[OwedRow]:
    rows = _rows(session, _owed_by, actor, now)
    return Box.of(
        (
            OwedRow(
                incident_id=row.id,
                public_id=row.public_id,
                title=row.title,
                severity=Severity(row.severity),
                level=ObligationLevel(row.level),
                clock=ClockState(row.clock),
                due_at=row.drafted_due_at,
                is_ongoing=row.resolved_at is None and not row.imported,
                is_unassigned=bool(row.is_unassigned),
            )
            for row in rows
        ),
        rows[0].total if rows else 0,
    )


@cache
def _owed_by(actor: Actor) -> Any:
    level = clocks.level(now=NOW)
    unassigned = ObligationRow.author_id.is_(None)
    mine = ObligationRow.author_id == actor.user_id
    begun = exists().where(PostmortemRow.incident_id == IncidentRow.id, PostmortemRow.deleted_at.is_(None))
    return (
        select(
            IncidentRow.id,
            IncidentRow.public_id,
            IncidentRow.title,
            IncidentRow.severity,
            IncidentRow.resolved_at,
            IncidentRow.imported,
            level.label("level"),
            clocks.state(ClockKind.DRAFTED, now=NOW).label("clock"),
            ObligationRow.drafted_due_at,
            unassigned.label("is_unassigned"),
            func.count().over().label("total"),
        )
        .join(ObligationRow, ObligationRow.incident_id == IncidentRow.id)
        .where(
            or_(mine, unassigned) if actor.may(Right.WAIVE) else mine,
            ObligationRow.disposition.is_(None),
            level != ObligationLevel.NONE.value,
            ~clocks.is_waived(),
            ~begun.correlate(IncidentRow),
            can_see(actor),
        )
        .order_by(
            case((level == ObligationLevel.REQUIRED.value, 0), else_=1),
            ObligationRow.drafted_due_at.asc().nulls_first(),
            IncidentRow.id,
        )
        .limit(SHOWN)
    )


@cache
def _drafts(actor: Actor) -> Any:
    """The first few of each kind: those that came back, with the newest open return, and the others."""
    co_written = select(MemberRow.postmortem_id).where(
        MemberRow.user_id == actor.user_id, MemberRow.role == MemberRole.CO_AUTHOR
    )
    came_back = exists().where(ReturnRow.postmortem_id == PostmortemRow.id, ReturnRow.answered_at.is_(None))
    is_open = or_(
        PostmortemRow.status.in_((PostmortemStatus.DRAFT, PostmortemStatus.IN_REVIEW)),
        PostmortemRow.amendment.is_not(None),
    )
    is_returned = case((came_back.correlate(PostmortemRow), 1), else_=0)
    clock = case((PostmortemRow.shared_at.is_(None), 0), else_=1)
    states = {kind: clocks.state(kind, now=NOW) for kind in ClockKind}
    listed = (
        select(
            PostmortemRow.id,
            PostmortemRow.status,
            PostmortemRow.amendment,
            IncidentRow.public_id,
            IncidentRow.title,
            IncidentRow.severity,
            IncidentRow.highest_severity,
            is_returned.label("is_returned"),
            case((clock == 0, states[ClockKind.DRAFTED]), else_=states[ClockKind.PUBLISHED]).label("clock"),
            case((clock == 0, ObligationRow.drafted_due_at), else_=ObligationRow.published_due_at).label("due_at"),
            func.count().over(partition_by=is_returned).label("total"),
            func.row_number()
            .over(
                partition_by=is_returned,
                order_by=(ObligationRow.published_due_at.asc().nulls_last(), PostmortemRow.id),
            )
            .label("place"),
        )
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .outerjoin(ObligationRow, ObligationRow.incident_id == IncidentRow.id)
        .where(
            PostmortemRow.deleted_at.is_(None),
            is_open,
            or_(PostmortemRow.author_id == actor.user_id, PostmortemRow.id.in_(co_written)),
            can_see(actor),
        )
        .subquery()
    )
    newest = (
        select(func.max(ReturnRow.id))
        .where(ReturnRow.postmortem_id == listed.c.id, ReturnRow.answered_at.is_(None))
        .correlate(listed)
        .scalar_subquery()
    )
    return (
        select(
            listed,
            ReturnRow.role.label("returned_role"),
            ReturnRow.at.label("returned_at"),
            func.substr(ReturnRow.reasons, 1, REASONS).label("reasons"),
            UserRow.name.label("returned_by"),
        )
        .select_from(listed)
        .outerjoin(ReturnRow, ReturnRow.id == newest)
        .outerjoin(UserRow, UserRow.id == ReturnRow.user_id)
        .where(listed.c.place <= SHOWN)
        .order_by(listed.c.place)
    )


def _draft_box(rows: Iterable[Any], steps: Mapping[int, NextStep], *, is_returned: bool) -> Box[DraftRow]:
    kept = [row for row in rows if bool(row.is_returned) is is_returned]
    return Box.of((_draft(row, steps[row.id]) for row in kept), kept[0].total if kept else 0)


def _draft(row: Any, step: NextStep) -> DraftRow:
    return DraftRow(
        postmortem_id=row.id,
        public_id=row.public_id,
        title=row.title,
        severity=Severity(row.severity),
        status=PostmortemStatus(row.status),
        amendment=Amendment(row.amendment) if row.amendment else None,
        next_step=step,
        clock=ClockState(row.clock) if row.clock else ClockState.NONE,
        due_at=row.due_at,
        returned_by=row.returned_by or "",
        returned_as=SignRole(row.returned_role) if row.returned_role else None,
        reasons=row.reasons or "",
        returned_at=row.returned_at,
    )
