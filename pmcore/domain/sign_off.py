"""Signatures: bound to what was read, so that nobody's name stands under a text that they have not seen.

A signature keeps the hashes of the sections it covers. It is valid while those equal the sections' own: an edit voids
it without touching it, and undoing the edit brings it back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pmcore.domain.errors import N_, PmError
from pmcore.domain.permissions import Actor, Right
from pmcore.domain.progress import Missing
from pmcore.domain.sections import required_signatures
from pmcore.domain.vocabulary import SectionKey, Severity, SignRole

#: Which right of the matrix lets a person sign in which role.
SIGN_RIGHTS: dict[SignRole, Right] = {
    SignRole.TECH_LEAD: Right.SIGN_TECH_LEAD,
    SignRole.ENGINEERING_MANAGER: Right.SIGN_ENGINEERING_MANAGER,
    SignRole.CTO: Right.SIGN_CTO,
}


class CannotSign(PmError):
    """The signature was refused; the sentence says who can give it."""


class NothingToWithdraw(PmError):
    """The person has not signed in this role."""


class Standing(StrEnum):
    """Of one required role. Derived from the hashes, never stored."""

    VALID = "valid"
    VOID = "void"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    role: SignRole
    user_id: int
    hashes: Mapping[SectionKey, str]  #: of the covered sections, as they were read
    at: datetime  #: UTC
    id: int | None = None  #: None until it is stored
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """How one required role stands."""

    role: SignRole
    sections: tuple[SectionKey, ...]  #: what the role vouches for
    standing: Standing
    signature: Signature | None  #: the one that counts; of a void standing the newest
    changed: tuple[SectionKey, ...]  #: the covered sections that differ from what was signed


def standings(
    *,
    severity: Severity,
    has_cto: bool,
    hashes: Mapping[SectionKey, str],
    signatures: Iterable[Signature],
    author_ids: frozenset[int],
) -> tuple[SignOff, ...]:
    """Every required role, in the order of the enum.

    Signatures of authors and co-authors do not count, not even when they became one after signing.
    """
    counting = [s for s in signatures if s.withdrawn_at is None and s.user_id not in author_ids]
    required = required_signatures(severity=severity, has_cto=has_cto)
    return tuple(
        _sign_off(role, required[role], hashes, [s for s in counting if s.role is role])
        for role in SignRole
        if role in required
    )


def _sign_off(
    role: SignRole, sections: tuple[SectionKey, ...], hashes: Mapping[SectionKey, str], signatures: Sequence[Signature]
) -> SignOff:
    newest_first = sorted(signatures, key=lambda s: (s.at, s.id or 0), reverse=True)
    for signature in newest_first:
        if not _changed(signature, sections, hashes):
            return SignOff(role=role, sections=sections, standing=Standing.VALID, signature=signature, changed=())
    if newest_first:
        newest = newest_first[0]
        return SignOff(
            role=role,
            sections=sections,
            standing=Standing.VOID,
            signature=newest,
            changed=_changed(newest, sections, hashes),
        )
    return SignOff(role=role, sections=sections, standing=Standing.MISSING, signature=None, changed=())


def _changed(
    signature: Signature, sections: tuple[SectionKey, ...], hashes: Mapping[SectionKey, str]
) -> tuple[SectionKey, ...]:
    return tuple(key for key in sections if signature.hashes.get(key) != hashes.get(key))


def decides(signature: Signature, *, key: SectionKey, before: str, after: str) -> bool:
    """Whether a section's going from one hash to another may void the signature, or bring it back."""
    return signature.withdrawn_at is None and signature.hashes.get(key) in (before, after)


def is_signed_off(sign_offs: Iterable[SignOff]) -> bool:
    """Whether every required signature is valid: what "Reviewed" means."""
    return all(sign_off.standing is Standing.VALID for sign_off in sign_offs)


def missing_signatures(sign_offs: Iterable[SignOff]) -> tuple[Missing, ...]:
    """What publishing still waits for, in words."""
    said = {Standing.MISSING: _MISSING, Standing.VOID: _VOID}
    return tuple(
        Missing(SectionKey.SIGN_OFF, said[sign_off.standing][sign_off.role])
        for sign_off in sign_offs
        if sign_off.standing in said
    )


_MISSING = {
    SignRole.TECH_LEAD: N_("The Tech Lead has not signed yet."),
    SignRole.ENGINEERING_MANAGER: N_("The Engineering Manager has not signed yet."),
    SignRole.CTO: N_("The CTO has not signed yet."),
}
_VOID = {
    SignRole.TECH_LEAD: N_("The Tech Lead's signature is void: the text changed since. Ask for a new one."),
    SignRole.ENGINEERING_MANAGER: N_(
        "The Engineering Manager's signature is void: the text changed since. Ask for a new one."
    ),
    SignRole.CTO: N_("The CTO's signature is void: the text changed since. Ask for a new one."),
}


def roles_of(actor: Actor) -> tuple[SignRole, ...]:
    """The roles in which a person may sign at all, deputised ones included."""
    return tuple(role for role in SignRole if actor.may(SIGN_RIGHTS[role]))


def may_sign(actor: Actor, *, role: SignRole, author_ids: frozenset[int]) -> bool:
    return actor.may(SIGN_RIGHTS[role]) and actor.user_id not in author_ids


def require_may_sign(
    actor: Actor, *, role: SignRole, required: Mapping[SignRole, tuple[SectionKey, ...]], author_ids: frozenset[int]
) -> None:
    """Raises CannotSign; the same holds for sending it back."""
    if role not in required:
        raise CannotSign(N_("No signature is needed in this role here."))
    if actor.user_id in author_ids:
        raise CannotSign(N_("Nobody signs a text of their own. Somebody else in this role, or a deputy, has to do it."))
    if not actor.may(SIGN_RIGHTS[role]):
        raise CannotSign(N_("You do not hold this role. Somebody who does, or a deputy, has to do it."))


def sign(
    *,
    actor: Actor,
    role: SignRole,
    required: Mapping[SignRole, tuple[SectionKey, ...]],
    hashes: Mapping[SectionKey, str],
    author_ids: frozenset[int],
    now: datetime,
) -> Signature:
    """A signature under the sections as they are now. Raises CannotSign."""
    require_may_sign(actor, role=role, required=required, author_ids=author_ids)
    return Signature(role=role, user_id=actor.user_id, hashes={key: hashes[key] for key in required[role]}, at=now)


def own_signatures(signatures: Iterable[Signature], *, role: SignRole, user_id: int) -> tuple[Signature, ...]:
    """Those of one person in one role that were not withdrawn."""
    return tuple(s for s in signatures if s.role is role and s.user_id == user_id and s.withdrawn_at is None)


def to_withdraw(signatures: Iterable[Signature], *, role: SignRole, user_id: int) -> tuple[Signature, ...]:
    """The person's own signatures in this role. Raises NothingToWithdraw."""
    own = own_signatures(signatures, role=role, user_id=user_id)
    if not own:
        raise NothingToWithdraw(N_("You have not signed in this role."))
    return own
