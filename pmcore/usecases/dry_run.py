"""Commands about a dry run's feedback, and about the time that a post-mortem took."""

from dataclasses import dataclass

from pmcore.domain import dry_run as rules
from pmcore.domain.dry_run import BadFeedback
from pmcore.domain.errors import N_
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.rail_vocabulary import Opinion, TimeKind
from pmcore.ports import Clock, OpenUnitOfWork
from pmcore.usecases.under_review import authors_of, locked, require_in_charge


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForFeedback:
    postmortem_id: int
    user_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveFeedback:
    postmortem_id: int
    easy: Opinion | None
    clear: Opinion | None
    missing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTime:
    postmortem_id: int
    kind: TimeKind
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeTimeBack:
    """Undo of NoteTime, which gives its id."""

    postmortem_id: int
    time_id: int


def ask_for_feedback(command: AskForFeedback, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> int:
    """Returns how many are asked anew. Raises Forbidden, NotFound, NotTheAuthor, BadFeedback."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        incident, postmortem = locked(work, command.postmortem_id, actor)
        require_in_charge(postmortem, actor)
        new = rules.ask(
            work.rail.feedback(postmortem.id), command.user_ids, postmortem_id=postmortem.id,
            is_dry_run=incident.dry_run, author_ids=authors_of(postmortem), by_id=actor.user_id, now=now,
        )  # fmt: skip
        if {each.user_id for each in new} - work.meetings.can_come(postmortem.id):
            raise BadFeedback(N_("Somebody among them may not see this incident, or was deactivated. Choose others."))
        work.rail.add_feedback(new)
        work.audit(actor_id=actor.user_id, did="ask_for_feedback", to=f"postmortem/{postmortem.id}", at=now)
    return len(new)


def give_feedback(command: GiveFeedback, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, BadFeedback, BadText."""
    require(actor, Right.READ)
    now = clock()
    with begin() as work:
        _, postmortem = locked(work, command.postmortem_id, actor)
        asked = {each.user_id: each for each in work.rail.feedback(postmortem.id)}.get(actor.user_id)
        given = rules.give(asked, easy=command.easy, clear=command.clear, missing=command.missing, now=now)
        work.rail.save_feedback(given)
        work.audit(actor_id=actor.user_id, did="give_feedback", to=f"postmortem/{postmortem.id}", at=now)


def note_time(command: NoteTime, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> TakeTimeBack:
    """Returns the command that undoes it. Raises Forbidden, NotFound, BadTime."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        postmortem = work.postmortems.get(command.postmortem_id, actor=actor)
        minutes = rules.minutes_noted(command.minutes, command.kind)
        time_id = work.rail.note_time(postmortem.id, kind=command.kind, minutes=minutes, by_id=actor.user_id, at=now)
        work.audit(actor_id=actor.user_id, did="note_time", to=f"time_spent/{time_id}", at=now)
    return TakeTimeBack(postmortem_id=postmortem.id, time_id=time_id)


def take_time_back(command: TakeTimeBack, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """One's own. Raises Forbidden, NotFound."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        postmortem = work.postmortems.get(command.postmortem_id, actor=actor)
        work.rail.take_time_back(postmortem.id, command.time_id, actor=actor)
        work.audit(actor_id=actor.user_id, did="take_time_back", to=f"time_spent/{command.time_id}", at=now)
