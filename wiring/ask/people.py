"""Questions about people and their sessions."""

from zoneinfo import ZoneInfo

from db.queries import people as query
from db.queries.workspace import workspace
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import Role
from pmcore.readmodels.people import DeputyView, PersonChoice, PersonView, SessionView
from wiring import acting, parts
from wiring.settings import settings


def people() -> tuple[PersonChoice, ...]:
    """Everybody active, for a choice."""
    actor = acting.actor()
    require(actor, Right.READ)
    return acting.everybody(lambda: query.people(parts.engine(), actor=actor))


def everybody() -> tuple[PersonView, ...]:
    return query.everybody(parts.engine(), actor=acting.actor(), now=parts.clock())


def user(user_id: int) -> PersonView:
    """Raises NotFound."""
    return query.user(parts.engine(), actor=acting.actor(), now=parts.clock(), user_id=user_id)


def is_alone() -> bool:
    """Whether an administrator asks who is the only active person here. Nobody else is looked for otherwise."""
    return Role.ADMINISTRATOR in acting.actor().roles and len(people()) == 1


def me() -> Actor:
    """Who asks, with the roles of today."""
    return acting.actor()


def invitation_url(token: str) -> str:
    """The link to hand over."""
    return f"{settings().public_url.rstrip('/')}/invite/{token}"


def deputies() -> tuple[DeputyView, ...]:
    """Who stands in for whom, today and later."""
    actor = acting.actor()
    zone = ZoneInfo(workspace(parts.engine(), actor=actor).zone)
    return query.deputies(parts.engine(), actor=actor, today=parts.clock().astimezone(zone).date())


def my_sessions(current: int | None) -> tuple[SessionView, ...]:
    return query.my_sessions(
        parts.engine(), actor=acting.actor(), now=parts.clock(), idle=parts.lifetimes().idle, current=current
    )
