"""Workspace, services and policy versions in SQL: row <-> dataclass, and nothing else."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import PolicyRow, ServiceRow, WorkspaceRow
from pmcore.domain.errors import N_, EditConflict, NotFound, PmError
from pmcore.domain.vocabulary import Language
from pmcore.domain.workspace import Service, Workspace


class ServiceExists(PmError):
    """Another service has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("There is a service {name} already."), field="service_name", name=name)


class SqlWorkspace:
    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self) -> Workspace | None:
        row = self._session.scalar(select(WorkspaceRow).filter_by(id=1).with_for_update())
        return to_workspace(row) if row else None

    def get(self) -> Workspace:
        found = self.find()
        if found is None:
            raise NotFound
        return found

    def add(self, workspace: Workspace) -> None:
        self._session.add(WorkspaceRow(id=1, version=1, **_columns(workspace)))
        self._session.flush()

    def save(self, workspace: Workspace) -> None:
        saved = self._session.execute(
            update(WorkspaceRow)
            .filter_by(id=1, version=workspace.version)
            .values(version=workspace.version + 1, **_columns(workspace))
            .returning(WorkspaceRow.id)
        ).first()
        if saved is None:
            raise EditConflict

    def service(self, service_id: int) -> Service:
        row = self._session.scalar(select(ServiceRow).filter_by(id=service_id).with_for_update())
        if row is None:
            raise NotFound
        return to_service(row)

    def find_service(self, name: str) -> Service | None:
        row = self._session.scalar(select(ServiceRow).filter_by(name_key=name.casefold()))
        return to_service(row) if row else None

    def add_service(self, service: Service) -> int:
        row = ServiceRow(name=service.name, name_key=service.name.casefold(), active=service.active, version=1)
        try:
            with self._session.begin_nested():
                self._session.add(row)
                self._session.flush()
        except IntegrityError as error:
            raise ServiceExists(service.name) from error
        return row.id

    def save_service(self, service: Service) -> None:
        try:
            with self._session.begin_nested():
                saved = self._session.execute(
                    update(ServiceRow)
                    .filter_by(id=service.id, version=service.version)
                    .values(
                        name=service.name,
                        name_key=service.name.casefold(),
                        active=service.active,
                        version=service.version + 1,
                    )
                    .returning(ServiceRow.id)
                ).first()
        except IntegrityError as error:
            raise ServiceExists(service.name) from error
        if saved is None:
            raise EditConflict

    def policy(self, *, at: datetime) -> tuple[int, dict[str, Any]] | None:
        row = self._session.scalar(
            select(PolicyRow).where(PolicyRow.valid_from <= at).order_by(PolicyRow.number.desc()).limit(1)
        )
        return (row.number, row.content) if row else None

    def newest_policy(self) -> int:
        return self._session.scalar(select(func.max(PolicyRow.number))) or 0

    def add_policy(
        self, *, number: int, content: dict[str, Any], valid_from: datetime, by_id: int | None, note: str
    ) -> None:
        row = PolicyRow(number=number, content=content, valid_from=valid_from, by_id=by_id, note=note)
        try:
            with self._session.begin_nested():
                self._session.add(row)
                self._session.flush()
        except IntegrityError as error:
            raise EditConflict from error


def to_workspace(row: WorkspaceRow) -> Workspace:
    return Workspace(
        name=row.name,
        zone=row.zone,
        language=Language(row.language),
        distribution=row.distribution,
        roles_for_names=row.roles_for_names,
        slo_target_percent=Decimal(row.slo_target_percent),
        slo_window_days=row.slo_window_days,
        survey_by_date=row.survey_by_date,
        version=row.version,
    )


def to_service(row: ServiceRow) -> Service:
    return Service(id=row.id, name=row.name, active=row.active, version=row.version)


def _columns(workspace: Workspace) -> dict[str, Any]:
    return {
        "name": workspace.name,
        "zone": workspace.zone,
        "language": workspace.language.value,
        "distribution": workspace.distribution,
        "roles_for_names": workspace.roles_for_names,
        "slo_target_percent": format(workspace.slo_target_percent, "f"),
        "slo_window_days": workspace.slo_window_days,
        "survey_by_date": workspace.survey_by_date,
    }
