"""Repetitions in SQL: row <-> dataclass, and the incidents that one might repeat."""

from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import CursorResult, Select, and_, bindparam, delete, exists, insert, or_, select, union, update
from sqlalchemy.orm import Session

from db.models import (
    IncidentRow,
    MemberRow,
    ObligationRow,
    PostmortemRow,
    RecurrenceRow,
    SectionRow,
    ServiceRow,
)
from db.queries.prepared import THIS
from db.types import UtcDateTime
from pmcore.domain.errors import EditConflict, NotFound
from pmcore.domain.incident import Incident
from pmcore.domain.likeness import LOOK_BACK, Traits
from pmcore.domain.obligation import OWED_NOTHING
from pmcore.domain.recurrence import Recurrence, Renewal, Writers, from_stored, to_stored
from pmcore.domain.vocabulary import MemberRole, RecurrenceState, SectionKey
from pmcore.ports.recurrences import Candidates

MOST = 30  #: of the same service, and of the same alert, the newest


def _newest(*same: Any) -> Select[Any]:
    """Ids, found by an index that ends in the start."""
    counts = ~exists().where(ObligationRow.incident_id == IncidentRow.id, ObligationRow.disposition.in_(OWED_NOTHING))
    found = (
        select(IncidentRow.id)
        .where(
            *same,
            IncidentRow.started_at < bindparam("start", type_=UtcDateTime()),
            IncidentRow.started_at >= bindparam("since", type_=UtcDateTime()),
            IncidentRow.deleted_at.is_(None),
            IncidentRow.dry_run.is_(False),
            counts,
        )
        .order_by(IncidentRow.started_at.desc())
        .limit(MOST)
        .subquery()
    )
    return select(found.c.id)


@cache
def _candidates() -> Select[Any]:
    ids = union(
        select(bindparam("this", type_=IncidentRow.id.type).label("id")),
        _newest(IncidentRow.service_id == bindparam("service")),
        _newest(IncidentRow.alert_name == bindparam("alert"), IncidentRow.alert_name != ""),
    ).subquery()
    said_to_all = or_(
        IncidentRow.id == THIS, and_(PostmortemRow.shared_at.is_not(None), PostmortemRow.amendment.is_(None))
    )
    return (
        select(
            IncidentRow.id, IncidentRow.service_id, ServiceRow.name, IncidentRow.alert_name, IncidentRow.title,
            IncidentRow.started_at, IncidentRow.restricted, SectionRow.content,
        )
        .join(ids, ids.c.id == IncidentRow.id)
        .join(ServiceRow, ServiceRow.id == IncidentRow.service_id)
        .outerjoin(
            PostmortemRow,
            and_(PostmortemRow.incident_id == IncidentRow.id, PostmortemRow.deleted_at.is_(None), said_to_all),
        )
        .outerjoin(
            SectionRow, and_(SectionRow.postmortem_id == PostmortemRow.id, SectionRow.key == SectionKey.ROOT_CAUSE)
        )
    )  # fmt: skip


