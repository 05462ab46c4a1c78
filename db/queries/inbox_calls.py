"""What others want of one person: an answer, a text, a presence, an opinion, help. One statement for all of it."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from db.comments import can_read_comments
from db.models import (
    ActionItemRow,
    AttendeeRow,
    CommentRow,
    EscalationRow,
    FeedbackRow,
    HandOverRow,
    IncidentRow,
    MeetingRow,
    MentionRow,
    PostmortemRow,
    RecurrenceRow,
    UserRow,
)
from db.queries import inbox_called as to_call
from db.queries.prepared import anybody, asked_by
from db.queries.recurrences import writes_either
from db.queries.remembered import remembered
from db.visibility import can_see
from pmcore.domain.permissions import Actor, Right
from pmcore.domain.vocabulary import ActionState, PostmortemStatus, RecurrenceState
from pmcore.readmodels.inbox import Box, Calls

EXCERPT = 200  #: characters of a comment or a reason

_T = TypeVar("_T")


def calls(session: Session, *, actor: Actor, shown: int) -> Calls:
    """The first few of each kind, the oldest first; meetings the soonest first."""
    rows = remembered(
        session,
        ("calls", actor.user_id, actor.roles, shown),
        lambda: session.execute(_asked(anybody(actor)), {**asked_by(actor), "shown": shown}).all(),
    )
    return Calls(
        mentions=_box(rows, ("mention",), to_call.mention),
        handed_over=_box(rows, ("handed",), to_call.handed),
        meetings=_box(rows, ("meeting",), to_call.meeting),
        feedback=_box(rows, ("asked", "awaited"), to_call.feedback),
        escalations=_box(rows, ("escalation",), to_call.escalation),
        repetitions=_box(rows, ("repetition",), to_call.repetition),
    )


def _box(rows: Sequence[Any], kinds: tuple[str, ...], made: Callable[[Any], _T]) -> Box[_T]:
    kept = [row for row in rows if row.what in kinds]
    return Box.of((made(row) for row in kept), sum(row.total for row in kept if row.place == 1))


@cache
def _asked(actor: Actor) -> Any:
    shown: BindParameter[int] = bindparam("shown")
    kinds = [_mentions(actor), _hand_overs(actor), _meetings(actor), _asks(actor), _awaited(actor)]
    kinds += [_escalations(actor)] if actor.may(Right.UNBLOCK) else []
    kinds += [_repetitions(actor)] if actor.may(Right.JUDGE) else []
    every = union_all(*kinds).subquery()
    placed = select(
        every,
        func.count().over(partition_by=every.c.what).label("total"),
        func.row_number().over(partition_by=every.c.what, order_by=(every.c.at, every.c.id)).label("place"),
    ).subquery()
    return select(placed).where(placed.c.place <= shown).order_by(placed.c.what, placed.c.place)


def _select(
    what: str, *, id: Any, at: Any, by: Any, text: Any, key: Any = None, number: Any = None, other: Any = None
) -> Any:
    return select(
        literal(what).label("what"),
        id.label("id"),
        PostmortemRow.id.label("postmortem_id"),
        IncidentRow.id.label("incident_id"),
        IncidentRow.public_id,
        IncidentRow.title,
        IncidentRow.zone,
        at.label("at"),
        cast(by, Text).label("by"),
        cast(text, Text).label("text"),
        cast(null() if other is None else other, Text).label("other"),
        cast(null() if key is None else key, Text).label("key"),
        cast(null() if number is None else number, Integer).label("number"),
    )


def _of_incident(asked: Any, actor: Actor) -> Any:
    return asked.join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id).where(
        PostmortemRow.deleted_at.is_(None), can_see(actor)
    )


def _mentions(actor: Actor) -> Any:
    return _of_incident(
        _select(
            "mention", id=func.coalesce(CommentRow.thread_id, CommentRow.id), at=CommentRow.at, by=UserRow.name,
            text=func.substr(CommentRow.text, 1, EXCERPT), key=CommentRow.section_key,
        )
        .select_from(MentionRow)
        .join(CommentRow, CommentRow.id == MentionRow.comment_id)
        .join(PostmortemRow, PostmortemRow.id == CommentRow.postmortem_id)
        .join(UserRow, UserRow.id == CommentRow.by_id),
        actor,
    ).where(
        MentionRow.user_id == actor.user_id,
        MentionRow.done_at.is_(None),
        CommentRow.deleted_at.is_(None),
        can_read_comments(actor),
    )  # fmt: skip


def _hand_overs(actor: Actor) -> Any:
    """Of an incident, whose post-mortem may not have been begun; told to both, while they may see it."""
    me = actor.user_id
    giver, before, after = aliased(UserRow), aliased(UserRow), aliased(UserRow)
    is_taken = and_(HandOverRow.to_id == me, HandOverRow.to_done_at.is_(None))
    is_given = and_(HandOverRow.from_id == me, HandOverRow.from_done_at.is_(None))
    return (
        _select(
            "handed", id=HandOverRow.id, at=HandOverRow.at, by=giver.name, text=HandOverRow.note,
            number=case((is_taken, 1), else_=0), other=case((is_taken, before.name), else_=after.name),
        )
        .select_from(HandOverRow)
        .join(IncidentRow, IncidentRow.id == HandOverRow.incident_id)
        .join(giver, giver.id == HandOverRow.by_id)
        .outerjoin(before, before.id == HandOverRow.from_id)
        .outerjoin(after, after.id == HandOverRow.to_id)
        .outerjoin(
            PostmortemRow, and_(PostmortemRow.incident_id == IncidentRow.id, PostmortemRow.deleted_at.is_(None))
        )
        .where(or_(is_taken, is_given), can_see(actor))
    )  # fmt: skip


def _meetings(actor: Actor) -> Any:
    """Those that were not held are few, the invitations that a person ever got are many."""
    is_invited = exists().where(
        AttendeeRow.postmortem_id == MeetingRow.postmortem_id, AttendeeRow.user_id == actor.user_id
    )
    return _of_incident(
        _select("meeting", id=PostmortemRow.id, at=MeetingRow.starts_at, by=UserRow.name, text=MeetingRow.place)
        .select_from(MeetingRow)
        .join(PostmortemRow, PostmortemRow.id == MeetingRow.postmortem_id)
        .join(UserRow, UserRow.id == MeetingRow.facilitator_id),
        actor,
    ).where(is_invited, MeetingRow.held_at.is_(None), PostmortemRow.status != PostmortemStatus.CLOSED)


def _asks(actor: Actor) -> Any:
    return _of_incident(
        _select("asked", id=PostmortemRow.id, at=FeedbackRow.asked_at, by=UserRow.name, text=literal(""))
        .select_from(FeedbackRow)
        .join(PostmortemRow, PostmortemRow.id == FeedbackRow.postmortem_id)
        .join(UserRow, UserRow.id == FeedbackRow.asked_by_id),
        actor,
    ).where(FeedbackRow.user_id == actor.user_id, FeedbackRow.answered_at.is_(None))


def _awaited(actor: Actor) -> Any:
    first = func.min(FeedbackRow.asked_at)
    return (
        _of_incident(
            _select("awaited", id=PostmortemRow.id, at=first, by=literal(""), text=literal(""), number=func.count())
            .select_from(FeedbackRow)
            .join(PostmortemRow, PostmortemRow.id == FeedbackRow.postmortem_id),
            actor,
        )
        .where(FeedbackRow.asked_by_id == actor.user_id, FeedbackRow.answered_at.is_(None))
        .group_by(PostmortemRow.id, IncidentRow.id)
    )


def _escalations(actor: Actor) -> Any:
    return _of_incident(
        _select(
            "escalation", id=EscalationRow.id, at=EscalationRow.at, by=UserRow.name,
            text=func.substr(EscalationRow.reason, 1, EXCERPT), number=ActionItemRow.number,
        )
        .select_from(EscalationRow)
        .join(ActionItemRow, ActionItemRow.id == EscalationRow.item_id)
        .join(PostmortemRow, PostmortemRow.id == ActionItemRow.postmortem_id)
        .join(UserRow, UserRow.id == EscalationRow.by_id),
        actor,
    ).where(
        EscalationRow.answered_at.is_(None),
        ActionItemRow.deleted_at.is_(None),
        ActionItemRow.state == ActionState.BLOCKED,  # what goes on again needs nobody's help
    )  # fmt: skip


def _repetitions(actor: Actor) -> Any:
    """Proposed and undecided, of two incidents that the person may see and has written about neither."""
    pair, earlier = RecurrenceRow, aliased(IncidentRow)
    sees_earlier = exists().where(IncidentRow.id == pair.earlier_id, can_see(actor)).correlate(pair)
    return (
        _select(
            "repetition", id=pair.earlier_id, at=pair.proposed_at, by=func.coalesce(UserRow.name, ""), text=literal(""),
            other=earlier.public_id,
        )
        .select_from(pair)
        .join(IncidentRow, IncidentRow.id == pair.incident_id)
        .join(earlier, earlier.id == pair.earlier_id)
        .outerjoin(UserRow, UserRow.id == pair.named_by_id)
        .outerjoin(
            PostmortemRow, and_(PostmortemRow.incident_id == IncidentRow.id, PostmortemRow.deleted_at.is_(None))
        )
        .where(pair.state == RecurrenceState.PROPOSED, can_see(actor), sees_earlier, ~writes_either())
    )  # fmt: skip
