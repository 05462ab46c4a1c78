"""The process document: which version it is, and whether a manager has approved just this text."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pmcore.domain.errors import N_, PmError
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.policy import REQUIRING, USUAL_HOURS, USUAL_P1_MINUTES, Policy
from pmcore.domain.vocabulary import ClockKind, Language, Role, Rule

#: Who approves. The right is this role's alone; a deputy holds it for the days of standing in.
APPROVING_ROLE = Role.ENGINEERING_MANAGER
_VERSION = re.compile(r"^\*\*(?:Version|Версия):\*\* +(\S+) *$", re.M)


class BadProcessText(PmError):
    """The installed document cannot be read."""


class CannotApprove(PmError):
    """The approval was refused; the sentence says what to do."""


class NothingToWithdraw(PmError):
    """The approval does not stand any more."""


class Standing(StrEnum):
    """Of the installed text. Derived from the hashes, never stored."""

    APPROVED = "approved"
    CHANGED = "changed"  #: another text was approved
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessText:
    """The installed document, in every language."""

    version: str  #: "1.0", as it says itself
    content_hash: str  #: SHA-256 in hex over all languages
    texts: Mapping[Language, str]  #: Markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    id: int  #: 0 before it is stored
    version: str
    content_hash: str
    by_id: int
    role: Role  #: as which the person approved
    at: datetime  #: UTC
    withdrawn_at: datetime | None = None


def process_text(texts: Mapping[Language, str]) -> ProcessText:
    """Raises BadProcessText when a language is missing or the versions differ."""
    versions = {found.group(1) if (found := _VERSION.search(text)) else "" for text in texts.values()}
    version = versions.pop() if len(versions) == 1 else ""
    if not version or set(texts) != set(Language):
        raise BadProcessText(
            N_("The process document has to say one and the same version in every language. Install it again.")
        )
    return ProcessText(version=version, content_hash=content_hash(texts), texts=dict(texts))


def content_hash(texts: Mapping[Language, str]) -> str:
    """Of all languages, because whoever approves answers for what everybody reads. White space does not count."""
    folded = "\0".join(" ".join(unicodedata.normalize("NFC", texts[one]).split()) for one in Language if one in texts)
    return hashlib.sha256(folded.encode()).hexdigest()


def standing(current_hash: str, approved_hash: str | None) -> Standing:
    """`approved_hash` is that of an approval of the same text if there is one, else of the newest."""
    if approved_hash is None:
        return Standing.NEVER
    return Standing.APPROVED if approved_hash == current_hash else Standing.CHANGED


def approve(
    *, actor: Actor, text: ProcessText, seen_hash: str, approvals: Iterable[Approval], now: datetime
) -> Approval:
    """`approvals` are those that were not withdrawn. Raises Forbidden, CannotApprove."""
    require(actor, Right.APPROVE_PROCESS)
    if seen_hash != text.content_hash:
        raise CannotApprove(N_("The document changed after you opened it. Read it again, then approve it."))
    if any(one.content_hash == text.content_hash for one in approvals):
        raise CannotApprove(N_("This text has been approved already; nothing is left to do."))
    return Approval(
        id=0, version=text.version, content_hash=text.content_hash, by_id=actor.user_id, role=APPROVING_ROLE, at=now
    )


def withdraw(approval: Approval, *, actor: Actor, now: datetime) -> Approval:
    """Raises Forbidden, NothingToWithdraw."""
    require(actor, Right.APPROVE_PROCESS)
    if approval.withdrawn_at is not None:
        raise NothingToWithdraw(N_("This approval was withdrawn already."))
    return replace(approval, withdrawn_at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFigure:
    """A figure of the policy in force that is not what the document says."""

    rule: Rule
    clock: ClockKind | None  #: whose hours these are; None: minutes of impact that a P1 may last
    own: int
    usual: int  #: as in the document


def own_figures(policy: Policy) -> tuple[OwnFigure, ...]:
    """In the order of the policy's form."""
    found = [OwnFigure(rule=Rule.P1_LONG, clock=None, own=policy.p1_minutes, usual=USUAL_P1_MINUTES)]
    allowed = {ClockKind.DRAFTED: policy.drafted_hours, ClockKind.PUBLISHED: policy.published_hours}
    for rule in REQUIRING:
        for clock in ClockKind:
            hours = allowed[clock].get(rule, USUAL_HOURS)
            found.append(OwnFigure(rule=rule, clock=clock, own=hours, usual=USUAL_HOURS))
    return tuple(one for one in found if one.own != one.usual)
