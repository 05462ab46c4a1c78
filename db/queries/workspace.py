"""The workspace and its services. One statement each."""

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from db.models import ServiceRow, WorkspaceRow
from db.queries.remembered import remembered
from db.workspace import to_service, to_workspace
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.workspace import Service, Workspace

_ALL = select(ServiceRow).order_by(ServiceRow.active.desc(), ServiceRow.name_key)
_IN_USE = _ALL.where(ServiceRow.active)


def workspace(engine: Engine, *, actor: Actor) -> Workspace:
    """Raises NotFound before set-up."""
    require(actor, Right.READ)
    with Session(engine) as session:
        row = session.get(WorkspaceRow, 1)
    if row is None:
        raise NotFound
    return to_workspace(row)


def services(engine: Engine, *, actor: Actor, retired: bool = False) -> tuple[Service, ...]:
    """By name; those in use only, unless the retired ones are asked for too."""
    require(actor, Right.READ)
    with Session(engine) as session:
        return remembered(
            session,
            ("services", retired),
            lambda: tuple(to_service(row) for row in session.scalars(_ALL if retired else _IN_USE)),
            is_short=True,
        )
