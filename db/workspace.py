"""Workspace, services and policy versions in SQL: row <-> dataclass, and nothing else."""

from sqlalchemy.orm import Session


class SqlWorkspace:
    def __init__(self, session: Session) -> None:
        self._session = session
