"""The document as its reader may see it: an edition, or the working copy. Five statements beside those of `writing` and
`review`, whatever its length."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Text, bindparam, case, cast, null, or_, select, union_all
from sqlalchemy.orm import Session

from db.action_items import to_item
from db.incidents import to_incident
from db.models import (
    ActionItemRow,
    AuditRow,
    EditionRow,
    IncidentRow,
    LogEntryRow,
    MemberRow,
    ObligationRow,
    PostmortemRow,
    SectionRow,
    ServiceRow,
    SignatureRow,
    UserRoleRow,
    UserRow,
)
from db.queries.prepared import THIS
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
from pmcore.domain.vocabulary import MemberRole, PostmortemStatus, SectionKey, SignRole
from pmcore.domain.waiting import Happening, PublishingTime, Step, split
from pmcore.readmodels.reading import EditionLine, ReadingView, ReviewView
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


def reading(
    engine: Engine, *, actor: Actor, now: datetime, postmortem_id: int, edition: int | None = None
) -> ReadingView:
    """`edition` is a number, WORKING_COPY, or None for what this person has to do with: the working copy for those who
    may read it while it is open, else the newest edition. Raises NotFound, also for a text that is not theirs to read.
    """
    whole = writing(engine, actor=actor, postmortem_id=postmortem_id)
    stands = review(engine, actor=actor, now=now, writing=whole)
    return reading_of(engine, whole=whole, stands=stands, now=now, edition=edition)


def reading_of(
    engine: Engine, *, whole: WritingView, stands: ReviewView, now: datetime, edition: int | None = None
) -> ReadingView:
    """The same from what `writing` and `review` answered this person already. Raises NotFound."""
    number = _chosen(whole, stands, edition)
    with Session(engine) as session:
        items = _items(session, whole.postmortem_id)
        editions, frozen = _editions(session, whole.postmortem_id, number) if number else ((), None)
        if number and frozen is None:
            raise NotFound
        content: Mapping[str, Any] | None = frozen
        if not number and stands.may_read_draft and whole.sections:
            people, steps = _people_and_steps(session, whole)
            content = _working_copy(session, whole, stands, items, people)
        else:
            steps = _steps(session, whole) if whole.submitted_at else ()
        took = _took(steps, whole, stands, now) if whole.submitted_at else None
    return ReadingView(
        writing=whole,
        review=stands,
        edition=number or None,
        editions=editions,
        content=content,
        states={str(item.number): item.state.value for item in items},
        days=rail(_happened(whole, stands, items), zone=whole.zone, now=now),
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


_STEPS = {"submit": (Happening.SUBMITTED, None)} | {
    f"{did}_{role}": (what, role)
    for role in SignRole
    for did, what in (
        ("return", Happening.RETURNED), ("sign", Happening.SIGNED), ("withdraw", Happening.WITHDRAWN),
    )
}  # fmt: skip
_TOLD = (
    select(AuditRow.id, AuditRow.did, AuditRow.at, ObligationRow.starts_at)
    .join(ObligationRow, ObligationRow.incident_id == bindparam("incident"))
    .where(AuditRow.target == bindparam("target"), AuditRow.did.in_(_STEPS), ObligationRow.starts_at.is_not(None))
)


def _named(whole: WritingView) -> dict[str, Any]:
    return {"incident": whole.incident_id, "target": f"postmortem/{whole.postmortem_id}"}


def _steps(session: Session, whole: WritingView) -> Sequence[Any]:
    return session.execute(_TOLD.order_by(AuditRow.id), _named(whole)).all()


def _took(rows: Sequence[Any], whole: WritingView, stands: ReviewView, now: datetime) -> PublishingTime | None:
    if not rows:
        return None
    steps = [Step(what=_STEPS[row.did][0], role=_STEPS[row.did][1], at=row.at) for row in rows]
    required = [line.role for line in stands.sign_offs]
    return split(steps, required=required, start=rows[0].starts_at, end=whole.first_published_at or now)


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


def _people_and_steps(session: Session, whole: WritingView) -> tuple[tuple[Named, ...], Sequence[Any]]:
    """Everybody whom the document may name, and the steps of its review; one statement."""
    of = whole.postmortem_id
    named = or_(
        UserRow.id == whole.author_id,
        UserRow.id.in_(select(MemberRow.user_id).filter_by(postmortem_id=of)),
        UserRow.id.in_(select(ActionItemRow.owner_id).filter_by(postmortem_id=of)),
        UserRow.id.in_(select(SignatureRow.user_id).filter_by(postmortem_id=of)),
        UserRow.id.in_(select(LogEntryRow.author_id).filter_by(incident_id=whole.incident_id)),
    )
    people = (
        select(UserRow.id, null(), null(), null(), UserRow.name, UserRoleRow.role)
        .outerjoin(UserRoleRow, UserRoleRow.user_id == UserRow.id)
        .where(named)
    )
    steps = _TOLD.add_columns(cast(null(), Text).label("name"), cast(null(), Text).label("role"))
    rows = session.execute(union_all(steps, people), _named(whole)).all()
    return (
        to_named((row.id, row.name, row.role) for row in rows if row.name is not None),
        sorted((row for row in rows if row.name is None), key=lambda row: row.id),
    )


def _happened(whole: WritingView, stands: ReviewView, items: tuple[ActionItem, ...]) -> Happened:
    signed = [line.at for line in stands.sign_offs if line.at]
    published = whole.first_published_at
    quiet = [item for item in items if item.state in OPEN and published and item.updated_at <= published]
    last_word = max((item.updated_at for item in items), default=published)
    return Happened(
        resolved_at=stands.resolved_at,
        shared_at=whole.shared_at,
        signed_off_at=published or (max(signed) if signed and stands.is_signed_off else None),
        followed_up_at=last_word if published and not quiet else None,
        closed_at=whole.changed_at if whole.status is PostmortemStatus.CLOSED else None,
    )
