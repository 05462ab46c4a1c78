"""The days after the incident, beside the text. One statement, whatever there is."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Engine, Integer, Text, bindparam, case, cast, func, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import Session, aliased

from db.models import (
    ActionItemRow,
    AttendeeRow,
    AuditRow,
    EscalationRow,
    FeedbackRow,
    IncidentRow,
    MeetingRow,
    ObligationRow,
    PostmortemRow,
    ReturnRow,
    SignatureRow,
    TimeSpentRow,
    UserRow,
    VerdictRow,
)
from db.queries.prepared import THIS
from db.queries.remembered import remembered
from db.queries.review import Given, to_given
from db.types import UtcDateTime
from pmcore.domain.days import schedule_by
from pmcore.domain.lifecycle import Event, allowed
from pmcore.domain.meeting import Attendee, attendance, runs
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.retrospective import progress
from pmcore.domain.vocabulary import ActionState, Opinion, PostmortemStatus, SignRole, TimeKind, Verdict
from pmcore.domain.waiting import Happening
from pmcore.readmodels.rail import (
    AttendeeView,
    BlockedView,
    EscalationView,
    FeedbackView,
    MeetingView,
    RailView,
    VerdictView,
)
from pmcore.readmodels.writing import WritingView

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


def rail(engine: Engine, *, actor: Actor, writing: WritingView) -> RailView:
    """`writing` was asked by the same actor, who may therefore see it."""
    return told_with_rows(engine, actor=actor, writing=writing)[0]


def told_with_rows(engine: Engine, *, actor: Actor, writing: WritingView) -> tuple[RailView, Sequence[Any]]:
    """The same, and the rows that it was made from: others are made from them too."""
    require(actor, Right.READ)
    with Session(engine) as session:
        # It is kept with what it was made from: only that very answer of `writing` finds it again.
        _, told, rows = remembered(
            session,
            ("rail", actor.user_id, actor.roles, id(writing)),
            lambda: _asked(session, actor, writing),
            is_short=True,
        )
    return told, rows


def _asked(session: Session, actor: Actor, writing: WritingView) -> tuple[WritingView, RailView, Sequence[Any]]:
    target = f"postmortem/{writing.postmortem_id}"
    values = {"this": writing.postmortem_id, "incident": writing.incident_id, "target": target}
    rows = session.execute(_told(), values).all()
    return writing, _rail(rows, writing, actor), rows


def given_by(rows: Sequence[Any]) -> Given:
    """Signatures and open returns among them."""
    kept = [row for row in rows if row.what in ("signature", "return")]
    return to_given(sorted(kept, key=lambda row: (row.at, row.id)))


def _rail(rows: Sequence[Any], writing: WritingView, actor: Actor) -> RailView:
    kinds: dict[str, list[Any]] = {}
    for row in rows:
        kinds.setdefault(row.what, []).append(row)
    resolved_at = kinds["incident"][0].at
    may_read = writing.may_read or writing.edition_number > 0
    may_run = actor.may(Right.WRITE) and bool(writing.sections) and _runs(kinds, writing, actor)
    meeting = _meeting(kinds, may_read=may_read or may_run)
    feedback = tuple(_feedback(row) for row in kinds.get("feedback", ()))
    seconds = {TimeKind(row.a): row.n1 * 60 for row in kinds.get("time", ())}
    in_charge = writing.is_author or actor.may(Right.CLOSE)
    return RailView(
        resolved_at=resolved_at,
        schedule_by=schedule_by(resolved_at) if resolved_at else None,
        meeting=meeting,
        progress=progress(ActionState(row.a) for row in kinds.get("item", ())),
        verdict=next((_verdict(row) for row in kinds.get("verdict", ())), None),
        escalations=tuple(_escalation(row, actor) for row in kinds.get("escalation", ())) if may_read else (),
        blocked=tuple(_blocked(kinds, writing, actor)),
        feedback=feedback if may_read else (),
        mine=next((each for each in feedback if each.user_id == actor.user_id), None),
        writing_seconds=seconds.get(TimeKind.WRITING, 0),
        meeting_seconds=seconds.get(TimeKind.MEETING, 0),
        may_plan=may_run,
        may_judge=actor.may(Right.JUDGE) and writing.status is PostmortemStatus.PUBLISHED and not writing.is_author,
        may_ask=writing.dry_run and in_charge and actor.may(Right.WRITE),
        may_note_time=actor.may(Right.WRITE) and bool(writing.sections),
        opens_edition=Event.AMEND in allowed(writing.status, writing.amendment),
    )


def _part(what: str, **columns: Any) -> Any:
    """One kind of row; columns that it does not have are NULL of their type."""
    filled = [columns.get(name, cast(null(), kind)).label(name) for name, kind in _COLUMNS.items()]
    return select(literal(what).label("what"), *filled)


@cache
def _told() -> Any:
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
        .join(ObligationRow, ObligationRow.incident_id == bindparam("incident"))
        .where(AuditRow.target == bindparam("target"), AuditRow.did.in_(STEPS), ObligationRow.starts_at.is_not(None)),
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


def _meeting(kinds: Mapping[str, list[Any]], *, may_read: bool) -> MeetingView | None:
    if "meeting" not in kinds:
        return None
    row, resolved_at = kinds["meeting"][0], kinds["incident"][0].at
    attendees = tuple(
        AttendeeView(user_id=each.user_id, name=each.name, required=bool(each.n1), attended=bool(each.n2))
        for each in sorted(kinds.get("attendee", ()), key=lambda each: (-each.n1, each.name.casefold()))
    )
    were_there, should_be_there = attendance(
        Attendee(user_id=each.user_id, required=each.required, attended=each.attended) for each in attendees
    )
    return MeetingView(
        uid=row.a,
        starts_at=row.at,
        minutes=row.n1,
        place=row.b,
        presenter_id=row.user_id,
        presenter=row.name,
        facilitator_id=row.other_id,
        facilitator=row.other,
        attendees=attendees,
        were_there=were_there,
        should_be_there=should_be_there,
        scheduled_at=row.since,
        is_scheduled_late=resolved_at is not None and row.since > schedule_by(resolved_at),
        changed_at=kinds["changed"][0].at,
        sequence=row.n4,
        began_at=row.began,
        held_at=row.until,
        notes=row.text if may_read else "",
        notes_version=row.n3,
        version=row.n2,
    )


def _runs(kinds: Mapping[str, list[Any]], writing: WritingView, actor: Actor) -> bool:
    named = [user_id for row in kinds.get("meeting", ()) for user_id in (row.user_id, row.other_id)]
    return runs(named, actor.user_id, is_author=writing.is_author, manages=actor.may(Right.SETTLE))


def _verdict(row: Any) -> VerdictView:
    return VerdictView(verdict=Verdict(row.a), reason=row.text, by=row.name, at=row.at)


def _escalation(row: Any, actor: Actor) -> EscalationView:
    return EscalationView(
        id=row.id, number=row.n1, reason=row.text, by=row.name, at=row.at, answer=row.b, answered_at=row.until,
        may_answer=row.until is None and actor.may(Right.UNBLOCK),
    )  # fmt: skip


def _blocked(kinds: Mapping[str, list[Any]], writing: WritingView, actor: Actor) -> Iterable[BlockedView]:
    escalated = {row.n2 for row in kinds.get("escalation", ()) if row.until is None}
    for row in kinds.get("item", ()):
        is_own = writing.is_author or row.user_id == actor.user_id or actor.may(Right.MANAGE_ITEMS)
        if row.a == ActionState.BLOCKED and row.id not in escalated and is_own and actor.may(Right.UPDATE_OWN_ITEMS):
            yield BlockedView(item_id=row.id, number=row.n1)


def _feedback(row: Any) -> FeedbackView:
    return FeedbackView(
        user_id=row.user_id,
        name=row.name,
        easy=Opinion(row.a) if row.a else None,
        clear=Opinion(row.b) if row.b else None,
        missing=row.text,
        answered_at=row.until,
    )
