"""Signatures, returns and editions in SQL: row <-> dataclass, and nothing else."""

from sqlalchemy.orm import Session


class SqlReviews:
    def __init__(self, session: Session) -> None:
        self._session = session
