"""Commands that take somebody new through the onboarding checklist."""

from dataclasses import dataclass
from datetime import datetime

from pmcore.domain import onboarding as rules
from pmcore.domain.onboarding import NotOnboarded, Onboarding
from pmcore.domain.people import Person
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import OnboardingStep
from pmcore.ports import Clock, OpenUnitOfWork, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginOnboarding:
    """Also takes out again what was put away."""

    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOnboarding:
    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TickStep:
    user_id: int
    step: OnboardingStep


@dataclass(frozen=True, slots=True, kw_only=True)
class UntickStep:
    user_id: int
    step: OnboardingStep


def begin_onboarding(command: BeginOnboarding, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, CannotOnboard, EditConflict."""
    require(actor, Right.ONBOARD)
    now = clock()
    with begin() as work:
        person = work.people.get(command.user_id)
        known = work.process.find_onboarding(person.id)
        _begin(work, person, known, by_id=actor.user_id, now=now)
        work.audit(actor_id=actor.user_id, did="begin_onboarding", to=f"onboarding/{person.id}", at=now)


def welcome(work: UnitOfWork, person: Person, *, now: datetime) -> None:
    """Begin the checklist of somebody who has just joined, when the roles call for one and there is none yet."""
    if rules.is_for(person.roles) and (known := work.process.find_onboarding(person.id)) is None:
        _begin(work, person, known, by_id=None, now=now)
        work.audit(actor_id=person.id, did="begin_onboarding", to=f"onboarding/{person.id}", at=now)


def _begin(work: UnitOfWork, person: Person, known: Onboarding | None, *, by_id: int | None, now: datetime) -> None:
    begun = rules.begin(known, user_id=person.id, name=person.name, active=person.active, by_id=by_id, now=now)
    save = work.process.add_onboarding if known is None else work.process.save_onboarding
    save(begun)


def end_onboarding(command: EndOnboarding, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotOnboarded, EditConflict."""
    require(actor, Right.ONBOARD)
    now = clock()
    with begin() as work:
        work.process.save_onboarding(rules.end(_known(work, command.user_id), now=now))
        work.audit(actor_id=actor.user_id, did="end_onboarding", to=f"onboarding/{command.user_id}", at=now)


def tick_step(command: TickStep, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Ticking twice changes nothing. Raises Forbidden, NotOnboarded, EditConflict."""
    rules.require_may_tick(actor, user_id=command.user_id)
    now = clock()
    with begin() as work:
        known = _known(work, command.user_id)
        ticked = rules.tick(known, command.step, by_id=actor.user_id, now=now)
        if ticked != known:
            work.process.save_onboarding(ticked)
            work.audit(actor_id=actor.user_id, did="tick_step", to=_step(command), at=now)


def untick_step(command: UntickStep, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotOnboarded, EditConflict."""
    rules.require_may_tick(actor, user_id=command.user_id)
    now = clock()
    with begin() as work:
        known = _known(work, command.user_id)
        unticked = rules.untick(known, command.step)
        if unticked != known:
            work.process.save_onboarding(unticked)
            work.audit(actor_id=actor.user_id, did="untick_step", to=_step(command), at=now)


def _known(work: UnitOfWork, user_id: int) -> Onboarding:
    known = work.process.find_onboarding(user_id)
    if known is None:
        raise NotOnboarded
    return known


def _step(command: TickStep | UntickStep) -> str:
    return f"onboarding/{command.user_id}/{command.step}"
