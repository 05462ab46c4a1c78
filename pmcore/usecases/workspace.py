"""Commands that change the workspace and its services."""

from dataclasses import dataclass, replace

from pmcore.domain.content import one_line
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import Language
from pmcore.domain.workspace import Service, Workspace, checked, percent_of, service_name_of
from pmcore.ports import Clock, OpenUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWorkspace:
    name: str
    zone: str
    language: Language
    distribution: str
    roles_for_names: bool
    slo_target_percent: str  #: as typed
    slo_window_days: int
    base_version: int  #: what the form was filled from
    survey_by_date: bool = True


def change_workspace(command: ChangeWorkspace, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, Refusals, NotAWorkspace, EditConflict."""
    require(actor, Right.MANAGE_WORKSPACE)
    asked = checked(
        Workspace(
            name=one_line(command.name, field="workspace_name"),
            zone=command.zone,
            language=command.language,
            distribution=one_line(command.distribution, field="distribution"),
            roles_for_names=command.roles_for_names,
            slo_target_percent=percent_of(command.slo_target_percent, field="slo_target_percent"),
            slo_window_days=command.slo_window_days,
            survey_by_date=command.survey_by_date,
            version=command.base_version,
        )
    )
    with begin() as work:
        work.workspace.get()
        work.workspace.save(asked)
        work.audit(actor_id=actor.user_id, did="change_workspace", to="workspace/1", at=clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class AddService:
    name: str


def add_service(command: AddService, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> int:
    """A retired service of this name comes back. Raises Forbidden, NotAWorkspace, ServiceExists."""
    require(actor, Right.MANAGE_SERVICES)
    name = service_name_of(command.name)
    with begin() as work:
        known = work.workspace.find_service(name)
        if known is not None and not known.active:
            work.workspace.save_service(replace(known, active=True))
            service_id = known.id
        else:
            service_id = work.workspace.add_service(Service(id=0, name=name))
        work.audit(actor_id=actor.user_id, did="add_service", to=f"service/{service_id}", at=clock())
        return service_id


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameService:
    service_id: int
    name: str


def rename_service(command: RenameService, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NotAWorkspace, ServiceExists, EditConflict."""
    require(actor, Right.MANAGE_SERVICES)
    name = service_name_of(command.name)
    with begin() as work:
        work.workspace.save_service(replace(work.workspace.service(command.service_id), name=name))
        work.audit(actor_id=actor.user_id, did="rename_service", to=f"service/{command.service_id}", at=clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireService:
    """No longer offered for new incidents; old ones keep it. `active=True` brings it back."""

    service_id: int
    active: bool = False


def retire_service(command: RetireService, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, EditConflict."""
    require(actor, Right.MANAGE_SERVICES)
    did = "restore_service" if command.active else "retire_service"
    with begin() as work:
        work.workspace.save_service(replace(work.workspace.service(command.service_id), active=command.active))
        work.audit(actor_id=actor.user_id, did=did, to=f"service/{command.service_id}", at=clock())
