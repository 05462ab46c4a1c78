"""Sections and revisions in SQL: row <-> dataclass, and nothing else."""

from sqlalchemy.orm import Session


class SqlSections:
    def __init__(self, session: Session) -> None:
        self._session = session
