"""Who acts, with the roles of today. One statement, or none where it would say the same as the last time."""

from collections import Counter
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Engine, Select, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from db.models import DeputyRow, UserRoleRow, UserRow, WorkspaceRow
from db.queries.prepared import ME
from db.queries.remembered import remembered
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import Role

_NO_DAY = cast(null(), Date)  #: typed, so that both engines give days of the union back as days


def load_actor(engine: Engine, *, user_id: int, now: datetime) -> Actor | None:
    """The person with own and deputised roles, or None when unknown or deactivated.

    A deputy's days are days of the workspace's zone, which only Python knows; so both neighbours of today are fetched
    and the right ones kept here.
    """
    with Session(engine) as session:
        rows = remembered(
            session, ("actor", user_id), lambda: session.execute(_asked(), {"me": user_id}).all(), is_short=True
        )
    if not rows:
        return None
    today = now.astimezone(ZoneInfo(rows[0].zone or "UTC")).date()
    held = {
        Role(row.role) for row in rows if row.role and (row.starts_on is None or row.starts_on <= today <= row.ends_on)
    }
    return Actor(
        user_id=user_id, name=rows[0].name, roles=frozenset(held), language=rows[0].language,
        zone=rows[0].zone or "UTC",
    )  # fmt: skip


@cache
def _asked() -> Select[Any]:
    roles = union_all(
        select(UserRoleRow.role.label("role"), _NO_DAY.label("starts_on"), _NO_DAY.label("ends_on")).where(
            UserRoleRow.user_id == ME
        ),
        select(DeputyRow.role, DeputyRow.starts_on, DeputyRow.ends_on).where(DeputyRow.deputy_id == ME),
    ).subquery()
    return (
        select(UserRow.name, UserRow.language, WorkspaceRow.zone, roles.c.role, roles.c.starts_on, roles.c.ends_on)
        .select_from(UserRow)
        .outerjoin(WorkspaceRow, WorkspaceRow.id == 1)
        .outerjoin(roles, literal(True))
        .where(UserRow.id == ME, UserRow.active)
    )


def find_user_id(engine: Engine, *, username: str) -> int | None:
    """The active person of that username; without one, the first active administrator."""
    wanted = (
        UserRow.username_key == username.casefold()
        if username
        else UserRow.id.in_(select(UserRoleRow.user_id).where(UserRoleRow.role == Role.ADMINISTRATOR))
    )
    with Session(engine) as session:
        return session.scalar(select(UserRow.id).where(UserRow.active, wanted).order_by(UserRow.id).limit(1))


def find_one_of_each(engine: Engine) -> tuple[int, ...]:
    """For each set of roles that active people have, the first who has it; the most frequent set first."""
    asked = select(UserRow.id, UserRoleRow.role).join(UserRoleRow).where(UserRow.active).order_by(UserRow.id)
    with engine.connect() as connection:
        rows = connection.execute(asked).all()
    held: dict[int, frozenset[str]] = {}
    for user_id, role in rows:
        held[user_id] = held.get(user_id, frozenset()) | {role}
    firsts: dict[frozenset[str], int] = {}
    for user_id, roles in held.items():
        firsts.setdefault(roles, user_id)
    return tuple(firsts[roles] for roles, _people in Counter(held.values()).most_common())
