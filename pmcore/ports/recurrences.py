"""What the use cases need of repetitions. Read and written while the later incident is held."""

from dataclasses import dataclass
from typing import Protocol

from pmcore.domain.incident import Incident
from pmcore.domain.likeness import Traits
from pmcore.domain.recurrence import Recurrence, Renewal, Writers


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    own: Traits  #: with what its post-mortem says, shared or not
    earlier: tuple[Traits, ...]  #: with what their post-mortems say to everybody


class Recurrences(Protocol):
    def candidates(self, incident: Incident) -> Candidates:
        """The newest earlier incidents of the same service or alert, whoever may see them."""
        ...

    def of(self, incident_id: int) -> tuple[Recurrence, ...]:
        """What it repeats."""
        ...

    def around(self, incident_id: int) -> tuple[Recurrence, ...]:
        """What it repeats, and what repeats it."""
        ...

    def get(self, incident_id: int, earlier_id: int) -> Recurrence:
        """Raises NotFound."""
        ...

    def writers(self, incident_id: int, earlier_id: int) -> Writers:
        """Who wrote, or owes, the documents of the two."""
        ...

    def apply(self, renewal: Renewal) -> None:
        """Raises EditConflict."""
        ...

    def save(self, pair: Recurrence) -> None:
        """Raises EditConflict."""
        ...
