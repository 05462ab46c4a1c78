"""Somebody has a section open to write in it. No audit row: it is forgotten within a minute."""

from dataclasses import dataclass

from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.presence import LIFE
from pmcore.domain.vocabulary import SectionKey
from pmcore.ports import Clock, OpenUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class BeHere:
    postmortem_id: int
    key: SectionKey
    left: SectionKey | None = None  #: the section where this browser was before


def be_here(command: BeHere, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        work.presence.require_readable(command.postmortem_id, actor=actor)
        if command.left is not None and command.left is not command.key:
            work.presence.leave(command.postmortem_id, command.left, user_id=actor.user_id)
        work.presence.enter(command.postmortem_id, command.key, user_id=actor.user_id, at=now, forget_before=now - LIFE)
