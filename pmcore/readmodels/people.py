"""What pages show of people and their sessions."""

from dataclasses import dataclass
from datetime import date, datetime

from pmcore.domain.sessions import LinkKind
from pmcore.domain.vocabulary import Language, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChoice:
    """An active person, for a choice."""

    id: int
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """A person as an administrator, and the person, sees them."""

    id: int
    username: str
    name: str
    language: Language
    roles: frozenset[Role]
    active: bool
    can_sign_in: bool  #: has chosen a password
    invited: bool  #: an invitation link waits to be used


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyView:
    id: int
    principal_id: int
    principal: str
    deputy: str
    role: Role
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A signed-in browser in the person's own list."""

    id: int
    agent: str
    address: str
    created_at: datetime
    seen_at: datetime
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFound:
    """A one-time link that still works, and for whom."""

    kind: LinkKind
    username: str  #: "" for set-up
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFound:
    """What the gate needs to know of a token."""

    session_id: int
    user_id: int
    seen_at: datetime
    language: str
