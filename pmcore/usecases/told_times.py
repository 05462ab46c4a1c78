"""Take a time that the timeline tells over into the incident's facts, when somebody asks for it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pmcore.domain import timeline
from pmcore.domain.errors import N_, NotFound, PmError
from pmcore.domain.incident import check, tidy
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import SectionKey
from pmcore.ports import Clock, OpenUnitOfWork
from pmcore.usecases import likeness
from pmcore.usecases.incidents import change_facts


class NoLongerTold(PmError):
    """The row was changed since the offer was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UseTime:
    postmortem_id: int
    incident_id: int
    fact: str  #: "detected_at", one of timeline.FACTS
    at: datetime  #: as the offer showed it


def use_time(command: UseTime, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NoLongerTold, Refusals when the times would contradict each other."""
    require(actor, Right.EDIT_INCIDENT)
    if command.fact not in timeline.FACTS:
        raise NotFound
    now = clock()
    with begin() as work:
        known = work.incidents.get(command.incident_id, actor=actor)
        if work.postmortems.of_incident(known.id) != command.postmortem_id:
            raise NotFound
        work.postmortems.get(command.postmortem_id, actor=actor)
        rows = work.sections.get(command.postmortem_id, SectionKey.TIMELINE).content.get("entries") or ()
        telling = timeline.told(timeline.read(rows)).get(command.fact)
        if telling is None or telling.at != command.at:
            raise NoLongerTold(N_("The timeline says something else by now. Look at it again before you decide."))
        unknown = {fact: why for fact, why in known.unknown_because.items() if fact != command.fact}
        facts: dict[str, Any] = {command.fact: command.at, "unknown_because": unknown}
        changed = replace(known, **facts)
        check(changed, now=now)
        changed = tidy(changed)
        likeness.keep_order(work, known, changed)
        change_facts(work, changed, actor=actor, did="use_time", now=now)
        likeness.look_again(work, known, changed, now=now)
