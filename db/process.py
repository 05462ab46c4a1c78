"""Approvals of the process and onboarding checklists in SQL: row <-> dataclass, and nothing else."""

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import ApprovalRow, OnboardingRow, OnboardingTickRow
from pmcore.domain.errors import N_, EditConflict, NotFound
from pmcore.domain.onboarding import Onboarding, Tick
from pmcore.domain.process import Approval, CannotApprove
from pmcore.domain.vocabulary import OnboardingStep, Role


class SqlProcess:
    def __init__(self, session: Session) -> None:
        self._session = session

    def approvals(self) -> tuple[Approval, ...]:
        rows = self._session.scalars(select(ApprovalRow).filter_by(withdrawn_at=None).order_by(ApprovalRow.id))
        return tuple(to_approval(row) for row in rows)

    def approval(self, approval_id: int) -> Approval:
        row = self._session.scalar(select(ApprovalRow).filter_by(id=approval_id).with_for_update())
        if row is None:
            raise NotFound
        return to_approval(row)

    def add_approval(self, approval: Approval) -> int:
        row = ApprovalRow(
            process_version=approval.version,
            content_hash=approval.content_hash,
            by_id=approval.by_id,
            role=approval.role,
            at=approval.at,
            withdrawn_at=approval.withdrawn_at,
        )
        try:
            with self._session.begin_nested():
                self._session.add(row)
                self._session.flush()
        except IntegrityError as error:
            raise CannotApprove(N_("Somebody approved this text a moment ago; nothing is left to do.")) from error
        return row.id

    def save_approval(self, approval: Approval) -> None:
        self._session.execute(
            update(ApprovalRow).filter_by(id=approval.id).values(withdrawn_at=approval.withdrawn_at)
        )  # fmt: skip

    def find_onboarding(self, user_id: int) -> Onboarding | None:
        row = self._session.scalar(
            select(OnboardingRow).filter_by(user_id=user_id).with_for_update().execution_options(populate_existing=True)
        )
        if row is None:
            return None
        ticks = self._session.scalars(select(OnboardingTickRow).filter_by(user_id=user_id))
        return to_onboarding(row, {OnboardingStep(one.step): one for one in ticks})

    def add_onboarding(self, onboarding: Onboarding) -> None:
        row = OnboardingRow(
            user_id=onboarding.user_id,
            started_at=onboarding.started_at,
            started_by_id=onboarding.started_by_id,
            finished_at=onboarding.finished_at,
            ended_at=onboarding.ended_at,
            version=1,
        )
        try:
            with self._session.begin_nested():
                self._session.add(row)
                self._session.flush()
        except IntegrityError as error:
            raise EditConflict from error
        self._write_ticks(onboarding)

    def save_onboarding(self, onboarding: Onboarding) -> None:
        saved = self._session.execute(
            update(OnboardingRow)
            .filter_by(user_id=onboarding.user_id, version=onboarding.version)
            .values(
                finished_at=onboarding.finished_at, ended_at=onboarding.ended_at, version=onboarding.version + 1
            )
            .returning(OnboardingRow.user_id)
        ).first()  # fmt: skip
        if saved is None:
            raise EditConflict
        self._session.execute(delete(OnboardingTickRow).filter_by(user_id=onboarding.user_id))
        self._write_ticks(onboarding)

    def _write_ticks(self, onboarding: Onboarding) -> None:
        self._session.expire_all()
        self._session.add_all(
            OnboardingTickRow(user_id=onboarding.user_id, step=one.step, at=one.at, by_id=one.by_id)
            for one in onboarding.ticks
        )
        self._session.flush()


def to_approval(row: ApprovalRow) -> Approval:
    return Approval(
        id=row.id,
        version=row.process_version,
        content_hash=row.content_hash,
        by_id=row.by_id,
        role=Role(row.role),
        at=row.at,
        withdrawn_at=row.withdrawn_at,
    )


def to_onboarding(row: OnboardingRow, ticks: dict[OnboardingStep, OnboardingTickRow]) -> Onboarding:
    return Onboarding(
        user_id=row.user_id,
        started_at=row.started_at,
        started_by_id=row.started_by_id,
        ticks=tuple(
            Tick(step=step, at=ticks[step].at, by_id=ticks[step].by_id) for step in OnboardingStep if step in ticks
        ),
        finished_at=row.finished_at,
        ended_at=row.ended_at,
        version=row.version,
    )
