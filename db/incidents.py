"""Incidents, their log and severity history in SQL: row <-> dataclass, and nothing else."""

from sqlalchemy.orm import Session


class SqlIncidents:
    def __init__(self, session: Session) -> None:
        self._session = session
