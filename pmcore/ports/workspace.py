"""What the use cases need of the workspace, its services and policy versions."""

from datetime import datetime
from typing import Any, Protocol

from pmcore.domain.workspace import Service
from pmcore.domain.workspace import Workspace as WorkspaceSettings


class Workspace(Protocol):
    def find(self) -> WorkspaceSettings | None:
        """None before set-up; locked until the end of the transaction."""
        ...

    def get(self) -> WorkspaceSettings:
        """Locked until the end of the transaction. Raises NotFound before set-up."""
        ...

    def add(self, workspace: WorkspaceSettings) -> None: ...

    def save(self, workspace: WorkspaceSettings) -> None:
        """Raises EditConflict."""
        ...

    def service(self, service_id: int) -> Service:
        """Locked until the end of the transaction. Raises NotFound."""
        ...

    def find_service(self, name: str) -> Service | None:
        """By name, however it is written."""
        ...

    def add_service(self, service: Service) -> int:
        """Raises ServiceExists."""
        ...

    def save_service(self, service: Service) -> None:
        """Raises EditConflict, ServiceExists."""
        ...

    def policy(self, *, at: datetime) -> tuple[int, dict[str, Any]] | None:
        """Number and content of the policy version in force at a moment."""
        ...

    def newest_policy(self) -> int:
        """The highest number given so far; 0 before the first."""
        ...

    def add_policy(
        self, *, number: int, content: dict[str, Any], valid_from: datetime, by_id: int | None, note: str
    ) -> None:
        """Raises EditConflict when the number is taken."""
        ...
