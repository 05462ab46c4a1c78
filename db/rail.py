"""Verdicts, escalations, feedback and time in SQL: row <-> dataclass, and nothing else."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from db.models import ActionItemRow, EscalationRow, FeedbackRow, TimeSpentRow, VerdictRow
from pmcore.domain.dry_run import Feedback
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Actor
from pmcore.domain.rail_vocabulary import Opinion, TimeKind, Verdict
from pmcore.domain.retrospective import Escalation, GivenVerdict


class SqlRail:
    def __init__(self, session: Session) -> None:
        self._session = session

    def verdict(self, postmortem_id: int) -> GivenVerdict | None:
        row = self._session.get(VerdictRow, postmortem_id, populate_existing=True)
        if row is None:
            return None
        return GivenVerdict(
            postmortem_id=row.postmortem_id, verdict=Verdict(row.verdict), reason=row.reason, by_id=row.by_id,
            author_id=row.author_id, at=row.at,
        )  # fmt: skip

    def save_verdict(self, verdict: GivenVerdict) -> None:
        self._session.merge(
            VerdictRow(
                postmortem_id=verdict.postmortem_id, verdict=verdict.verdict, reason=verdict.reason,
                by_id=verdict.by_id, author_id=verdict.author_id, at=verdict.at,
            )
        )  # fmt: skip
        self._session.flush()

    def postmortem_of(self, escalation_id: int) -> int:
        found = self._session.scalar(
            select(ActionItemRow.postmortem_id)
            .join(EscalationRow, EscalationRow.item_id == ActionItemRow.id)
            .where(EscalationRow.id == escalation_id)
        )
        if found is None:
            raise NotFound
        return found

    def escalation(self, escalation_id: int) -> Escalation:
        row = self._session.scalar(
            select(EscalationRow)
            .filter_by(id=escalation_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if row is None:
            raise NotFound
        return Escalation(
            id=row.id, item_id=row.item_id, reason=row.reason, by_id=row.by_id, at=row.at, answer=row.answer,
            answered_by_id=row.answered_by_id, answered_at=row.answered_at,
        )  # fmt: skip

    def is_escalated(self, item_id: int) -> bool:
        is_open = exists().where(EscalationRow.item_id == item_id, EscalationRow.answered_at.is_(None))
        return bool(self._session.scalar(select(is_open)))

    def add_escalation(self, escalation: Escalation) -> int:
        row = EscalationRow(
            item_id=escalation.item_id, reason=escalation.reason, by_id=escalation.by_id, at=escalation.at,
            answer=None, answered_by_id=None, answered_at=None,
        )  # fmt: skip
        self._session.add(row)
        self._session.flush()
        return row.id

    def save_answer(self, escalation: Escalation) -> None:
        self._session.execute(
            update(EscalationRow)
            .filter_by(id=escalation.id)
            .values(
                answer=escalation.answer,
                answered_by_id=escalation.answered_by_id,
                answered_at=escalation.answered_at,
            )
        )

    def feedback(self, postmortem_id: int) -> tuple[Feedback, ...]:
        rows = self._session.scalars(
            select(FeedbackRow)
            .filter_by(postmortem_id=postmortem_id)
            .order_by(FeedbackRow.user_id)
            .execution_options(populate_existing=True)
        )
        return tuple(
            Feedback(
                postmortem_id=row.postmortem_id,
                user_id=row.user_id,
                asked_by_id=row.asked_by_id,
                asked_at=row.asked_at,
                easy=Opinion(row.easy) if row.easy else None,
                clear=Opinion(row.clear) if row.clear else None,
                missing=row.missing,
                answered_at=row.answered_at,
            )
            for row in rows
        )

    def add_feedback(self, asked: Iterable[Feedback]) -> None:
        new = [
            {
                "postmortem_id": each.postmortem_id, "user_id": each.user_id, "asked_by_id": each.asked_by_id,
                "asked_at": each.asked_at, "missing": "",
            }
            for each in asked
        ]  # fmt: skip
        if new:
            self._session.execute(insert(FeedbackRow), new)

    def save_feedback(self, given: Feedback) -> None:
        self._session.execute(
            update(FeedbackRow)
            .filter_by(postmortem_id=given.postmortem_id, user_id=given.user_id)
            .values(easy=given.easy, clear=given.clear, missing=given.missing, answered_at=given.answered_at)
        )

    def note_time(self, postmortem_id: int, *, kind: TimeKind, minutes: int, by_id: int, at: datetime) -> int:
        row = TimeSpentRow(postmortem_id=postmortem_id, kind=kind, minutes=minutes, by_id=by_id, at=at)
        self._session.add(row)
        self._session.flush()
        return row.id

    def take_time_back(self, postmortem_id: int, time_id: int, *, actor: Actor) -> None:
        gone = delete(TimeSpentRow).filter_by(id=time_id, postmortem_id=postmortem_id, by_id=actor.user_id)
        if not cast("CursorResult[Any]", self._session.execute(gone)).rowcount:
            raise NotFound
