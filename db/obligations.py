"""Obligations, clock stops and waivers in SQL: row <-> dataclass, and nothing else."""

from sqlalchemy.orm import Session


class SqlObligations:
    def __init__(self, session: Session) -> None:
        self._session = session
