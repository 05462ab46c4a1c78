"""Onboarding: a checklist for each person who joins, ticked by themselves or by those who look after them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pmcore.domain.errors import N_, PmError
from pmcore.domain.permissions import RIGHTS, Actor, Right, require
from pmcore.domain.vocabulary import OnboardingStep, Role

STEPS = len(OnboardingStep)


class NotOnboarded(PmError):
    """Nobody has begun a checklist for this person, or it was put away."""

    def __init__(self) -> None:
        super().__init__(N_("There is no open checklist for this person. A manager or an administrator begins one."))


class CannotOnboard(PmError):
    """The sentence says why not, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    step: OnboardingStep
    at: datetime  #: UTC
    by_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Onboarding:
    """One per person."""

    user_id: int
    started_at: datetime
    started_by_id: int | None  #: None: began by joining
    ticks: tuple[Tick, ...] = ()  #: in the enum's order
    finished_at: datetime | None = None  #: when the last step was ticked; kept when steps are added to the list later
    ended_at: datetime | None = None  #: put away without being finished
    version: int = 1

    @property
    def is_open(self) -> bool:
        return self.finished_at is None and self.ended_at is None


def is_for(roles: Iterable[Role]) -> bool:
    """Whether somebody who joins with these roles gets a checklist by itself: those who will write."""
    return any(Right.WRITE in RIGHTS[role] for role in roles)


def begin(
    known: Onboarding | None, *, user_id: int, name: str, active: bool, by_id: int | None, now: datetime
) -> Onboarding:
    """A first checklist, or one that was put away taken out again with its ticks. Raises CannotOnboard."""
    if not active:
        raise CannotOnboard(N_("{name} is deactivated. Choose somebody else."), field="person", name=name)
    if known is None:
        return Onboarding(user_id=user_id, started_at=now, started_by_id=by_id)
    if known.ended_at is None:
        raise CannotOnboard(N_("{name} has a checklist already; it is in the list."), field="person", name=name)
    return replace(known, ended_at=None)


def require_may_tick(actor: Actor, *, user_id: int) -> None:
    """Everybody their own; others' only who looks after newcomers. Raises Forbidden."""
    require(actor, Right.READ if actor.user_id == user_id else Right.ONBOARD)


def tick(onboarding: Onboarding, step: OnboardingStep, *, by_id: int, now: datetime) -> Onboarding:
    """A step that is ticked keeps who ticked it first. Raises NotOnboarded."""
    if onboarding.ended_at is not None:
        raise NotOnboarded
    if any(one.step is step for one in onboarding.ticks):
        return onboarding
    ticks = _sorted((*onboarding.ticks, Tick(step=step, at=now, by_id=by_id)))
    return replace(onboarding, ticks=ticks, finished_at=now if len(ticks) == STEPS else onboarding.finished_at)


def untick(onboarding: Onboarding, step: OnboardingStep) -> Onboarding:
    """Raises NotOnboarded."""
    if onboarding.ended_at is not None:
        raise NotOnboarded
    if all(one.step is not step for one in onboarding.ticks):
        return onboarding
    return replace(onboarding, ticks=tuple(one for one in onboarding.ticks if one.step is not step), finished_at=None)


def end(onboarding: Onboarding, *, now: datetime) -> Onboarding:
    """Put away: nobody is reminded any more. Raises NotOnboarded when it is finished or put away already."""
    if not onboarding.is_open:
        raise NotOnboarded
    return replace(onboarding, ended_at=now)


def _sorted(ticks: Iterable[Tick]) -> tuple[Tick, ...]:
    order = list(OnboardingStep)
    return tuple(sorted(ticks, key=lambda one: order.index(one.step)))
