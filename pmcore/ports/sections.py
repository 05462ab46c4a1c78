"""What the use cases need of sections and revisions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from pmcore.domain.postmortem import StoredSection
from pmcore.domain.sections import Content
from pmcore.domain.vocabulary import SectionKey


class Sections(Protocol):
    def get(self, postmortem_id: int, key: SectionKey) -> StoredSection:
        """Locked until the end of the unit of work. Raises NotFound."""
        ...

    def all(self, postmortem_id: int) -> Mapping[SectionKey, StoredSection]:
        """All eleven, in the mission's order; empty for an imported post-mortem."""
        ...

    def add(self, postmortem_id: int, key: SectionKey, *, content: Content, by_id: int | None, at: datetime) -> None:
        """The first version, with its revision."""
        ...

    def save(
        self, stored: StoredSection, *, content: Content, by_id: int | None, at: datetime, new_revision: bool = False,
        remember: bool = True,
    ) -> StoredSection:  # fmt: skip
        """A new version, with its revision: the newest one grows during an editing stretch, unless a new one is asked
        for. `remember` the version where a later save may name it as its base. Raises EditConflict when `stored` is not
        the newest."""
        ...

    def at_version(self, postmortem_id: int, key: SectionKey, version: int) -> Content:
        """What a browser was shown; where that is forgotten, the nearest older text. Raises NotFound."""
        ...

    def seal(self, postmortem_id: int, hashes: Mapping[SectionKey, str]) -> Mapping[SectionKey, int]:
        """Keep the newest revisions as they stand: none of them grows any more. Their numbers; of a section whose
        newest text has another hash, none."""
        ...

    def revision(self, postmortem_id: int, key: SectionKey, number: int) -> Content:
        """Raises NotFound."""
        ...
