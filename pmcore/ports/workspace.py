"""What the use cases need of the workspace, its services and policy versions."""

from typing import Protocol


class Workspace(Protocol): ...
