"""What the use cases need of obligations, clock stops and waivers."""

from datetime import datetime
from typing import Protocol

from pmcore.domain.obligation import Obligation
from pmcore.domain.policy import Policy
from pmcore.domain.vocabulary import ClockKind


class Obligations(Protocol):
    def get(self, incident_id: int) -> Obligation:
        """Locked until the end of the unit of work; lock the incident first. Raises NotFound."""
        ...

    def policy_of(self, obligation: Obligation) -> Policy:
        """The version that the incident was reported under."""
        ...

    def add(self, obligation: Obligation) -> None: ...

    def save(self, obligation: Obligation) -> None:
        """The row and its waiver, not the stops. Raises EditConflict."""
        ...

    def stop(self, *, incident_id: int, clock: ClockKind, at: datetime, by_id: int | None) -> None:
        """Stop a clock for ever; a clock that has been stopped keeps its first stop."""
        ...

    def note_hand_over(
        self, *, incident_id: int, from_id: int | None, to_id: int | None, by_id: int, note: str, at: datetime
    ) -> None:
        """Both are told until they put it away."""
        ...

    def put_hand_over_away(self, hand_over_id: int, *, user_id: int, at: datetime) -> None:
        """Raises NotFound unless it tells this person something."""
        ...

    def covered_by(self, postmortem_id: int) -> tuple[int, ...]:
        """Ids of the incidents that the post-mortem covers beside its own."""
        ...
