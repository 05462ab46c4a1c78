"""What the use cases need of files."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from pmcore.domain.attachment import Attachment
from pmcore.domain.permissions import Actor


class Attachments(Protocol):
    """Whoever writes here holds the post-mortem."""

    def get(self, file_id: int, *, actor: Actor) -> Attachment:
        """Without its bytes; put away ones too. Raises NotFound."""
        ...

    def room(self, postmortem_id: int) -> tuple[int, int]:
        """How many files the working copy has, and their bytes together."""
        ...

    def add(self, file: Attachment, data: bytes) -> int: ...

    def settle(self, postmortem_id: int, named: Iterable[int], *, at: datetime) -> None:
        """Files that the sections name (by these ids) are there, all others are put away."""
        ...

    def publish(self, postmortem_id: int, *, number: int) -> None:
        """What the working copy shows now, edition `number` and all later readers see."""
        ...

    def forget(self, postmortem_id: int, *, before: datetime) -> None:
        """Drop what was put away before then, unless an edition shows it."""
        ...
