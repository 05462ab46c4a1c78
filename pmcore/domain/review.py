"""Naming reviewers and sending a text back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pmcore.domain.content import MAX_TEXT, clean
from pmcore.domain.errors import N_, PmError
from pmcore.domain.permissions import RIGHTS
from pmcore.domain.progress import Missing
from pmcore.domain.sign_off import SIGN_RIGHTS
from pmcore.domain.vocabulary import Role, SectionKey, SignRole


class CannotReturn(PmError):
    """A return without reasons helps nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """A reviewer sent it back."""

    role: SignRole
    user_id: int
    reasons: str
    at: datetime  #: UTC
    answered_at: datetime | None = None  #: when it was submitted again


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """Somebody who could be asked to review."""

    user_id: int
    name: str
    active: bool
    roles: frozenset[Role]  #: today's, deputised ones included


def reviewer_problems(
    reviewers: Iterable[Reviewer], *, required: Iterable[SignRole], author_ids: frozenset[int]
) -> tuple[Missing, ...]:
    """What keeps the named people from being able to sign it off together; empty when they can."""
    named = tuple(reviewers)
    problems = [
        Missing(SectionKey.SIGN_OFF, N_("{name} can no longer sign in. Name somebody else."), name=person.name)
        for person in named
        if not person.active
    ]
    problems += [
        Missing(
            SectionKey.SIGN_OFF,
            N_("{name} is an author of this text and cannot review it. Name somebody else."),
            name=person.name,
        )
        for person in named
        if person.user_id in author_ids
    ]
    able = [person for person in named if person.active and person.user_id not in author_ids]
    problems += [
        Missing(SectionKey.SIGN_OFF, _NOBODY[role])
        for role in required
        if not any(SIGN_RIGHTS[role] in RIGHTS[held] for person in able for held in person.roles)
    ]
    return tuple(problems)


_NOBODY: Mapping[SignRole, str] = {
    SignRole.TECH_LEAD: N_("Name a reviewer who can sign as Tech Lead."),
    SignRole.ENGINEERING_MANAGER: N_("Name a reviewer who can sign as Engineering Manager."),
    SignRole.CTO: N_("Name a reviewer who can sign as CTO."),
}


def send_back(*, role: SignRole, user_id: int, reasons: str, now: datetime) -> Return:
    """Raises CannotReturn without a reason, BadText when it is too long."""
    reasons = clean(reasons, longest=MAX_TEXT, field="reasons").strip()
    if not reasons:
        raise CannotReturn(N_("Say what should change; the author sees your reasons beside the text."), field="reasons")
    return Return(role=role, user_id=user_id, reasons=reasons, at=now)
