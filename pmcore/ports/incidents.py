"""What the use cases need of incidents, their log, viewers and severity history."""

from datetime import datetime
from typing import Protocol

from pmcore.domain.incident import Incident
from pmcore.domain.log import LogEntry
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import Severity, SeverityChangeKind


class Incidents(Protocol):
    def get(self, incident_id: int, *, actor: Actor) -> Incident:
        """Locked until the end of the unit of work. Raises NotFound, also when the actor may not see it."""
        ...

    def get_deleted(self, incident_id: int, *, actor: Actor) -> Incident:
        """The same for one that was deleted and may be brought back. Raises NotFound."""
        ...

    def newest_public_id(self, prefix: str) -> str | None:
        """The highest id that begins with the letters and the dash, deleted incidents included."""
        ...

    def add(self, incident: Incident) -> int:
        """Returns the new id; the given one is ignored. Raises DuplicateId."""
        ...

    def save(self, incident: Incident) -> None:
        """Everything but the public id, which never changes. Raises EditConflict."""
        ...

    def add_severity_change(
        self,
        *,
        incident_id: int,
        old: Severity,
        new: Severity,
        kind: SeverityChangeKind,
        reason: str,
        by_id: int,
        at: datetime,
    ) -> None: ...

    def log(self, incident_id: int) -> tuple[LogEntry, ...]:
        """What was noted and not deleted, the earliest first."""
        ...

    def entry(self, entry_id: int) -> LogEntry:
        """One entry, deleted or not; its incident is to be locked first. Raises NotFound."""
        ...

    def add_entry(self, entry: LogEntry) -> int:
        """Returns the new id."""
        ...

    def save_entry(self, entry: LogEntry) -> None:
        """Its kind, and whether it is deleted: nothing else of an entry ever changes."""
        ...

    def add_viewer(self, *, incident_id: int, user_id: int) -> None:
        """Naming somebody twice changes nothing."""
        ...

    def remove_viewer(self, *, incident_id: int, user_id: int) -> None: ...
