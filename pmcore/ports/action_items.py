"""What the use cases need of action items and their events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pmcore.domain.action_item import ActionItem
from pmcore.domain.permissions import Actor


class EventKind(StrEnum):
    STATE = "state"
    EXTENSION = "extension"
    REASSIGNMENT = "reassignment"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an item belongs."""

    postmortem_id: int
    zone: str  #: of the incident: its days are the item's days


class ActionItems(Protocol):
    def of(self, postmortem_id: int) -> tuple[ActionItem, ...]:
        """Those that are not deleted, by number; read under the post-mortem's lock."""
        ...

    def get(self, item_id: int, *, actor: Actor) -> ActionItem:
        """Locked until the end of the transaction; deleted ones too. Raises NotFound."""
        ...

    def places(self, item_ids: Iterable[int]) -> Mapping[int, Place]:
        """Read without a lock, so that the post-mortems can be locked first; unknown ids are absent."""
        ...

    def zone(self, postmortem_id: int) -> str:
        """Of the post-mortem's incident. Raises NotFound."""
        ...

    def last_published_at(self, postmortem_id: int) -> datetime | None:
        """Of the newest edition; None before the first."""
        ...

    def next_number(self, postmortem_id: int) -> int:
        """Deleted items keep their numbers."""
        ...

    def add(self, item: ActionItem) -> int: ...

    def save(self, item: ActionItem) -> None:
        """Raises EditConflict."""
        ...

    def note(
        self, item_id: int, *, kind: EventKind, old: str, new: str, note: str, by_id: int, at: datetime
    ) -> None: ...

    def recount(self, postmortem_id: int) -> None:
        """Bring the post-mortem's `items_total` and `items_done` up to date."""
        ...
