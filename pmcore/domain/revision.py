"""When a save begins a new revision, and how long older texts are remembered as the base of a merge."""

from datetime import datetime, timedelta

STRETCH = timedelta(minutes=5)
REMEMBERED = timedelta(days=14)  #: as long as a session can last: no tab shows anything older


def continues_stretch(*, last_by_id: int | None, last_saved_at: datetime, by_id: int | None, now: datetime) -> bool:
    """Whether a save belongs to the newest revision: the same person, within five minutes of the last save.

    What came from the incident by itself is nobody's stretch, and a clock that went backwards ends one.
    """
    if by_id is None or by_id != last_by_id:
        return False
    return timedelta(0) <= now - last_saved_at <= STRETCH
