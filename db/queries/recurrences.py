"""What an incident repeats, and what repeats it. Two statements, whatever there is."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Engine, Integer, Select, and_, bindparam, case, exists, or_, select
from sqlalchemy.orm import Session, aliased

from db.models import (
    ActionItemRow,
    IncidentRow,
    MemberRow,
    ObligationRow,
    PostmortemRow,
    RecurrenceRow,
    SectionRow,
    UserRow,
)
from db.queries.prepared import ME, anybody, asked_by
from db.queries.remembered import remembered
from db.visibility import can_read_draft, can_read_item, can_see
from pmcore.domain.likeness import OF_TEXT, Reason
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.recurrence import from_stored, is_within
from pmcore.domain.vocabulary import ActionState, MemberRole, RecurrenceState, SectionKey, Severity
from pmcore.readmodels.recurrence import OpenPromise, RecurrenceView

THAT: Any = bindparam("that", type_=Integer())  #: the incident that is asked about
_ORDER = [RecurrenceState.CONFIRMED, RecurrenceState.PROPOSED, RecurrenceState.REFUSED]
_IN_ANY = (
    select(RecurrenceRow.incident_id)
    .where(or_(RecurrenceRow.incident_id == THAT, RecurrenceRow.earlier_id == THAT))
    .limit(1)
)
_Shown = aliased(IncidentRow, name="shown")
_Its = aliased(PostmortemRow, name="its")
_Namer, _Decider, _Owner = (aliased(UserRow, name=name) for name in ("namer", "decider", "owner"))


def recurrences(engine: Engine, *, actor: Actor, incident_id: int) -> tuple[RecurrenceView, ...]:
    """Of both directions: confirmed ones first, refused ones last; the newest of each first. None of an incident that
    the actor may not see, and no pair whose other one is hidden from them."""
    require(actor, Right.READ)
    with Session(engine) as session:
        key = ("recurrences", actor.user_id, actor.roles, incident_id)
        return remembered(session, key, lambda: _asked(session, actor, incident_id), is_short=True)


def came_back(pairs: Sequence[RecurrenceView]) -> tuple[str, ...]:
    """Public ids of what is confirmed to have repeated it within the window of the retrospective."""
    return tuple(
        pair.public_id
        for pair in pairs
        if not pair.is_later and pair.is_within and pair.state is RecurrenceState.CONFIRMED
    )


def _asked(session: Session, actor: Actor, incident_id: int) -> tuple[RecurrenceView, ...]:
    """Most incidents are in no pair; nobody's text and no right changes that."""
    if session.execute(_IN_ANY, {"that": incident_id}).first() is None:
        return ()
    rows = session.execute(_pairs(anybody(actor)), {**asked_by(actor), "that": incident_id}).all()
    pairs: dict[tuple[int, int], list[Any]] = {}
    for row in rows:
        pairs.setdefault((row.RecurrenceRow.incident_id, row.RecurrenceRow.earlier_id), []).append(row)
    found = [_view(each, actor, incident_id) for each in pairs.values()]
    return tuple(sorted(found, key=lambda view: (_ORDER.index(view.state), -view.started_at.timestamp())))


