"""What the use cases need of what readers saw."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from pmcore.domain.looks import Look
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import SectionKey


class Looks(Protocol):
    def hold(self, postmortem_id: int, *, actor: Actor) -> None:
        """Nobody writes it until the end of the unit of work. Raises NotFound where its draft is not to be read."""
        ...

    def of(self, postmortem_id: int, *, user_id: int) -> Mapping[SectionKey, Look]: ...

    def save(self, postmortem_id: int, *, user_id: int, looks: Iterable[Look]) -> None: ...
