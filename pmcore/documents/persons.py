"""How a document names people: by their names, or by their roles where the workspace says so."""

from collections.abc import Mapping
from typing import Any

from pmcore.domain.vocabulary import Role
from pmcore.words import label

SOMEBODY = "a colleague"


class Persons:
    def __init__(self, people: Mapping[str, Mapping[str, str]], *, roles_for_names: bool) -> None:
        self._people = people
        self._roles_for_names = roles_for_names
        self._role_by_name = {known["name"].casefold(): _role(known) or SOMEBODY for known in people.values()}

    def name(self, user_id: str) -> str:
        """ "Anna Petrova", or "Engineer"; empty for nobody."""
        if not user_id:
            return ""
        known = self._people.get(user_id, {})
        if self._roles_for_names:
            return _role(known) or SOMEBODY
        return known.get("name") or SOMEBODY

    def name_and_role(self, user_id: str) -> str:
        """ "Anna Petrova (Engineer)", or just the role."""
        name, role = self.name(user_id), _role(self._people.get(user_id, {}))
        return f"{name} ({role})" if name and role and not self._roles_for_names else name

    def typed(self, text: str) -> str:
        """A name that somebody typed, "Anna Petrova" or "@Anna Petrova", as this document names people."""
        if not self._roles_for_names:
            return text
        return self._role_by_name.get(text.strip().removeprefix("@").casefold(), text)


def _role(known: Mapping[str, Any]) -> str:
    return label(Role(known["role"])) if known.get("role") else ""
