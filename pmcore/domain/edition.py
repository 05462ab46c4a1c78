"""What readers see of a post-mortem: frozen at publication, complete in itself.

An edition is plain JSON. It names people by id and keeps beside the ids how they were called and in which role, so that
it can be printed with names or with roles. The working copy has the same shape, so that preview, print and export are
made by one hand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from pmcore.domain.action_item import ActionItem
from pmcore.domain.content import MAX_TEXT, clean
from pmcore.domain.errors import N_, PmError
from pmcore.domain.incident import Incident
from pmcore.domain.sections import TEMPLATE_VERSION
from pmcore.domain.sections import Content as SectionContent
from pmcore.domain.sign_off import SignOff
from pmcore.domain.vocabulary import Role, SectionKey

Content: TypeAlias = dict[str, Any]
"""{"header": {...}, "sections": {key: content}, "items": [...], "signatures": [...]}"""


class NoteMissing(PmError):
    """A second edition says what it changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person as the document names them."""

    user_id: int
    name: str
    role: Role | None  #: the one that says most about why they are named; None: no role any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Frozen. The content's shape is that of `content`."""

    postmortem_id: int
    number: int
    content: Mapping[str, Any]
    note: str  #: what this edition changed; empty for the first
    published_at: datetime
    by_id: int


def content(
    *,
    incident: Incident,
    author_id: int,
    reviewer_ids: Iterable[int],
    sections: Mapping[SectionKey, SectionContent],
    items: Iterable[ActionItem],
    sign_offs: Iterable[SignOff],
    people: Iterable[Named],
    updated_at: datetime,
    published_at: datetime | None,
    number: int,
) -> Content:
    """Everything that a document is made from, as strings, lists and objects only."""
    return {
        "header": {
            "public_id": incident.public_id,
            "title": incident.title,
            "severity": incident.highest_severity.value,
            "started_at": _iso(incident.started_at),
            "zone": incident.zone,
            "author_id": str(author_id),
            "reviewer_ids": [str(user_id) for user_id in reviewer_ids],
            "people": {
                str(person.user_id): {"name": person.name, "role": person.role.value if person.role else ""}
                for person in people
            },
            "edition": str(number),
            "published_at": _iso(published_at),
            "updated_at": _iso(updated_at),
            "template_version": TEMPLATE_VERSION,
        },
        "sections": {key.value: dict(sections[key]) for key in SectionKey if key in sections},
        "items": [_item(item) for item in sorted(items, key=lambda item: item.number)],
        "signatures": [_signature(sign_off) for sign_off in sign_offs],
    }


def note_of(note: str, *, number: int) -> str:
    """The note in canonical form. Raises NoteMissing for a second edition without one, BadText when it is too long."""
    note = clean(note, longest=MAX_TEXT, field="note").strip()
    if number > 1 and not note:
        raise NoteMissing(N_("Say what this edition changes; readers of the last one want to know."), field="note")
    return note


def _item(item: ActionItem) -> dict[str, str]:
    return {
        "number": str(item.number),
        "title": item.title,
        "kind": item.kind.value,
        "priority": item.priority.value,
        "owner_id": str(item.owner_id or ""),
        "due_on": item.due_on.isoformat() if item.due_on else "",
        "criterion": item.criterion,
        "ticket_url": item.ticket_url,
        "state": item.state.value,
    }


def _signature(sign_off: SignOff) -> dict[str, Any]:
    signature = sign_off.signature
    return {
        "role": sign_off.role.value,
        "sections": [key.value for key in sign_off.sections],
        "standing": sign_off.standing.value,
        "user_id": str(signature.user_id) if signature else "",
        "at": _iso(signature.at) if signature else "",
    }


def _iso(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""
