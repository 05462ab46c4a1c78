"""Day 10 and day 30: how far the promises are, whether they helped, and who is told when one is stuck."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pmcore.domain.action_item import FINISHED, ActionItem
from pmcore.domain.content import one_line
from pmcore.domain.errors import N_, PmError
from pmcore.domain.lifecycle import NotNow
from pmcore.domain.rail_vocabulary import Verdict
from pmcore.domain.vocabulary import ActionState, PostmortemStatus


class BadVerdict(PmError):
    """The verdict says too little, or comes from the wrong person."""


class BadEscalation(PmError):
    """There is nothing to escalate, or nothing is said about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenVerdict:
    postmortem_id: int
    verdict: Verdict
    reason: str
    by_id: int
    author_id: int  #: the author then; somebody else gives the verdict
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A blocked item before the Engineering Manager; open until it is answered."""

    id: int  #: 0 before it is stored
    item_id: int
    reason: str
    by_id: int
    at: datetime
    answer: str | None = None
    answered_by_id: int | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Of the promises, on day 10 and later."""

    done: int  #: done, verified, or given up with approval
    blocked: int
    total: int  #: proposals left out


def progress(states: Iterable[ActionState]) -> Progress:
    count = Counter(states)
    return Progress(
        done=sum(count[state] for state in FINISHED),
        blocked=count[ActionState.BLOCKED],
        total=sum(number for state, number in count.items() if state is not ActionState.PROPOSED),
    )


def judge(
    verdict: Verdict, reason: str, *, postmortem_id: int, status: PostmortemStatus, by_id: int, author_id: int,
    co_author_ids: Iterable[int], now: datetime,
) -> GivenVerdict:  # fmt: skip
    """What somebody who did not write it says on day 30. Raises BadVerdict, NotNow, BadText."""
    if status is not PostmortemStatus.PUBLISHED:
        raise NotNow(N_("A verdict is given on what is published and not closed yet."))
    if by_id == author_id or by_id in set(co_author_ids):
        raise BadVerdict(N_("Somebody who did not write it gives the verdict. Tell them what you know."))
    kept = one_line(reason, field="reason")
    if not kept:
        sentence = N_("Say what the verdict rests on: what has happened since, or what was tried.")
        raise BadVerdict(sentence, field="reason")
    return GivenVerdict(
        postmortem_id=postmortem_id, verdict=verdict, reason=kept, by_id=by_id, author_id=author_id, at=now
    )


def escalate(item: ActionItem, reason: str, *, by_id: int, is_open_already: bool, now: datetime) -> Escalation:
    """Raises BadEscalation, BadText."""
    if item.state is not ActionState.BLOCKED:
        raise BadEscalation(N_("AI-{number} is not blocked. Report first what blocks it."), number=item.number)
    if is_open_already:
        raise BadEscalation(N_("AI-{number} is before the Engineering Manager already."), number=item.number)
    kept = one_line(reason, field="reason")
    if not kept:
        raise BadEscalation(N_("Say what you need for AI-{number}, and from whom."), field="reason", number=item.number)
    return Escalation(id=0, item_id=item.id, reason=kept, by_id=by_id, at=now)


def answer(escalation: Escalation, text: str, *, by_id: int, now: datetime) -> Escalation:
    """Raises BadEscalation, BadText."""
    if escalation.answered_at is not None:
        raise BadEscalation(N_("Somebody has answered this already."))
    kept = one_line(text, field="answer")
    if not kept:
        raise BadEscalation(N_("Say what will happen about it."), field="answer")
    return replace(escalation, answer=kept, answered_by_id=by_id, answered_at=now)


def require_verdict(given: GivenVerdict | None) -> None:
    """Nothing is put away before day 30 is answered. Raises BadVerdict."""
    if given is None:
        raise BadVerdict(
            N_("First somebody who did not write it says whether the action items helped: the verdict of day 30.")
        )
