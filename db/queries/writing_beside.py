"""Members and promises of a post-mortem in work: two short lists in one statement."""

from typing import Any

from sqlalchemy import Select, Text, cast, false, func, literal, select, union_all
from sqlalchemy.orm import Session

from db.models import ActionItemRow, MemberRow, UserRow
from db.queries.prepared import THIS
from pmcore.domain.progress import ItemStanding
from pmcore.domain.vocabulary import ActionState, MemberRole
from pmcore.readmodels.writing import MemberView


def _beside() -> Select[Any]:
    """What the one kind has and the other lacks is empty."""
    members = (
        select(
            literal("member").label("what"), MemberRow.user_id.label("number"),
            cast(MemberRow.role, Text).label("word"), cast(MemberRow.role, Text).label("rank"),
            UserRow.name, UserRow.name_key, UserRow.active.label("one"),
            false().label("two"), false().label("three"),
        )
        .join(UserRow, UserRow.id == MemberRow.user_id)
        .where(MemberRow.postmortem_id == THIS)
    )  # fmt: skip
    promises = select(
        literal("promise"), ActionItemRow.number, cast(ActionItemRow.state, Text), literal(""), literal(""),
        literal(""), ActionItemRow.owner_id.is_not(None), ActionItemRow.due_on.is_not(None),
        func.trim(ActionItemRow.criterion) != "",
    ).where(ActionItemRow.postmortem_id == THIS, ActionItemRow.deleted_at.is_(None))  # fmt: skip
    told = union_all(members, promises).subquery()
    return select(told).order_by(told.c.what, told.c.rank, told.c.name_key, told.c.number)


_BESIDE = _beside()


def members_and_promises(
    session: Session, postmortem_id: int
) -> tuple[tuple[MemberView, ...], tuple[ItemStanding, ...]]:
    """Members by role and name, promises by number."""
    rows = session.execute(_BESIDE, {"this": postmortem_id}).all()
    return (
        tuple(_member(row) for row in rows if row.what == "member"),
        tuple(_promise(row) for row in rows if row.what == "promise"),
    )


def _member(row: Any) -> MemberView:
    return MemberView(user_id=row.number, name=row.name, role=MemberRole(row.word), active=bool(row.one))


def _promise(row: Any) -> ItemStanding:
    return ItemStanding(
        number=row.number, state=ActionState(row.word), has_owner=bool(row.one), has_due=bool(row.two),
        has_criterion=bool(row.three),
    )  # fmt: skip
