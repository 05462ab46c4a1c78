"""Who there is, and who is signed in where. One statement each, deputies' and sessions' too."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Engine, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from db.models import DeputyRow, LinkRow, SessionRow, UserRoleRow, UserRow
from db.queries.remembered import remembered
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.sessions import LinkKind
from pmcore.domain.vocabulary import Language, Role
from pmcore.readmodels.people import DeputyView, LinkFound, PersonChoice, PersonView, SessionFound, SessionView

_PEOPLE = (
    select(UserRow.id, UserRow.name, UserRoleRow.role)
    .outerjoin(UserRoleRow, UserRoleRow.user_id == UserRow.id)
    .where(UserRow.active)
    .order_by(UserRow.name_key, UserRow.id)
)


def people(engine: Engine, *, actor: Actor) -> tuple[PersonChoice, ...]:
    """Everybody active, by name, with the roles of their own."""
    require(actor, Right.READ)
    with Session(engine) as session:
        return remembered(session, "people", lambda: _people(session), is_short=True)


def _people(session: Session) -> tuple[PersonChoice, ...]:
    rows = session.execute(_PEOPLE).all()
    named: dict[int, tuple[str, set[Role]]] = {}
    for row in rows:
        _, roles = named.setdefault(row.id, (row.name, set()))
        if row.role:
            roles.add(Role(row.role))
    return tuple(
        PersonChoice(id=user_id, name=name, roles=frozenset(roles)) for user_id, (name, roles) in named.items()
    )


def everybody(engine: Engine, *, actor: Actor, now: datetime, only: int | None = None) -> tuple[PersonView, ...]:
    """Active people first, then by name; the whole list needs MANAGE_USERS."""
    require(actor, Right.MANAGE_USERS if only is None else Right.READ)
    invited = exists().where(
        LinkRow.user_id == UserRow.id,
        LinkRow.kind == LinkKind.INVITATION.value,
        LinkRow.used_at.is_(None),
        LinkRow.expires_at > now,
    )
    asked = (
        select(
            UserRow.id,
            UserRow.username,
            UserRow.name,
            UserRow.language,
            UserRow.active,
            UserRow.password_hash.is_not(None).label("can_sign_in"),
            invited.label("invited"),
            UserRoleRow.role,
        )
        .outerjoin(UserRoleRow, UserRoleRow.user_id == UserRow.id)
        .order_by(UserRow.active.desc(), UserRow.name_key, UserRow.id)
    )
    if only is not None:
        asked = asked.where(UserRow.id == only)
    with Session(engine) as session:
        rows = session.execute(asked).all()
    roles: dict[int, set[Role]] = {}
    for row in rows:
        roles.setdefault(row.id, set()).update([Role(row.role)] if row.role else [])
    firsts = {row.id: row for row in reversed(rows)}
    return tuple(
        PersonView(
            id=user_id,
            username=firsts[user_id].username,
            name=firsts[user_id].name,
            language=Language(firsts[user_id].language),
            roles=frozenset(held),
            active=firsts[user_id].active,
            can_sign_in=firsts[user_id].can_sign_in,
            invited=firsts[user_id].invited,
        )
        for user_id, held in roles.items()
    )


def user(engine: Engine, *, actor: Actor, now: datetime, user_id: int) -> PersonView:
    """One person. Raises NotFound."""
    found = everybody(engine, actor=actor, now=now, only=user_id)
    if not found:
        raise NotFound
    return found[0]


def deputies(engine: Engine, *, actor: Actor, today: date) -> tuple[DeputyView, ...]:
    """Who stands in for whom, today and later."""
    require(actor, Right.READ)
    principal, deputy = aliased(UserRow), aliased(UserRow)
    with Session(engine) as session:
        rows = session.execute(
            select(
                DeputyRow.id,
                DeputyRow.principal_id,
                principal.name.label("principal"),
                deputy.name.label("deputy"),
                DeputyRow.role,
                DeputyRow.starts_on,
                DeputyRow.ends_on,
            )
            .join(principal, principal.id == DeputyRow.principal_id)
            .join(deputy, deputy.id == DeputyRow.deputy_id)
            .where(DeputyRow.ends_on >= today)
            .order_by(DeputyRow.starts_on, DeputyRow.id)
        ).all()
    return tuple(
        DeputyView(
            id=row.id,
            principal_id=row.principal_id,
            principal=row.principal,
            deputy=row.deputy,
            role=Role(row.role),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in rows
    )


def my_sessions(
    engine: Engine, *, actor: Actor, now: datetime, idle: timedelta, current: int | None
) -> tuple[SessionView, ...]:
    """Where the actor is signed in, newest use first."""
    with Session(engine) as session:
        rows = session.scalars(
            select(SessionRow)
            .where(SessionRow.user_id == actor.user_id, *_alive(now, idle))
            .order_by(SessionRow.seen_at.desc(), SessionRow.id.desc())
        ).all()
    return tuple(
        SessionView(
            id=row.id,
            agent=row.agent,
            address=row.address,
            created_at=row.created_at,
            seen_at=row.seen_at,
            current=row.id == current,
        )
        for row in rows
    )


def sessions_behind(
    engine: Engine, *, token_hashes: frozenset[str], now: datetime, idle: timedelta
) -> dict[str, SessionFound]:
    """Of these tokens the ones that are good now, with their people. For the gate: no actor yet."""
    with Session(engine) as session:
        rows = session.execute(
            select(SessionRow.token_hash, SessionRow.id, SessionRow.user_id, SessionRow.seen_at, UserRow.language)
            .join(UserRow, UserRow.id == SessionRow.user_id)
            .where(SessionRow.token_hash.in_(token_hashes), UserRow.active, *_alive(now, idle))
        ).all()
    return {
        row.token_hash: SessionFound(session_id=row.id, user_id=row.user_id, seen_at=row.seen_at, language=row.language)
        for row in rows
    }


def link_behind(engine: Engine, *, token_hash: str, now: datetime) -> LinkFound | None:
    """A one-time link, when it can still be used."""
    with Session(engine) as session:
        row = session.execute(
            select(LinkRow.kind, UserRow.username, UserRow.name)
            .outerjoin(UserRow, UserRow.id == LinkRow.user_id)
            .where(
                LinkRow.token_hash == token_hash,
                LinkRow.used_at.is_(None),
                or_(LinkRow.expires_at.is_(None), LinkRow.expires_at > now),
            )
        ).first()
    if row is None:
        return None
    return LinkFound(kind=LinkKind(row.kind), username=row.username or "", name=row.name or "")


def find_signed_in(engine: Engine, *, now: datetime, idle: timedelta, most: int) -> tuple[int, ...]:
    """People with a living session, the last seen first."""
    asked = (
        select(UserRow.id)
        .join(SessionRow, SessionRow.user_id == UserRow.id)
        .where(UserRow.active, *_alive(now, idle))
        .group_by(UserRow.id)
        .order_by(func.max(SessionRow.seen_at).desc(), UserRow.id)
        .limit(most)
    )
    with engine.connect() as connection:
        return tuple(connection.scalars(asked))


def _alive(now: datetime, idle: timedelta) -> tuple[ColumnElement[bool], ...]:
    return SessionRow.ended_at.is_(None), SessionRow.expires_at > now, SessionRow.seen_at > now - idle
