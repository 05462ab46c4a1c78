"""Sessions, sign-in locks and one-time links in SQL: row <-> dataclass, and nothing else."""

from sqlalchemy.orm import Session


class SqlSessions:
    def __init__(self, session: Session) -> None:
        self._session = session
