"""Who joins, how they work through the onboarding checklist, and the manager who approves the process."""

import random
from datetime import timedelta

from pmcore.domain.vocabulary import OnboardingStep
from pmcore.usecases.demo.cast import MANAGER, NEWCOMER, Player
from pmcore.usecases.demo.stage import Play, Stage
from pmcore.usecases.onboarding import TickStep, tick_step
from pmcore.usecases.process import ApproveProcess, approve_process

HALF = 6  #: steps that the newest person has done by now
#: What somebody else sees and ticks; the rest is ticked by oneself.
_SEEN_BY_THE_MANAGER = {OnboardingStep.BLAMELESS, OnboardingStep.PRESENT}


def settle_in(stage: Stage, one: Player) -> Play:
    """Step by step, in the order of the list; the first weeks of a company are full of other things."""
    rng = random.Random(f"{one.username} settles in")
    user_id = stage.actors[one.username].user_id
    for step in list(OnboardingStep)[: HALF if one is NEWCOMER else None]:
        wait = rng.uniform(0.4, 1.9) if one is NEWCOMER else rng.uniform(0.5, 6)
        yield stage.at + timedelta(days=wait)
        by = MANAGER[one.language] if step in _SEEN_BY_THE_MANAGER else one.username
        stage.do(tick_step, TickStep(user_id=user_id, step=step), by=by)


def approve(stage: Stage) -> None:
    """The text as it is installed; it is the one that everybody reads today."""
    seen = stage.process().content_hash
    stage.do(approve_process, ApproveProcess(seen_hash=seen), by="maria")
