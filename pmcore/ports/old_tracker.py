"""What the import of an old tracker needs: what is taken, who is known, and room for all rows at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pmcore.domain.incident import Incident
from pmcore.domain.obligation import Obligation
from pmcore.domain.postmortem import Postmortem


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedRow:
    """One row of the old tracker, as it is stored; ids and references among the three are given on storing."""

    incident: Incident
    obligation: Obligation
    postmortem: Postmortem
    unknown_author: str  #: as the old tracker wrote the name; empty when it is somebody known


class OldTracker(Protocol):
    def taken(self, public_ids: Collection[str]) -> frozenset[str]:
        """Those that belong to an incident already, a deleted one included."""
        ...

    def people(self) -> Mapping[str, int]:
        """User ids by casefolded name and by casefolded sign-in name; names that several people bear are left out."""
        ...

    def add(self, rows: Sequence[ImportedRow]) -> tuple[int, ...]:
        """All rows; the ids of the post-mortems in the same order. Raises EditConflict when an id was just taken."""
        ...
