"""Where a document's words come from: the JSON of an edition or of the working copy, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pmcore.documents.blocks import Pair, Prose
from pmcore.documents.persons import Persons
from pmcore.domain.sections import BY_KEY, FACTS
from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels.recurrence import RecurrenceView


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a section's text comes from."""

    content: Mapping[str, Any]
    persons: Persons = field(default_factory=lambda: Persons({}, roles_for_names=False))
    states: Mapping[str, str] = field(default_factory=dict)
    repetitions: tuple[RecurrenceView, ...] = ()  #: of today; what the document may name

    @property
    def zone(self) -> str:
        return str(self.content["header"]["zone"])

    def section(self, key: SectionKey) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.content["sections"].get(key.value) or {}
        return found

    def facts(self, key: SectionKey) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.section(key).get(FACTS) or {}
        return found

    def pair(self, key: SectionKey, name: str) -> Pair:
        asked = BY_KEY[key].field(name)
        return Pair(label=asked.heading, value=str(self.section(key).get(name) or ""), hint=asked.hint)

    def prose(self, key: SectionKey, name: str) -> Prose:
        return Prose(text=str(self.section(key).get(name) or ""), hint=BY_KEY[key].field(name).hint)

    def rows(self, key: SectionKey, name: str) -> tuple[Mapping[str, str], ...]:
        return tuple(self.section(key).get(name) or ())
