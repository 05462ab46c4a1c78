"""What the commands of review and publishing ask of a post-mortem that they hold."""

from collections.abc import Mapping
from datetime import datetime

from pmcore.domain.incident import Incident
from pmcore.domain.permissions import Actor, Right
from pmcore.domain.postmortem import NotTheAuthor, Postmortem, StoredSection, is_author, with_role
from pmcore.domain.progress import Standing, standing
from pmcore.domain.sections import BY_KEY, required_signatures
from pmcore.domain.sign_off import SignOff, standings
from pmcore.domain.vocabulary import ClockKind, MemberRole, SectionKey, SignRole
from pmcore.ports import UnitOfWork


def locked(work: UnitOfWork, postmortem_id: int, actor: Actor) -> tuple[Incident, Postmortem]:
    """Both rows, in the order in which everybody locks them. Raises NotFound."""
    incident = work.incidents.get(work.reviews.incident_of(postmortem_id), actor=actor)
    return incident, work.postmortems.get(postmortem_id, actor=actor)


def require_in_charge(postmortem: Postmortem, actor: Actor) -> None:
    """An author, or somebody who answers for the whole process. Raises NotTheAuthor."""
    if not is_author(postmortem, actor.user_id) and not actor.may(Right.CLOSE):
        raise NotTheAuthor


def authors_of(postmortem: Postmortem) -> frozenset[int]:
    """Who writes, and therefore does not sign."""
    return frozenset({postmortem.author_id, *with_role(postmortem, MemberRole.CO_AUTHOR)})


def required_of(
    work: UnitOfWork, incident: Incident, postmortem: Postmortem
) -> Mapping[SignRole, tuple[SectionKey, ...]]:
    return required_signatures(
        severity=incident.highest_severity, has_cto=work.reviews.has_cto(besides=authors_of(postmortem))
    )


def sign_offs_of(work: UnitOfWork, incident: Incident, postmortem: Postmortem) -> tuple[SignOff, ...]:
    """How every required role stands, by the hashes of the sections as they are in this transaction."""
    return standings(
        severity=incident.highest_severity,
        has_cto=work.reviews.has_cto(besides=authors_of(postmortem)),
        hashes=postmortem.section_hashes,
        signatures=work.reviews.signatures(postmortem.id),
        author_ids=authors_of(postmortem),
    )


def blanks_of(sections: Mapping[SectionKey, StoredSection]) -> dict[SectionKey, Standing]:
    return {key: standing(BY_KEY[key], stored.content) for key, stored in sections.items()}


def stop_clocks(work: UnitOfWork, postmortem: Postmortem, clock: ClockKind, *, by_id: int, at: datetime) -> None:
    """Of its own incident and of every incident that it covers; a clock that stands keeps its first stop."""
    for incident_id in (postmortem.incident_id, *work.obligations.covered_by(postmortem.id)):
        work.obligations.stop(incident_id=incident_id, clock=clock, at=at, by_id=by_id)
