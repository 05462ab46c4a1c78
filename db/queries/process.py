"""The approval of the installed process, and checklists of people who join. One or two statements each."""

from typing import Any

from sqlalchemy import Engine, ScalarSelect, Select, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from db.models import ApprovalRow, OnboardingRow, OnboardingTickRow, UserRow
from db.queries.prepared import ME
from pmcore.domain.onboarding import STEPS
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.process import ProcessText, standing
from pmcore.domain.vocabulary import OnboardingStep
from pmcore.readmodels.process import ApprovalView, Checklist, Newcomer, Newcomers, StepTicked

SHOWN = 50  #: checklists of the list


def approval(engine: Engine, *, actor: Actor, text: ProcessText) -> ApprovalView:
    """The approval of just this text if there is one, else the newest of another text."""
    require(actor, Right.READ)
    asked = (
        select(ApprovalRow, UserRow.name)
        .join(UserRow, UserRow.id == ApprovalRow.by_id)
        .where(ApprovalRow.withdrawn_at.is_(None))
        .order_by((ApprovalRow.content_hash == text.content_hash).desc(), ApprovalRow.at.desc(), ApprovalRow.id.desc())
        .limit(1)
    )
    with Session(engine) as session:
        found = session.execute(asked).first()
    may_approve = actor.may(Right.APPROVE_PROCESS)
    if found is None:
        return ApprovalView(
            standing=standing(text.content_hash, None),
            version=text.version,
            content_hash=text.content_hash,
            may_approve=may_approve,
        )
    row, name = found
    return ApprovalView(
        standing=standing(text.content_hash, row.content_hash),
        version=text.version,
        content_hash=text.content_hash,
        approved_version=row.process_version,
        approval_id=row.id,
        by=name,
        at=row.at,
        may_approve=may_approve,
    )


def newcomers(engine: Engine, *, actor: Actor) -> Newcomers:
    """Everybody's checklists that were not put away, open ones first; without the right to onboard nobody's."""
    require(actor, Right.READ)
    if not actor.may(Right.ONBOARD):
        return Newcomers(rows=(), total=0)
    done = _done()
    asked = (
        select(
            OnboardingRow.user_id, UserRow.name, OnboardingRow.started_at, OnboardingRow.finished_at,
            done.label("done"), func.count().over().label("total"),
        )
        .join(UserRow, UserRow.id == OnboardingRow.user_id)
        .where(OnboardingRow.ended_at.is_(None), UserRow.active)
        .order_by(OnboardingRow.finished_at.is_not(None), OnboardingRow.started_at.desc(), OnboardingRow.user_id)
        .limit(SHOWN)
    )  # fmt: skip
    with Session(engine) as session:
        rows = session.execute(asked).all()
    return Newcomers(
        rows=tuple(
            Newcomer(
                user_id=row.user_id,
                name=row.name,
                started_at=row.started_at,
                finished_at=row.finished_at,
                done=row.done,
                total=STEPS,
            )
            for row in rows
        ),
        total=rows[0].total if rows else 0,
    )


def checklist(engine: Engine, *, actor: Actor, user_id: int) -> Checklist | None:
    """One person's; None when there is none, or it is not this actor's to see."""
    require(actor, Right.READ)
    owner, starter, ticker = UserRow, aliased(UserRow), aliased(UserRow)
    asked = (
        select(
            OnboardingRow, owner.name, starter.name.label("started_by"), OnboardingTickRow.step, OnboardingTickRow.at,
            OnboardingTickRow.by_id, ticker.name.label("ticked_by"),
        )
        .join(owner, owner.id == OnboardingRow.user_id)
        .outerjoin(starter, starter.id == OnboardingRow.started_by_id)
        .outerjoin(OnboardingTickRow, OnboardingTickRow.user_id == OnboardingRow.user_id)
        .outerjoin(ticker, ticker.id == OnboardingTickRow.by_id)
        .where(
            OnboardingRow.user_id == user_id,
            OnboardingRow.ended_at.is_(None),
            or_(
                OnboardingRow.user_id == actor.user_id,
                UserRow.active if actor.may(Right.ONBOARD) else false(),
            ),
        )
    )  # fmt: skip
    with Session(engine) as session:
        rows = session.execute(asked).all()
    if not rows:
        return None
    first = rows[0]
    ticked = {
        OnboardingStep(row.step): StepTicked(at=row.at, by=row.ticked_by, is_own=row.by_id == user_id)
        for row in rows
        if row.step is not None
    }
    return Checklist(
        user_id=user_id,
        name=first.name,
        started_at=first.OnboardingRow.started_at,
        started_by=first.started_by or "",
        finished_at=first.OnboardingRow.finished_at,
        is_mine=user_id == actor.user_id,
        ticked=ticked,
    )


def open_checklist() -> Select[Any]:
    """The steps done of the checklist of `ME`, while it is neither finished nor put away."""
    return (
        select(_done())
        .select_from(OnboardingRow)
        .where(OnboardingRow.user_id == ME, OnboardingRow.finished_at.is_(None), OnboardingRow.ended_at.is_(None))
    )


def _done() -> ScalarSelect[int]:
    """Steps ticked, of the checklist of the row."""
    return (
        select(func.count())
        .select_from(OnboardingTickRow)
        .where(OnboardingTickRow.user_id == OnboardingRow.user_id)
        .correlate(OnboardingRow)
        .scalar_subquery()
    )
