"""The days after the incident, beside the text. One statement, whatever there is."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.queries.rail_rows import STEPS, statement
from db.queries.remembered import remembered
from db.queries.review import Given, to_given
from db.reviews import to_named
from pmcore.domain.days import schedule_by
from pmcore.domain.edition import Named
from pmcore.domain.lifecycle import Event, allowed
from pmcore.domain.meeting import Attendee, attendance, runs
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.rail_vocabulary import Opinion, TimeKind, Verdict
from pmcore.domain.retrospective import progress
from pmcore.domain.vocabulary import ActionState, PostmortemStatus
from pmcore.domain.waiting import PublishingTime, Step, split
from pmcore.readmodels.rail import (
    AttendeeView,
    BlockedView,
    EscalationView,
    FeedbackView,
    MeetingView,
    RailView,
    VerdictView,
)
from pmcore.readmodels.reading import ReviewView
from pmcore.readmodels.writing import WritingView


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
    rows = session.execute(statement(), values).all()
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


def named_by(rows: Sequence[Any]) -> tuple[Named, ...]:
    """Everybody whom the document may name, among them."""
    return to_named((row.user_id, row.name, row.role) for row in rows if row.what == "named")


def took_by(rows: Sequence[Any], whole: WritingView, stands: ReviewView, now: datetime) -> PublishingTime | None:
    """Where the time until the first publication went, by the audit among them."""
    told = sorted((row for row in rows if row.what == "step"), key=lambda row: int(row.id))
    if not told:
        return None
    steps = [Step(what=STEPS[row.a][0], role=STEPS[row.a][1], at=row.at) for row in told]
    required = [line.role for line in stands.sign_offs]
    return split(steps, required=required, start=told[0].since, end=whole.first_published_at or now)


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
