"""People, roles and deputies in SQL: row <-> dataclass, and nothing else."""

from sqlalchemy.orm import Session


class SqlPeople:
    def __init__(self, session: Session) -> None:
        self._session = session
