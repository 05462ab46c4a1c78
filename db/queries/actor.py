"""Who acts, with the roles of today. One statement."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Engine, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from db.models import DeputyRow, UserRoleRow, UserRow, WorkspaceRow
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import Role

_NO_DAY = cast(null(), Date)  #: typed, so that both engines give days of the union back as days


def load_actor(engine: Engine, *, user_id: int, now: datetime) -> Actor | None:
    """The person with own and deputised roles, or None when unknown or deactivated.

    A deputy's days are days of the workspace's zone, which only Python knows; so both neighbours of today are fetched
    and the right ones kept here.
    """
    roles = union_all(
        select(UserRoleRow.role.label("role"), _NO_DAY.label("starts_on"), _NO_DAY.label("ends_on")).where(
            UserRoleRow.user_id == user_id
        ),
        select(DeputyRow.role, DeputyRow.starts_on, DeputyRow.ends_on).where(DeputyRow.deputy_id == user_id),
    ).subquery()
    asked = (
        select(UserRow.name, UserRow.language, WorkspaceRow.zone, roles.c.role, roles.c.starts_on, roles.c.ends_on)
        .select_from(UserRow)
        .outerjoin(WorkspaceRow, WorkspaceRow.id == 1)
        .outerjoin(roles, literal(True))
        .where(UserRow.id == user_id, UserRow.active)
    )
    with Session(engine) as session:
        rows = session.execute(asked).all()
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


def find_user_id(engine: Engine, *, username: str) -> int | None:
    """The active person of that username; without one, the first active administrator."""
    wanted = (
        UserRow.username_key == username.casefold()
        if username
        else UserRow.id.in_(select(UserRoleRow.user_id).where(UserRoleRow.role == Role.ADMINISTRATOR))
    )
    with Session(engine) as session:
        return session.scalar(select(UserRow.id).where(UserRow.active, wanted).order_by(UserRow.id).limit(1))
