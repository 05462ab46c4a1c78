"""Post-mortems and their members in SQL: row <-> dataclass, and nothing else."""

from sqlalchemy.orm import Session


class SqlPostmortems:
    def __init__(self, session: Session) -> None:
        self._session = session
