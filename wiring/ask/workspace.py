"""Questions about the workspace and its services."""

from db.queries import workspace as query
from pmcore.domain.workspace import Service, Workspace
from wiring import acting, parts


def workspace() -> Workspace:
    return query.workspace(parts.engine(), actor=acting.actor())


def services(*, retired: bool = False) -> tuple[Service, ...]:
    """Those in use, by name; the retired ones too when asked for."""
    return query.services(parts.engine(), actor=acting.actor(), retired=retired)
