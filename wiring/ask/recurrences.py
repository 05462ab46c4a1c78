"""What repeats what."""

from db.queries import recurrences as query
from pmcore.readmodels.recurrence import RecurrenceView
from wiring import acting, parts


def recurrences(incident_id: int) -> tuple[RecurrenceView, ...]:
    """What the incident repeats and what repeats it: confirmed ones first, refused ones last."""
    return query.recurrences(parts.engine(), actor=acting.actor(), incident_id=incident_id)