class SqlRecurrences:
    def __init__(self, session: Session) -> None:
        self._session = session

    def candidates(self, incident: Incident) -> Candidates:
        start: datetime = incident.started_at
        rows = self._session.execute(
            _candidates(),
            {
                "this": incident.id, "start": start, "since": start - LOOK_BACK, "service": incident.service_id,
                "alert": incident.alert_name,
            },
        )  # fmt: skip
        found = {row.id: _traits(row) for row in rows}
        own = found.pop(incident.id)
        return Candidates(own=own, earlier=tuple(found[number] for number in sorted(found)))

    def of(self, incident_id: int) -> tuple[Recurrence, ...]:
        return self._found(RecurrenceRow.incident_id == incident_id)

    def around(self, incident_id: int) -> tuple[Recurrence, ...]:
        return self._found(or_(RecurrenceRow.incident_id == incident_id, RecurrenceRow.earlier_id == incident_id))

    def get(self, incident_id: int, earlier_id: int) -> Recurrence:
        found = self._found(RecurrenceRow.incident_id == incident_id, RecurrenceRow.earlier_id == earlier_id)
        if not found:
            raise NotFound
        return found[0]

    def _found(self, *conditions: Any) -> tuple[Recurrence, ...]:
        rows = self._session.scalars(
            select(RecurrenceRow)
            .where(*conditions)
            .order_by(RecurrenceRow.incident_id, RecurrenceRow.earlier_id)
            .execution_options(populate_existing=True)
        )
        return tuple(to_recurrence(row) for row in rows)

    def writers(self, incident_id: int, earlier_id: int) -> Writers:
        both = (incident_id, earlier_id)
        written = self._session.execute(
            select(PostmortemRow.incident_id, PostmortemRow.author_id, MemberRow.user_id)
            .outerjoin(
                MemberRow, and_(MemberRow.postmortem_id == PostmortemRow.id, MemberRow.role == MemberRole.CO_AUTHOR)
            )
            .where(PostmortemRow.incident_id.in_(both), PostmortemRow.deleted_at.is_(None))
        ).all()
        owed = self._session.execute(
            select(ObligationRow.incident_id, ObligationRow.author_id).where(
                ObligationRow.incident_id.in_(both),
                ObligationRow.incident_id.not_in({row.incident_id for row in written}),
            )
        ).all()
        authors = {row.incident_id: row.author_id for row in (*owed, *written)}
        ids = {*authors.values(), *(row.user_id for row in written)} - {None}
        return Writers(author_id=authors.get(incident_id), ids=frozenset(ids))

    def apply(self, renewal: Renewal) -> None:
        for pair in renewal.gone:
            gone = delete(RecurrenceRow).filter_by(
                incident_id=pair.incident_id, earlier_id=pair.earlier_id, version=pair.version
            )
            if not cast("CursorResult[Any]", self._session.execute(gone)).rowcount:
                raise EditConflict
        if renewal.new:
            self._session.execute(insert(RecurrenceRow), [_columns(pair) | {"version": 1} for pair in renewal.new])
        for pair in renewal.changed:
            self.save(pair)

    def save(self, pair: Recurrence) -> None:
        saved = self._session.execute(
            update(RecurrenceRow)
            .filter_by(incident_id=pair.incident_id, earlier_id=pair.earlier_id, version=pair.version)
            .values(**_columns(pair), version=pair.version + 1)
            .returning(RecurrenceRow.incident_id)
            .execution_options(synchronize_session=False)
        ).first()
        if saved is None:
            raise EditConflict


def _traits(row: Any) -> Traits:
    said = row.content or {}
    return Traits(
        incident_id=row.id,
        service_id=row.service_id,
        service=row.name,
        alert_name=row.alert_name,
        title=row.title,
        started_at=row.started_at,
        restricted=row.restricted,
        cause=str(said.get("root_cause") or ""),
        factors=tuple(str(factor.get("text") or "") for factor in said.get("factors") or ()),
    )


def to_recurrence(row: RecurrenceRow) -> Recurrence:
    return Recurrence(
        incident_id=row.incident_id,
        earlier_id=row.earlier_id,
        incident_started_at=row.incident_started_at,
        earlier_started_at=row.earlier_started_at,
        state=RecurrenceState(row.state),
        proposed_at=row.proposed_at,
        named_by_id=row.named_by_id,
        reasons=from_stored(row.reasons),
        author_id=row.author_id,
        decided_by_id=row.decided_by_id,
        decided_at=row.decided_at,
        decision_note=row.decision_note,
        version=row.version,
    )


def _columns(pair: Recurrence) -> dict[str, Any]:
    return {
        "incident_id": pair.incident_id,
        "earlier_id": pair.earlier_id,
        "incident_started_at": pair.incident_started_at,
        "earlier_started_at": pair.earlier_started_at,
        "state": pair.state.value,
        "proposed_at": pair.proposed_at,
        "named_by_id": pair.named_by_id,
        "reasons": to_stored(pair.reasons),
        "author_id": pair.author_id,
        "decided_by_id": pair.decided_by_id,
        "decided_at": pair.decided_at,
        "decision_note": pair.decision_note,
    }
