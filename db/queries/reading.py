"""The document as its reader may see it: an edition, or the working copy. Two statements beside those of `writing`,
`review` and `rail`, whatever its length."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, bindparam, case, null, select
from sqlalchemy.orm import Session

from db.action_items import to_item
from db.incidents import to_incident
from db.models import (
    ActionItemRow,
    EditionRow,
    IncidentRow,
    PostmortemRow,
    SectionRow,
    ServiceRow,
    UserRoleRow,
    UserRow,
)
from db.queries.prepared import THIS
from db.queries.rail import given_by, named_by, told_with_rows, took_by
from db.queries.rail_rows import IS_NAMED
from db.queries.recurrences import came_back, recurrences
from db.queries.remembered import end_of_minute, remembered
from db.queries.review import review
from db.queries.writing import writing
from db.reviews import to_named
from db.visibility import can_see
from pmcore.domain import edition as shape
from pmcore.domain.action_item import OPEN, ActionItem
from pmcore.domain.days import Happened, rail
from pmcore.domain.edition import Named
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.recurrence import disagrees
from pmcore.domain.vocabulary import MemberRole, PostmortemStatus, SectionKey
from pmcore.domain.waiting import PublishingTime
from pmcore.readmodels.rail import RailView
from pmcore.readmodels.reading import EditionLine, ReadingView, ReviewView
from pmcore.readmodels.recurrence import RecurrenceView
from pmcore.readmodels.writing import WritingView

#: What to show: an edition by number, the working copy, or what suits the person best.
WORKING_COPY = 0


_PROMISES = (
    select(ActionItemRow)
    .where(ActionItemRow.postmortem_id == THIS, ActionItemRow.deleted_at.is_(None))
    .order_by(ActionItemRow.number)
)
_TEXT = case((EditionRow.number == bindparam("shown"), EditionRow.content), else_=null()).label("content")
_EDITIONS = (
    select(EditionRow.number, EditionRow.published_at, EditionRow.note, UserRow.name, _TEXT)
    .join(UserRow, UserRow.id == EditionRow.by_id)
    .where(EditionRow.postmortem_id == THIS)
    .order_by(EditionRow.number.desc())
)
_NAMED = (
    select(UserRow.id, UserRow.name, UserRoleRow.role)
    .outerjoin(UserRoleRow, UserRoleRow.user_id == UserRow.id)
    .where(IS_NAMED)
)


def reading(
    engine: Engine, *, actor: Actor, now: datetime, postmortem_id: int, edition: int | None = None
) -> ReadingView:
    """`edition` is a number, WORKING_COPY, or None for what this person has to do with: the working copy for those who
    may read it while it is open, else the newest edition. Raises NotFound, also for a text that is not theirs to read.
    """
    whole = writing(engine, actor=actor, postmortem_id=postmortem_id)
    told, rows = told_with_rows(engine, actor=actor, writing=whole)
    stands = review(engine, actor=actor, now=now, writing=whole, given=given_by(rows))
    took = took_by(rows, whole, stands, now) if whole.submitted_at else None
    again = recurrences(engine, actor=actor, incident_id=whole.incident_id)
    return reading_of(
        engine, whole=whole, stands=stands, again=again, now=now, edition=edition, told=told, took=took,
        named=named_by(rows),
    )  # fmt: skip


def reading_of(
    engine: Engine,
    *,
    whole: WritingView,
    stands: ReviewView,
    again: tuple[RecurrenceView, ...],
    now: datetime,
    edition: int | None = None,
    told: RailView | None = None,
    took: PublishingTime | None = None,
    named: tuple[Named, ...] | None = None,
) -> ReadingView:
    """The same from what `writing`, `review`, `recurrences` and `rail` answered this person already.

    Raises NotFound.
    """
    with Session(engine) as session:
        # Kept with what it was made from: only these very answers find it again.
        return remembered(
            session,
            ("reading", id(whole), id(stands), id(told), id(again), edition),
            lambda: _reading(
                session,
                whole=whole,
                stands=stands,
                again=again,
                now=now,
                edition=edition,
                told=told,
                took=took,
                named=named,
            ),
            now=now,
            until=lambda _: end_of_minute(now),
            is_short=True,
        )


def _reading(
    session: Session,
    *,
    whole: WritingView,
    stands: ReviewView,
    again: tuple[RecurrenceView, ...],
    now: datetime,
    edition: int | None,
    told: RailView | None,
    took: PublishingTime | None,
    named: tuple[Named, ...] | None,
) -> ReadingView:
    number = _chosen(whole, stands, edition)
    items = _items(session, whole.postmortem_id)
    editions, frozen = _editions(session, whole.postmortem_id, number) if number else ((), None)
    if number and frozen is None:
        raise NotFound
    content: Mapping[str, Any] | None = frozen
    if not number and stands.may_read_draft and whole.sections:
        people = _people(session, whole) if named is None else named
        content = _working_copy(session, whole, stands, items, people)
    back = came_back(again)
    verdict = told.verdict.verdict if told and told.verdict else None
    return ReadingView(
        writing=whole,
        review=stands,
        edition=number or None,
        editions=editions,
        content=content,
        states={str(item.number): item.state.value for item in items},
        days=rail(_happened(whole, stands, items, told), zone=whole.zone, now=now),
        repetitions=again,
        came_back=back,
        is_verdict_doubtful=disagrees(verdict, has_recurred=bool(back)),
        rail=told,
        took=took,
    )


def postmortem_of(engine: Engine, *, actor: Actor, public_id: str) -> int:
    """The post-mortem of the incident "P0-012", however it is written. Raises NotFound."""
    require(actor, Right.READ)
    asked = (
        select(PostmortemRow.id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .where(
            IncidentRow.public_id == public_id.strip().upper(),
            PostmortemRow.deleted_at.is_(None),
            can_see(actor),
        )
    )
    with Session(engine) as session:
        found = session.scalar(asked)
    if found is None:
        raise NotFound
    return found


def _chosen(whole: WritingView, stands: ReviewView, asked: int | None) -> int:
    """The number of the edition to show, or WORKING_COPY."""
    is_open = whole.edition_number == 0 or whole.amendment is not None
    if asked is not None and asked > 0:
        return asked
    if is_open and (stands.may_read_draft or whole.edition_number == 0):
        return WORKING_COPY
    return whole.edition_number


def _items(session: Session, postmortem_id: int) -> tuple[ActionItem, ...]:
    return tuple(to_item(row) for row in session.scalars(_PROMISES, {"this": postmortem_id}))


def _editions(
    session: Session, postmortem_id: int, number: int
) -> tuple[tuple[EditionLine, ...], Mapping[str, Any] | None]:
    """All editions without their text, and the text of one."""
    rows = session.execute(_EDITIONS, {"this": postmortem_id, "shown": number}).all()
    lines = tuple(
        EditionLine(number=row.number, published_at=row.published_at, by=row.name, note=row.note) for row in rows
    )
    return lines, next((row.content for row in rows if row.number == number), None)


def _working_copy(
    session: Session, whole: WritingView, stands: ReviewView, items: tuple[ActionItem, ...], people: tuple[Named, ...]
) -> Mapping[str, Any]:
    rows = session.execute(
        select(SectionRow.key, SectionRow.content, IncidentRow, ServiceRow.name.label("service"))
        .select_from(SectionRow)
        .join(IncidentRow, IncidentRow.id == whole.incident_id)
        .join(ServiceRow, ServiceRow.id == IncidentRow.service_id)
        .where(SectionRow.postmortem_id == whole.postmortem_id)
    ).all()
    return shape.content(
        incident=to_incident(rows[0].IncidentRow, service=rows[0].service),
        author_id=whole.author_id,
        reviewer_ids=[member.user_id for member in whole.members if member.role is MemberRole.REVIEWER],
        sections={SectionKey(row.key): row.content for row in rows},
        items=items,
        sign_offs=stands.standings,
        people=people,
        updated_at=whole.changed_at,
        published_at=None,
        number=whole.edition_number + 1,
    )


def _people(session: Session, whole: WritingView) -> tuple[Named, ...]:
    rows = session.execute(_NAMED, {"this": whole.postmortem_id, "incident": whole.incident_id})
    return to_named((row.id, row.name, row.role) for row in rows)


def _happened(whole: WritingView, stands: ReviewView, items: tuple[ActionItem, ...], told: RailView | None) -> Happened:
    meeting = told.meeting if told else None
    signed = [line.at for line in stands.sign_offs if line.at]
    published = whole.first_published_at
    quiet = [item for item in items if item.state in OPEN and published and item.updated_at <= published]
    last_word = max((item.updated_at for item in items), default=published)
    return Happened(
        resolved_at=stands.resolved_at,
        shared_at=whole.shared_at,
        signed_off_at=published or (max(signed) if signed and stands.is_signed_off else None),
        meeting_on=meeting.starts_at if meeting else None,
        meeting_held_at=meeting.held_at if meeting else None,
        followed_up_at=last_word if published and not quiet else None,
        closed_at=whole.changed_at if whole.status is PostmortemStatus.CLOSED else None,
    )
