"""Whether something that was read is still as it was: on SQLite, where each commit is known (`db/commits.py`)."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db import commits
from db.commits import Mark
from db.statements import Names


def mark(session: Session) -> Mark | None:
    """Of what this session is going to see, or a moment before; it has asked nothing yet. None where nobody can say."""
    engine = session.get_bind()
    if not isinstance(engine, Engine) or engine.get_execution_options().get("writes") or session.in_transaction():
        return None
    watch = commits.of(engine)
    return watch.now() if watch is not None else None


def is_untouched(session: Session, names: Names, *, since: Mark | None, now: Mark | None) -> bool:
    engine = session.get_bind()
    watch = commits.of(engine) if isinstance(engine, Engine) else None
    if watch is None or since is None or now is None:
        return False
    return watch.is_untouched(names, since=since, now=now)
