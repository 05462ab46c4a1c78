"""Who is where now: said again every few seconds, forgotten soon after it is no longer said."""

from datetime import datetime, timedelta

AGAIN = timedelta(seconds=15)  #: rarely, because every write makes remembered lists be asked for again
LIFE = timedelta(seconds=35)


def is_to_say(*, said_at: datetime | None, now: datetime) -> bool:
    """Whether it is time to say it (again)."""
    return said_at is None or not timedelta(0) <= now - said_at < AGAIN
