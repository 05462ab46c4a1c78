"""What the use cases need to know who is where."""

from datetime import datetime
from typing import Protocol

from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import SectionKey


class Presence(Protocol):
    def require_readable(self, postmortem_id: int, *, actor: Actor) -> None:
        """Raises NotFound where the draft is not to be read. Nothing is locked."""
        ...

    def enter(
        self, postmortem_id: int, key: SectionKey, *, user_id: int, at: datetime, forget_before: datetime
    ) -> None:
        """Whom nobody has heard of since `forget_before` is forgotten."""
        ...

    def leave(self, postmortem_id: int, key: SectionKey, *, user_id: int) -> None: ...
