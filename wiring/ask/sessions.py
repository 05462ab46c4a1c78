"""What the gate and the health check ask, before anybody is an actor. For the web layer only."""

from sqlalchemy import text

from db.queries import people as query
from pmcore.readmodels.people import LinkFound, SessionFound
from wiring import parts


def sessions_behind(token_hashes: frozenset[str]) -> dict[str, SessionFound]:
    """Of these tokens the ones that are good now, with their people."""
    return query.sessions_behind(
        parts.engine(), token_hashes=token_hashes, now=parts.clock(), idle=parts.lifetimes().idle
    )


def link_behind(token_hash: str) -> LinkFound | None:
    """A set-up or invitation link that still works."""
    return query.link_behind(parts.engine(), token_hash=token_hash, now=parts.clock())


def database_answers() -> bool:
    try:
        with parts.engine().connect() as connection:
            connection.execute(text("SELECT 1 FROM workspace"))
    except Exception:  # whatever the driver says, the answer is no
        return False
    return True
