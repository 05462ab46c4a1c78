"""What others do to a post-mortem while somebody has it open."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from pmcore.domain.vocabulary import SectionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Somebody else has a section open to write in it."""

    name: str
    key: SectionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    versions: Mapping[SectionKey, int]
    stands: Mapping[SectionKey, Hashable]  #: equal while what is blank in the section is the same
    lifecycle: Hashable  #: equal while the post-mortem stands where it stood
    here: tuple[Here, ...]  #: not the person who asks; by section, then by name
