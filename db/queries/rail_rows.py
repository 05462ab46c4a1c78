"""One statement for what is beside a text: the days after the incident, its review, and the people it may name."""

from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Integer,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from db.models import (
    ActionItemRow,
    AttendeeRow,
    AuditRow,
    EscalationRow,
    FeedbackRow,
    IncidentRow,
    LogEntryRow,
    MeetingRow,
    MemberRow,
    ObligationRow,
    PostmortemRow,
    ReturnRow,
    SignatureRow,
    TimeSpentRow,
    UserRoleRow,
    UserRow,
    VerdictRow,
)
from db.queries.prepared import THIS
from db.types import UtcDateTime
from pmcore.domain.vocabulary import SignRole
from pmcore.domain.waiting import Happening

INCIDENT: BindParameter[int] = bindparam("incident")

#: A condition on UserRow: everybody whom the document may name.
IS_NAMED = or_(
    UserRow.id.in_(select(PostmortemRow.author_id).where(PostmortemRow.id == THIS)),
    UserRow.id.in_(select(MemberRow.user_id).where(MemberRow.postmortem_id == THIS)),
    UserRow.id.in_(select(ActionItemRow.owner_id).where(ActionItemRow.postmortem_id == THIS)),
    UserRow.id.in_(select(SignatureRow.user_id).where(SignatureRow.postmortem_id == THIS)),
    UserRow.id.in_(select(LogEntryRow.author_id).where(LogEntryRow.incident_id == INCIDENT)),
)

#: What the audit tells of the way to publication.
STEPS = {"submit": (Happening.SUBMITTED, None)} | {
    f"{did}_{role}": (what, role)
    for role in SignRole
    for did, what in (
        ("return", Happening.RETURNED), ("sign", Happening.SIGNED), ("withdraw", Happening.WITHDRAWN),
    )
}  # fmt: skip

_COLUMNS = {
    "id": Integer, "user_id": Integer, "other_id": Integer, "at": UtcDateTime, "until": UtcDateTime,
    "since": UtcDateTime, "began": UtcDateTime, "n1": Integer, "n2": Integer, "n3": Integer, "n4": Integer,
    "a": Text, "b": Text, "text": Text, "role": Text, "said": Text,
}  # fmt: skip


def _part(what: str, **columns: Any) -> Any:
    """One kind of row; columns that it does not have are NULL of their type."""
    filled = [columns.get(name, cast(null(), kind)).label(name) for name, kind in _COLUMNS.items()]
    return select(literal(what).label("what"), *filled)


@cache
def statement() -> Any:
    e, i = EscalationRow, ActionItemRow
    parts = [
        _part("incident", id=IncidentRow.id, at=IncidentRow.resolved_at)
        .join(PostmortemRow, PostmortemRow.incident_id == IncidentRow.id)
        .where(PostmortemRow.id == THIS),
        _part(
            "meeting", user_id=MeetingRow.presenter_id, other_id=MeetingRow.facilitator_id, at=MeetingRow.starts_at,
            until=MeetingRow.held_at, since=MeetingRow.scheduled_at, began=MeetingRow.began_at, n1=MeetingRow.minutes,
            n2=MeetingRow.version, n3=MeetingRow.notes_version, n4=MeetingRow.sequence, a=cast(MeetingRow.uid, Text),
            b=cast(MeetingRow.place, Text), text=cast(MeetingRow.notes, Text),
        ).where(MeetingRow.postmortem_id == THIS),
        _part("changed", at=MeetingRow.changed_at).where(MeetingRow.postmortem_id == THIS),
        _part(
            "attendee", user_id=AttendeeRow.user_id, n1=case((AttendeeRow.required, 1), else_=0),
            n2=case((AttendeeRow.attended, 1), else_=0),
        ).where(AttendeeRow.postmortem_id == THIS),
        _part(
            "verdict", user_id=VerdictRow.by_id, at=VerdictRow.at, a=cast(VerdictRow.verdict, Text),
            text=cast(VerdictRow.reason, Text),
        ).where(VerdictRow.postmortem_id == THIS),
        _part(
            "item", id=i.id, user_id=i.owner_id, n1=i.number, a=cast(i.state, Text),
        ).where(i.postmortem_id == THIS, i.deleted_at.is_(None)),
        _part(
            "escalation", id=e.id, user_id=e.by_id, at=e.at, until=e.answered_at, n1=i.number, n2=i.id,
            a=cast(i.state, Text), b=cast(func.coalesce(e.answer, ""), Text), text=cast(e.reason, Text),
        ).join(i, i.id == e.item_id).where(i.postmortem_id == THIS, i.deleted_at.is_(None)),
        _part(
            "feedback", user_id=FeedbackRow.user_id, at=FeedbackRow.asked_at, until=FeedbackRow.answered_at,
            a=cast(FeedbackRow.easy, Text), b=cast(FeedbackRow.clear, Text), text=cast(FeedbackRow.missing, Text),
        ).where(FeedbackRow.postmortem_id == THIS),
        _part(
            "signature", id=SignatureRow.id, user_id=SignatureRow.user_id, at=SignatureRow.at,
            role=cast(SignatureRow.role, Text), said=type_coerce(SignatureRow.hashes, Text),
        ).where(SignatureRow.postmortem_id == THIS, SignatureRow.withdrawn_at.is_(None)),
        _part(
            "return", id=ReturnRow.id, user_id=ReturnRow.user_id, at=ReturnRow.at, role=cast(ReturnRow.role, Text),
            said=cast(ReturnRow.reasons, Text),
        ).where(ReturnRow.postmortem_id == THIS, ReturnRow.answered_at.is_(None)),
        _part("step", id=AuditRow.id, at=AuditRow.at, since=ObligationRow.starts_at, a=cast(AuditRow.did, Text))
        .select_from(AuditRow)
        .join(ObligationRow, ObligationRow.incident_id == INCIDENT)
        .where(AuditRow.target == bindparam("target"), AuditRow.did.in_(STEPS), ObligationRow.starts_at.is_not(None)),
        _part("named", user_id=UserRow.id, role=cast(UserRoleRow.role, Text))
        .outerjoin(UserRoleRow, UserRoleRow.user_id == UserRow.id)
        .where(IS_NAMED),
        _part("time", a=cast(TimeSpentRow.kind, Text), n1=func.sum(TimeSpentRow.minutes))
        .where(TimeSpentRow.postmortem_id == THIS)
        .group_by(TimeSpentRow.kind),
    ]  # fmt: skip
    told, other = union_all(*parts).subquery(), aliased(UserRow)
    return (
        select(told, UserRow.name, other.name.label("other"))
        .outerjoin(UserRow, UserRow.id == told.c.user_id)
        .outerjoin(other, other.id == told.c.other_id)
        .order_by(told.c.at.desc(), told.c.n1, UserRow.name_key)
    )
