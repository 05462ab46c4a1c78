"""Obligations, clock stops and waivers in SQL: row <-> dataclass, and nothing else."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from db.models import (
    ClockStopRow,
    HandOverRow,
    IncidentRow,
    ObligationRow,
    PolicyRow,
    WaiverApprovalRow,
    WaiverRow,
)
from db.queries import clocks
from pmcore.domain.errors import EditConflict, NotFound
from pmcore.domain.obligation import Obligation, Waiver
from pmcore.domain.policy import Policy, from_content
from pmcore.domain.vocabulary import ClockKind, Disposition, ObligationLevel, Rule


class SqlObligations:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, incident_id: int) -> Obligation:
        row = self._session.scalar(
            select(ObligationRow)
            .filter_by(incident_id=incident_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if row is None:
            raise NotFound
        stops = self._session.execute(select(ClockStopRow.clock, ClockStopRow.at).filter_by(incident_id=incident_id))
        return to_obligation(
            row, stops={ClockKind(clock): at for clock, at in stops}, waiver=self._open_waiver(incident_id)
        )

    def _open_waiver(self, incident_id: int) -> Waiver | None:
        found = self._session.execute(
            select(WaiverRow, WaiverApprovalRow)
            .join(WaiverApprovalRow, WaiverApprovalRow.waiver_id == WaiverRow.id)
            .where(WaiverRow.incident_id == incident_id, WaiverRow.voided_at.is_(None))
            .order_by(WaiverApprovalRow.at, WaiverApprovalRow.user_id)
        ).all()
        return to_waiver(found[0][0], tuple(approval for _, approval in found)) if found else None

    def policy_of(self, obligation: Obligation) -> Policy:
        row = self._session.scalar(select(PolicyRow).filter_by(number=obligation.policy_number))
        if row is None:
            raise NotFound
        return from_content(row.number, row.content)

    def note_hand_over(
        self, *, incident_id: int, from_id: int | None, to_id: int | None, by_id: int, note: str, at: datetime
    ) -> None:
        self._session.add(
            HandOverRow(
                incident_id=incident_id, from_id=from_id, to_id=to_id, by_id=by_id, note=note, at=at,
                from_done_at=None, to_done_at=None,
            )
        )  # fmt: skip
        self._session.flush()

    def put_hand_over_away(self, hand_over_id: int, *, user_id: int, at: datetime) -> None:
        row = self._session.get(HandOverRow, hand_over_id, with_for_update=True, populate_existing=True)
        if row is None or user_id not in (row.from_id, row.to_id):
            raise NotFound
        if row.from_id == user_id:
            row.from_done_at = row.from_done_at or at
        if row.to_id == user_id:
            row.to_done_at = row.to_done_at or at
        self._session.flush()

    def add(self, obligation: Obligation) -> None:
        self._session.add(ObligationRow(incident_id=obligation.incident_id, version=1, **_columns(obligation)))
        self._session.flush()
        note_next_due(self._session, [obligation.incident_id])

    def save(self, obligation: Obligation) -> None:
        saved = self._session.execute(
            update(ObligationRow)
            .filter_by(incident_id=obligation.incident_id, version=obligation.version)
            .values(version=obligation.version + 1, **_columns(obligation))
            .returning(ObligationRow.incident_id)
            .execution_options(synchronize_session=False)
        ).first()
        if saved is None:
            raise EditConflict
        if obligation.waiver is not None:
            self._save_waiver(obligation.incident_id, obligation.waiver)
        note_next_due(self._session, [obligation.incident_id])

    def _save_waiver(self, incident_id: int, waiver: Waiver) -> None:
        voided_by = waiver.voided_by_rule.value if waiver.voided_by_rule else None
        if waiver.id == 0:
            row = WaiverRow(
                incident_id=incident_id,
                reason=waiver.reason,
                at=waiver.at,
                voided_at=waiver.voided_at,
                voided_by_rule=voided_by,
            )
            self._session.add(row)
            self._session.flush()
            known: set[int] = set()
            waiver_id = row.id
        else:
            waiver_id = waiver.id
            self._session.execute(
                update(WaiverRow)
                .filter_by(id=waiver_id)
                .values(voided_at=waiver.voided_at, voided_by_rule=voided_by)
                .execution_options(synchronize_session=False)
            )
            known = set(self._session.scalars(select(WaiverApprovalRow.user_id).filter_by(waiver_id=waiver_id)))
        for user_id in waiver.approvers:
            if user_id not in known:
                self._session.add(WaiverApprovalRow(waiver_id=waiver_id, user_id=user_id, at=waiver.last_approved_at))
        self._session.flush()

    def stop(self, *, incident_id: int, clock: ClockKind, at: datetime, by_id: int | None) -> None:
        known = self._session.scalar(
            select(ClockStopRow.at).filter_by(incident_id=incident_id, clock=clock.value).with_for_update()
        )
        if known is None:
            self._session.add(ClockStopRow(incident_id=incident_id, clock=clock.value, at=at, by_id=by_id))
            self._session.flush()
            note_next_due(self._session, [incident_id])

    def covered_by(self, postmortem_id: int) -> tuple[int, ...]:
        return tuple(
            self._session.scalars(
                select(ObligationRow.incident_id)
                .filter_by(covered_by_id=postmortem_id)
                .order_by(ObligationRow.incident_id)
            )
        )


_NEXT_DUE = (
    update(IncidentRow)
    .where(IncidentRow.id.in_(bindparam("ids", expanding=True)))
    .values(
        next_due_at=select(clocks.running_due())
        .where(ObligationRow.incident_id == IncidentRow.id)
        .correlate(IncidentRow)
        .scalar_subquery()
    )
    .execution_options(synchronize_session=False)
)


def note_next_due(session: Session, incident_ids: Sequence[int]) -> None:
    """What the list of incidents is sorted by, after the obligations, their stops or waivers have changed."""
    session.execute(_NEXT_DUE, {"ids": incident_ids})


def to_obligation(row: ObligationRow, *, stops: Mapping[ClockKind, datetime], waiver: Waiver | None) -> Obligation:
    return Obligation(
        incident_id=row.incident_id,
        level=ObligationLevel(row.level),
        rules=tuple(Rule(rule) for rule in row.rules),
        policy_number=row.policy_number,
        author_id=row.author_id,
        long_at=row.long_at,
        required_since=row.required_since,
        starts_at=row.starts_at,
        first_starts_at=row.first_starts_at,
        drafted_due_at=row.drafted_due_at,
        published_due_at=row.published_due_at,
        disposition=Disposition(row.disposition) if row.disposition else None,
        disposition_reason=row.disposition_reason,
        disposition_by_id=row.disposition_by_id,
        disposition_at=row.disposition_at,
        covered_by_id=row.covered_by_id,
        duplicate_of_id=row.duplicate_of_id,
        handed_over_by_id=row.handed_over_by_id,
        handed_over_at=row.handed_over_at,
        hand_over_note=row.hand_over_note,
        waiver=waiver,
        stops=stops,
        version=row.version,
    )


def to_waiver(row: WaiverRow, approvals: tuple[WaiverApprovalRow, ...]) -> Waiver:
    return Waiver(
        id=row.id,
        reason=row.reason,
        at=row.at,
        approvers=tuple(approval.user_id for approval in approvals),
        last_approved_at=approvals[-1].at,
        voided_at=row.voided_at,
        voided_by_rule=Rule(row.voided_by_rule) if row.voided_by_rule else None,
    )


def _columns(obligation: Obligation) -> dict[str, Any]:
    return {
        "level": obligation.level.value,
        "rules": [rule.value for rule in obligation.rules],
        "policy_number": obligation.policy_number,
        "author_id": obligation.author_id,
        "long_at": obligation.long_at,
        "required_since": obligation.required_since,
        "starts_at": obligation.starts_at,
        "first_starts_at": obligation.first_starts_at,
        "drafted_due_at": obligation.drafted_due_at,
        "published_due_at": obligation.published_due_at,
        "disposition": obligation.disposition.value if obligation.disposition else None,
        "disposition_reason": obligation.disposition_reason,
        "disposition_by_id": obligation.disposition_by_id,
        "disposition_at": obligation.disposition_at,
        "covered_by_id": obligation.covered_by_id,
        "duplicate_of_id": obligation.duplicate_of_id,
        "handed_over_by_id": obligation.handed_over_by_id,
        "handed_over_at": obligation.handed_over_at,
        "hand_over_note": obligation.hand_over_note,
    }
