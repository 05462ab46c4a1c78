"""Action items and their events in SQL: row <-> dataclass, and nothing else."""

from sqlalchemy.orm import Session


class SqlActionItems:
    def __init__(self, session: Session) -> None:
        self._session = session
