"""How a document names people: by their names, or by their roles where the workspace says so."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pmcore.domain.vocabulary import Role
from pmcore.words import label

SOMEBODY = "a colleague"
_HANDLE = re.compile(r"(?<![\w@.])@(?=[^\W\d_])[\w.-]*\w")
#: Parts of a name that say a job rather than a person, and names that are words as well: only whole names count there.
_ORDINARY = frozenset({
    "art", "bill", "chase", "chief", "dawn", "engineer", "engineering", "faith", "frank", "grace", "grant", "guest",
    "hope", "joy", "lead", "long", "manager", "mark", "may", "max", "miles", "officer", "page", "price", "rich",
    "rose", "summer", "team", "tech", "user", "will", "young",
})  # fmt: skip
_PART = re.compile(r"[^\W\d_][\w’'-]{2,}")


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

    def without_names(self, text: str) -> str:
        """A text with roles in the place of this document's people, by their full names, given names, family names or
        handles ("@anna"). Somebody whom the document does not know otherwise keeps the name that was typed."""
        roles, pattern = self._written
        text = pattern.sub(lambda found: roles[_known_by(found["name"])], text) if roles else text
        return _HANDLE.sub(SOMEBODY, text)

    @cached_property
    def _written(self) -> tuple[dict[str, str], re.Pattern[str]]:
        """Every way to write a person of this document: what to put in its place, and where it stands in a text."""
        whole: dict[str, str] = {}
        parts: dict[str, str] = {}
        for known in self._people.values():
            words, role = known["name"].split(), _role(known) or SOMEBODY
            whole |= {_known_by(" ".join(words)): role, _known_by(" ".join(reversed(words))): role}
            if all(_PART.fullmatch(word) for word in words):
                parts |= {word: role for word in words if word.casefold() not in _ORDINARY}
        whole.pop("", None)
        ways = [f"(?i:{re.escape(name)})" for name in sorted(whole, key=len, reverse=True)]
        ways += [re.escape(part) for part in sorted(parts, key=len, reverse=True)]
        return {_known_by(part): role for part, role in parts.items()} | whole, re.compile(
            rf"(?<!\w)@?(?P<name>{'|'.join(ways)})(?!\w)"
        )


def _known_by(name: str) -> str:
    return name.casefold()


def _role(known: Mapping[str, Any]) -> str:
    return label(Role(known["role"])) if known.get("role") else ""
