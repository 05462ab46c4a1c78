"""Commands that change who works on a post-mortem."""

from dataclasses import dataclass, replace

from pmcore.domain.errors import N_
from pmcore.domain.permissions import RIGHTS, Actor, Right, require
from pmcore.domain.postmortem import (
    BadMember,
    NotTheAuthor,
    Postmortem,
    add_member,
    is_author,
    remove_member,
)
from pmcore.domain.vocabulary import MemberRole
from pmcore.ports import Clock, OpenUnitOfWork, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMember:
    postmortem_id: int
    user_id: int
    role: MemberRole


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveMember:
    postmortem_id: int
    user_id: int
    role: MemberRole


def add_a_member(command: AddMember, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Name somebody for a part. Raises Forbidden, NotFound, NotTheAuthor, BadMember."""
    require(actor, Right.HAND_OVER)
    now = clock()
    with begin() as work:
        postmortem = _of_ones_own(work, command.postmortem_id, actor)
        right = Right.WRITE if command.role is MemberRole.CO_AUTHOR else Right.READ
        _require_able(work, command.user_id, right=right, field="member")
        changed = add_member(postmortem, user_id=command.user_id, role=command.role)
        work.postmortems.save(replace(changed, changed_at=now))
        work.audit(
            actor_id=actor.user_id,
            did=f"add_{command.role}",
            to=f"postmortem/{postmortem.id}/{command.user_id}",
            at=now,
        )


def remove_a_member(command: RemoveMember, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Take a part away; everybody may give up the own one. Raises Forbidden, NotFound, NotTheAuthor."""
    require(actor, Right.READ)
    now = clock()
    with begin() as work:
        postmortem = work.postmortems.get(command.postmortem_id, actor=actor)
        if command.user_id != actor.user_id:
            require(actor, Right.HAND_OVER)
            _require_own(postmortem, actor)
        changed = remove_member(postmortem, user_id=command.user_id, role=command.role)
        work.postmortems.save(replace(changed, changed_at=now))
        work.audit(
            actor_id=actor.user_id,
            did=f"remove_{command.role}",
            to=f"postmortem/{postmortem.id}/{command.user_id}",
            at=now,
        )


def _of_ones_own(work: UnitOfWork, postmortem_id: int, actor: Actor) -> Postmortem:
    postmortem = work.postmortems.get(postmortem_id, actor=actor)
    _require_own(postmortem, actor)
    return postmortem


def _require_own(postmortem: Postmortem, actor: Actor) -> None:
    """Who writes decides who works on it; else those who settle what is owed. Raises NotTheAuthor."""
    if not is_author(postmortem, actor.user_id) and not actor.may(Right.SETTLE):
        raise NotTheAuthor


def _require_able(work: UnitOfWork, user_id: int, *, right: Right, field: str) -> None:
    """Raises NotFound, BadMember."""
    person = work.people.get(user_id)
    if not person.active:
        raise BadMember(N_("{name} is deactivated; name somebody else."), field=field, name=person.name)
    if not any(right in RIGHTS[role] for role in person.roles):
        raise BadMember(N_("{name} has no role that allows this; name somebody else."), field=field, name=person.name)