@cache
def _pairs(actor: Actor) -> Select[Any]:
    """A row for each pair and each promise that was open then."""
    pair, item, other = RecurrenceRow, ActionItemRow, IncidentRow
    is_later = pair.incident_id == THAT
    may_be_read = or_(can_read_draft(actor), and_(PostmortemRow.edition_number > 0, PostmortemRow.amendment.is_(None)))
    reads_later = (
        exists()
        .where(PostmortemRow.incident_id == pair.incident_id, PostmortemRow.deleted_at.is_(None), may_be_read)
        .correlate(pair)
    )
    was_open = and_(
        item.committed_at <= pair.incident_started_at,
        or_(
            item.state.in_((ActionState.COMMITTED, ActionState.IN_PROGRESS, ActionState.BLOCKED)),
            item.done_at > pair.incident_started_at,
            and_(item.state == ActionState.WONT_DO, item.updated_at > pair.incident_started_at),
        ),
    )
    return (
        select(
            pair, other, _Its.id.label("postmortem_id"), _Shown.started_at.label("start"),
            _Shown.resolved_at.label("over"), _Namer.name.label("named_by"), _Decider.name.label("decided_by"),
            SectionRow.content.label("fix"), item.number, item.title.label("promise"), item.due_on, item.state,
            _Owner.name.label("owner"), reads_later.label("reads_later"), _writes().label("writes"),
        )
        .select_from(pair)
        .join(other, other.id == case((is_later, pair.earlier_id), else_=pair.incident_id))
        .join(_Shown, _Shown.id == THAT)
        .outerjoin(_Its, and_(_Its.incident_id == other.id, _Its.deleted_at.is_(None)))
        .outerjoin(
            PostmortemRow, and_(PostmortemRow.incident_id == pair.earlier_id, PostmortemRow.deleted_at.is_(None))
        )
        .outerjoin(
            SectionRow,
            and_(
                SectionRow.postmortem_id == PostmortemRow.id, SectionRow.key == SectionKey.RESOLUTION, may_be_read
            ),
        )
        .outerjoin(
            item,
            and_(
                item.postmortem_id == PostmortemRow.id, item.deleted_at.is_(None), was_open, can_read_item(actor)
            ),
        )
        .outerjoin(_Owner, _Owner.id == item.owner_id)
        .outerjoin(_Namer, _Namer.id == pair.named_by_id)
        .outerjoin(_Decider, _Decider.id == pair.decided_by_id)
        .where(or_(is_later, pair.earlier_id == THAT), can_see(actor), _shown_is_seen(actor))
        .order_by(item.number)
    )  # fmt: skip


def _shown_is_seen(actor: Actor) -> Any:
    return select(IncidentRow.id).where(IncidentRow.id == THAT, can_see(actor)).correlate(None).exists()


def _writes() -> Any:
    """Whether the person wrote, or owes, one of the two documents."""
    pair = RecurrenceRow
    both = (pair.incident_id, pair.earlier_id)
    own, member = aliased(PostmortemRow), aliased(MemberRow)
    is_author = exists().where(own.incident_id.in_(both), own.deleted_at.is_(None), own.author_id == ME)
    is_co_author = exists().where(
        own.incident_id.in_(both), own.deleted_at.is_(None), member.postmortem_id == own.id, member.user_id == ME,
        member.role == MemberRole.CO_AUTHOR,
    )  # fmt: skip
    started = exists().where(own.incident_id == ObligationRow.incident_id, own.deleted_at.is_(None))
    owes = exists().where(ObligationRow.incident_id.in_(both), ObligationRow.author_id == ME, ~started)
    return or_(is_author, is_co_author, owes)


def _view(rows: Sequence[Any], actor: Actor, incident_id: int) -> RecurrenceView:
    first = rows[0]
    pair: RecurrenceRow = first.RecurrenceRow
    other: IncidentRow = first.IncidentRow
    is_later = pair.incident_id == incident_id
    over = other.resolved_at if is_later else first.over
    since = over or pair.earlier_started_at
    return RecurrenceView(
        incident_id=pair.incident_id,
        earlier_id=pair.earlier_id,
        is_later=is_later,
        other_id=other.id,
        public_id=other.public_id,
        title=other.title,
        severity=Severity(other.severity),
        started_at=other.started_at,
        zone=other.zone,
        restricted=other.restricted,
        postmortem_id=first.postmortem_id,
        days_between=max(0, (pair.incident_started_at - since).days),
        is_within=is_within(over, pair.incident_started_at),
        state=RecurrenceState(pair.state),
        reasons=tuple(_said(each, reads_text=first.reads_later) for each in from_stored(pair.reasons)),
        named_by=first.named_by or "",
        last_fix=str((first.fix or {}).get("immediate_fix") or ""),
        open_promises=tuple(
            OpenPromise(
                number=row.number, title=row.promise, due_on=row.due_on, owner=row.owner or "",
                state=ActionState(row.state),
            )
            for row in rows
            if row.number is not None
        ),
        decided_by=first.decided_by or "",
        decided_at=pair.decided_at,
        note=pair.decision_note,
        may_decide=actor.may(Right.JUDGE) and not first.writes,
        version=pair.version,
    )  # fmt: skip


def _said(reason: Reason, *, reads_text: bool) -> Reason:
    return Reason(kind=reason.kind) if reason.kind in OF_TEXT and not reads_text else reason
