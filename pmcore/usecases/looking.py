"""A reader was shown sections: remember which text it was."""

from collections.abc import Mapping
from dataclasses import dataclass

from pmcore.domain.looks import noted
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import SectionKey
from pmcore.ports import Clock, OpenUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLook:
    postmortem_id: int
    seen: Mapping[SectionKey, str]  #: hashes of the sections as they were shown


def note_look(command: NoteLook, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """What was shown stays comparable for ever: its revisions grow no more. A section that changed since it was shown
    is left out. Leaves no audit row: who reads is nobody's business.

    Raises Forbidden, NotFound.
    """
    require(actor, Right.READ)
    now = clock()
    with begin() as work:
        work.looks.hold(command.postmortem_id, actor=actor)
        numbers = work.sections.seal(command.postmortem_id, command.seen)
        earlier = work.looks.of(command.postmortem_id, user_id=actor.user_id)
        looks = (noted(earlier.get(key), key=key, number=number, now=now) for key, number in numbers.items())
        work.looks.save(command.postmortem_id, user_id=actor.user_id, looks=[look for look in looks if look])
