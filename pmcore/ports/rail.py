"""What the use cases need of the days after the incident: the meeting, the verdict, escalations, feedback, time."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from pmcore.domain.dry_run import Feedback
from pmcore.domain.meeting import Meeting
from pmcore.domain.permissions import Actor
from pmcore.domain.rail_vocabulary import TimeKind
from pmcore.domain.retrospective import Escalation, GivenVerdict


class Meetings(Protocol):
    """Read and written under the post-mortem's lock."""

    def of(self, postmortem_id: int) -> Meeting | None: ...

    def save(self, meeting: Meeting) -> None:
        """The plan and how it went, with its attendees; notes apart. Raises EditConflict."""
        ...

    def tick(self, postmortem_id: int, user_id: int, *, attended: bool) -> None: ...

    def save_notes(self, postmortem_id: int, *, notes: str, version: int) -> None:
        """Over that version of them. Raises EditConflict."""
        ...

    def can_come(self, postmortem_id: int) -> frozenset[int]:
        """Active people who may see the incident: whom one may invite, or ask."""
        ...


class Rail(Protocol):
    def verdict(self, postmortem_id: int) -> GivenVerdict | None: ...

    def save_verdict(self, verdict: GivenVerdict) -> None:
        """In place of an earlier one."""
        ...

    def postmortem_of(self, escalation_id: int) -> int:
        """Without a lock, so that the post-mortem can be locked first. Raises NotFound."""
        ...

    def escalation(self, escalation_id: int) -> Escalation:
        """Raises NotFound."""
        ...

    def is_escalated(self, item_id: int) -> bool:
        """Whether one of the item's is open."""
        ...

    def add_escalation(self, escalation: Escalation) -> int: ...

    def save_answer(self, escalation: Escalation) -> None: ...

    def feedback(self, postmortem_id: int) -> tuple[Feedback, ...]: ...

    def add_feedback(self, asked: Iterable[Feedback]) -> None: ...

    def save_feedback(self, given: Feedback) -> None: ...

    def note_time(self, postmortem_id: int, *, kind: TimeKind, minutes: int, by_id: int, at: datetime) -> int: ...

    def take_time_back(self, postmortem_id: int, time_id: int, *, actor: Actor) -> None:
        """One's own. Raises NotFound."""
        ...
