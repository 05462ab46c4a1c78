"""What the use cases need of post-mortems and their members."""

from datetime import datetime
from typing import Protocol

from pmcore.domain.permissions import Actor
from pmcore.domain.postmortem import Postmortem


class Postmortems(Protocol):
    def get(self, postmortem_id: int, *, actor: Actor) -> Postmortem:
        """Locked until the end of the unit of work. Raises NotFound, also when the actor may not see it."""
        ...

    def of_incident(self, incident_id: int) -> int | None:
        """The id of the incident's own post-mortem, if it has been started."""
        ...

    def add(self, postmortem: Postmortem) -> int:
        """Returns the new id; the given one is ignored, and so are the hashes: sections are added by themselves."""
        ...

    def save(self, postmortem: Postmortem) -> None:
        """The row and its members, not the counts of items. Raises EditConflict."""
        ...

    def touch(self, postmortem: Postmortem, *, at: datetime) -> None:
        """Its text changed. Raises EditConflict."""
        ...
