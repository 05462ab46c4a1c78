"""A post-mortem: who writes it, where it stands, and its sections as they are stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pmcore.domain.errors import N_, PmError
from pmcore.domain.lifecycle import Event, is_working_copy_open, step
from pmcore.domain.sections import Content
from pmcore.domain.vocabulary import Amendment, MemberRole, PostmortemStatus, SectionKey, Severity


class NotTheAuthor(PmError):
    """The person neither wrote nor co-writes this post-mortem."""

    def __init__(self) -> None:
        super().__init__(
            N_("Only the author and co-authors can change this. Ask the author to add you as a co-author.")
        )


class BadMember(PmError):
    """The person cannot be named for this part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person's part in a post-mortem beside its author; one person may have several."""

    user_id: int
    role: MemberRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmortem:
    id: int
    incident_id: int
    severity: Severity  #: the highest that the incident reached; read with it, saved with the incident only
    author_id: int
    status: PostmortemStatus
    created_at: datetime
    changed_at: datetime
    amendment: Amendment | None = None
    shared_at: datetime | None = None  #: first time others could read it
    submitted_at: datetime | None = None  #: last time
    first_published_at: datetime | None = None
    edition_number: int = 0  #: 0 before the first
    items_total: int = 0  #: kept by the action items' repository
    items_done: int = 0
    imported: Mapping[str, Any] | None = None
    members: tuple[Member, ...] = ()
    section_hashes: Mapping[SectionKey, str] = field(default_factory=dict)  #: of the working copy, as stored
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSection:
    """The working copy of one section."""

    postmortem_id: int
    key: SectionKey
    content: Content
    content_hash: str
    version: int
    saved_at: datetime
    saved_by_id: int | None  #: None: filled from the incident
    begins_revision: bool = True  #: of one just saved; else it made the newest revision grow


def with_role(postmortem: Postmortem, role: MemberRole) -> tuple[int, ...]:
    """User ids of those who have the part."""
    return tuple(member.user_id for member in postmortem.members if member.role is role)


def is_author(postmortem: Postmortem, user_id: int) -> bool:
    """Author or co-author: who may write, and who therefore does not sign."""
    return user_id == postmortem.author_id or user_id in with_role(postmortem, MemberRole.CO_AUTHOR)


def is_open(postmortem: Postmortem) -> bool:
    """Whether the working copy may change: before the first edition, and while the next one is being written."""
    return is_working_copy_open(postmortem.status, postmortem.amendment)


def may_edit(postmortem: Postmortem, user_id: int) -> bool:
    return is_author(postmortem, user_id) and is_open(postmortem)


def require_author(postmortem: Postmortem, user_id: int) -> None:
    """Raises NotTheAuthor."""
    if not is_author(postmortem, user_id):
        raise NotTheAuthor


def require_may_edit(postmortem: Postmortem, user_id: int) -> None:
    """Raises NotTheAuthor, NotNow."""
    require_author(postmortem, user_id)
    step(status=postmortem.status, amendment=postmortem.amendment, event=Event.EDIT)


def add_member(postmortem: Postmortem, *, user_id: int, role: MemberRole) -> Postmortem:
    """Name a person for a part; naming twice changes nothing. Raises BadMember.

    Somebody who writes cannot review, and the other way round: nobody judges the own text.
    """
    if role is not MemberRole.PARTICIPANT and user_id == postmortem.author_id:
        raise BadMember(N_("The author is part of this post-mortem already; name somebody else."), field="member")
    opposite = {MemberRole.CO_AUTHOR: MemberRole.REVIEWER, MemberRole.REVIEWER: MemberRole.CO_AUTHOR}.get(role)
    if opposite is not None and user_id in with_role(postmortem, opposite):
        raise BadMember(
            N_("Somebody who writes cannot review as well. Take the other part away first."), field="member"
        )
    member = Member(user_id=user_id, role=role)
    if member in postmortem.members:
        return postmortem
    return replace(postmortem, members=(*postmortem.members, member))


def remove_member(postmortem: Postmortem, *, user_id: int, role: MemberRole) -> Postmortem:
    """Take a part away; somebody who does not have it keeps not having it."""
    member = Member(user_id=user_id, role=role)
    return replace(postmortem, members=tuple(known for known in postmortem.members if known != member))


def hand_over(postmortem: Postmortem, *, to: int) -> Postmortem:
    """Make somebody else the author; who wrote so far stays a co-author. Raises BadMember."""
    if to == postmortem.author_id:
        raise BadMember(N_("This person is the author already."), field="author")
    others = tuple(m for m in postmortem.members if m.user_id != to or m.role is MemberRole.PARTICIPANT)
    earlier = Member(user_id=postmortem.author_id, role=MemberRole.CO_AUTHOR)
    return replace(postmortem, author_id=to, members=(*others, earlier))
