"""Commands of day 10 and day 30: the verdict, and what is brought before the Engineering Manager."""

from dataclasses import dataclass

from pmcore.domain import retrospective as rules
from pmcore.domain.errors import N_, NotFound
from pmcore.domain.permissions import Actor, Forbidden, Right, require
from pmcore.domain.postmortem import is_author, with_role
from pmcore.domain.rail_vocabulary import Verdict
from pmcore.domain.vocabulary import MemberRole
from pmcore.ports import Clock, OpenUnitOfWork
from pmcore.ports.action_items import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveVerdict:
    postmortem_id: int
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    item_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEscalation:
    escalation_id: int
    answer: str


def give_verdict(command: GiveVerdict, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """In place of an earlier one, until it is closed. Raises Forbidden, NotFound, NotNow, BadVerdict, BadText."""
    require(actor, Right.JUDGE)
    now = clock()
    with begin() as work:
        postmortem = work.postmortems.get(command.postmortem_id, actor=actor)
        given = rules.judge(
            command.verdict, command.reason, postmortem_id=postmortem.id, status=postmortem.status,
            by_id=actor.user_id, author_id=postmortem.author_id,
            co_author_ids=with_role(postmortem, MemberRole.CO_AUTHOR), now=now,
        )  # fmt: skip
        work.rail.save_verdict(given)
        work.audit(actor_id=actor.user_id, did=f"verdict_{given.verdict}", to=f"postmortem/{postmortem.id}", at=now)


def escalate(command: Escalate, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> int:
    """By the item's owner, an author, or somebody who manages items; returns the escalation's id.

    Raises Forbidden, NotFound, BadEscalation, BadText.
    """
    require(actor, Right.UPDATE_OWN_ITEMS)
    now = clock()
    with begin() as work:
        place = work.action_items.places([command.item_id]).get(command.item_id)
        if place is None:
            raise NotFound
        postmortem = work.postmortems.get(place.postmortem_id, actor=actor)
        item = work.action_items.get(command.item_id, actor=actor)
        if item.deleted_at is not None:
            raise NotFound
        is_own = item.owner_id == actor.user_id or is_author(postmortem, actor.user_id)
        if not is_own and not actor.may(Right.MANAGE_ITEMS):
            raise Forbidden(N_("Only its owner, the authors, a Tech Lead or a manager escalates an item."))
        is_open = work.rail.is_escalated(item.id)
        new = rules.escalate(item, command.reason, by_id=actor.user_id, is_open_already=is_open, now=now)
        escalation_id = work.rail.add_escalation(new)
        work.action_items.note(
            item.id, kind=EventKind.NOTE, old="", new="", note=new.reason, by_id=actor.user_id, at=now
        )
        work.audit(actor_id=actor.user_id, did="escalate", to=f"action_item/{item.id}", at=now)
    return escalation_id


def answer_escalation(command: AnswerEscalation, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, BadEscalation, BadText."""
    require(actor, Right.UNBLOCK)
    now = clock()
    with begin() as work:
        work.postmortems.get(work.rail.postmortem_of(command.escalation_id), actor=actor)
        answered = rules.answer(
            work.rail.escalation(command.escalation_id), command.answer, by_id=actor.user_id, now=now
        )
        work.rail.save_answer(answered)
        work.action_items.note(
            answered.item_id, kind=EventKind.NOTE, old="", new="", note=answered.answer or "", by_id=actor.user_id,
            at=now,
        )  # fmt: skip
        work.audit(actor_id=actor.user_id, did="answer_escalation", to=f"action_item/{answered.item_id}", at=now)
