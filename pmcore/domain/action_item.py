"""Action items: what was promised, by whom, until when, and how far it has come.

What signatures cover is set while the text is written: see `item_terms`. Afterwards only progress changes: state,
evidence, the present owner and an extended due date.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from pmcore.domain.content import MAX_LINE, clean
from pmcore.domain.errors import N_, PmError
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState

QUIET = timedelta(days=7)  #: without a word from its owner
LONG = timedelta(days=30)  #: since it was committed
OPEN = frozenset({ActionState.COMMITTED, ActionState.IN_PROGRESS, ActionState.BLOCKED})
FINISHED = frozenset({ActionState.DONE, ActionState.VERIFIED, ActionState.WONT_DO})

#: What may follow what. A report may repeat its state: "still on track" is news.
TRANSITIONS: dict[ActionState, frozenset[ActionState]] = {
    ActionState.PROPOSED: frozenset({ActionState.COMMITTED}),
    ActionState.COMMITTED: frozenset(
        {ActionState.PROPOSED, ActionState.IN_PROGRESS, ActionState.BLOCKED, ActionState.DONE, ActionState.WONT_DO}
    ),
    ActionState.IN_PROGRESS: frozenset(
        {ActionState.IN_PROGRESS, ActionState.BLOCKED, ActionState.DONE, ActionState.WONT_DO}
    ),
    ActionState.BLOCKED: frozenset(
        {ActionState.IN_PROGRESS, ActionState.BLOCKED, ActionState.DONE, ActionState.WONT_DO}
    ),
    ActionState.DONE: frozenset({ActionState.VERIFIED, ActionState.IN_PROGRESS}),
    ActionState.VERIFIED: frozenset({ActionState.IN_PROGRESS}),
    ActionState.WONT_DO: frozenset({ActionState.IN_PROGRESS}),
}


class BadItem(PmError):
    """Something about the item is missing or cannot be; the sentence says what."""


class NotNow(PmError):
    """The item's state does not allow this; the sentence says what would."""


class Mark(StrEnum):
    """What a reader should notice. Only overdue is red."""

    OVERDUE = "overdue"
    QUIET = "quiet"
    LONG_OPEN = "long_open"


class Progress(StrEnum):
    """What an owner reports."""

    ON_TRACK = "on_track"
    BLOCKED = "blocked"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    id: int  #: 0 before it is stored
    postmortem_id: int
    number: int  #: 3 of "AI-3"
    title: str
    kind: ActionKind
    priority: ActionPriority
    owner_id: int | None
    agreed_owner_id: int | None  #: the owner that signatures cover
    due_on: date | None  #: the end of that day in the incident's zone
    original_due_on: date | None  #: what signatures and metrics count
    criterion: str
    created_at: datetime
    updated_at: datetime  #: last word from a person about its progress
    ticket_url: str = ""
    state: ActionState = ActionState.PROPOSED
    blocked_because: str = ""
    evidence: str = ""
    wont_do_because: str = ""
    approved_by_id: int | None = None
    verified_by_id: int | None = None
    committed_at: datetime | None = None
    done_at: datetime | None = None
    deleted_at: datetime | None = None
    version: int = 1


def missing(item: ActionItem) -> tuple[PmError, ...]:
    """What a proposal needs before somebody can be held to it."""
    problems = []
    if item.owner_id is None:
        problems.append(BadItem(N_("AI-{number} needs an owner: one person."), field="owner", number=item.number))
    if item.due_on is None:
        problems.append(BadItem(N_("AI-{number} needs a due date."), field="due", number=item.number))
    if not item.criterion.strip():
        sentence = N_("AI-{number} needs a success criterion: how will somebody else see that it is done?")
        problems.append(BadItem(sentence, field="criterion", number=item.number))
    return tuple(problems)


def require_day_ahead(due_on: date | None, *, today: date) -> None:
    """Raises BadItem for a day that has passed, or that is further away than anybody plans."""
    if due_on is not None and due_on < today:
        raise BadItem(N_("This due date has passed already. Choose a day from today on."), field="due")
    if due_on is not None and due_on > today + timedelta(days=3653):
        raise BadItem(N_("This due date is more than ten years away. Check the year."), field="due")


def _to(item: ActionItem, state: ActionState) -> None:
    if state not in TRANSITIONS[item.state]:
        raise NotNow(_NOT_NOW[item.state], number=item.number)


_NOT_NOW = {
    ActionState.PROPOSED: N_("AI-{number} is a proposal. Commit it first: a person, a due date, a success criterion."),
    ActionState.COMMITTED: N_("AI-{number} is not done yet. Its owner reports it done with evidence first."),
    ActionState.IN_PROGRESS: N_("AI-{number} is not done yet. Its owner reports it done with evidence first."),
    ActionState.BLOCKED: N_("AI-{number} is not done yet. Its owner reports it done with evidence first."),
    ActionState.DONE: N_("AI-{number} is done. Reopen it if something is left to do."),
    ActionState.VERIFIED: N_("AI-{number} is verified. Reopen it if something is left to do."),
    ActionState.WONT_DO: N_("AI-{number} was given up. Reopen it if it is to be done after all."),
}


def commit(item: ActionItem, *, now: datetime) -> ActionItem:
    """From a proposal to a promise. Raises the first of `missing`, NotNow."""
    _to(item, ActionState.COMMITTED)
    if problems := missing(item):
        raise problems[0]
    return replace(item, state=ActionState.COMMITTED, committed_at=now, updated_at=now)


def uncommit(item: ActionItem) -> ActionItem:
    """Back to a proposal, while nobody has begun. Raises NotNow."""
    _to(item, ActionState.PROPOSED)
    return replace(item, state=ActionState.PROPOSED, committed_at=None)


def report(item: ActionItem, progress: Progress, *, note: str, now: datetime) -> ActionItem:
    """What the owner says of it this week. Raises BadItem without the reason or evidence, NotNow, BadText."""
    note = clean(note, longest=MAX_LINE, field="note").strip()
    state = _REPORTED[progress]
    if item.state in FINISHED:
        raise NotNow(_NOT_NOW[item.state], number=item.number)
    _to(item, state)
    if state is ActionState.BLOCKED and not note:
        raise BadItem(N_("Say what blocks AI-{number}, so that somebody can help."), field="note", number=item.number)
    if state is ActionState.DONE and not note:
        raise BadItem(
            N_("Give the evidence for AI-{number}: a link or a sentence that lets somebody else check it."),
            field="note", number=item.number,
        )  # fmt: skip
    return replace(
        item, state=state, updated_at=now,
        blocked_because=note if state is ActionState.BLOCKED else "",
        evidence=note if state is ActionState.DONE else "",
        done_at=now if state is ActionState.DONE else None,
    )  # fmt: skip


_REPORTED = {
    Progress.ON_TRACK: ActionState.IN_PROGRESS,
    Progress.BLOCKED: ActionState.BLOCKED,
    Progress.DONE: ActionState.DONE,
}


def verify(item: ActionItem, *, by: int, now: datetime) -> ActionItem:
    """Somebody other than the owner has seen that the criterion holds. Raises BadItem, NotNow."""
    _to(item, ActionState.VERIFIED)
    if by == item.owner_id:
        raise BadItem(N_("Somebody other than its owner has to verify AI-{number}."), number=item.number)
    return replace(item, state=ActionState.VERIFIED, verified_by_id=by, updated_at=now)


def give_up(item: ActionItem, *, by: int, reason: str, now: datetime) -> ActionItem:
    """It will not be done; `by` approves that. Raises BadItem, NotNow, BadText."""
    _to(item, ActionState.WONT_DO)
    reason = clean(reason, longest=MAX_LINE, field="reason").strip()
    if not reason:
        raise BadItem(N_("Say why AI-{number} will not be done."), field="reason", number=item.number)
    if by == item.owner_id:
        raise BadItem(N_("Somebody other than its owner has to approve giving up AI-{number}."), number=item.number)
    return replace(
        item, state=ActionState.WONT_DO, wont_do_because=reason, approved_by_id=by, blocked_because="", updated_at=now
    )


def reopen(item: ActionItem, *, reason: str, now: datetime) -> ActionItem:
    """Something is left to do after all; the reason is kept as an event. Raises BadItem, NotNow."""
    if item.state not in FINISHED:
        raise NotNow(N_("AI-{number} is open already."), number=item.number)
    if not reason.strip():
        raise BadItem(N_("Say what is left to do in AI-{number}."), field="reason", number=item.number)
    return replace(
        item, state=ActionState.IN_PROGRESS, evidence="", wont_do_because="", approved_by_id=None,
        verified_by_id=None, done_at=None, updated_at=now,
    )  # fmt: skip


def extend(item: ActionItem, *, due_on: date, reason: str, today: date) -> ActionItem:
    """A later due date; the original stays. Raises BadItem, NotNow."""
    if item.state not in OPEN or item.due_on is None:
        raise NotNow(N_("AI-{number} is not open, so there is nothing to extend."), number=item.number)
    require_day_ahead(due_on, today=today)
    if due_on <= item.due_on:
        raise BadItem(
            N_("AI-{number} is not due before that day anyway. Choose a later one."), field="due", number=item.number
        )
    if not reason.strip():
        raise BadItem(N_("Say why AI-{number} needs more time."), field="reason", number=item.number)
    return replace(item, due_on=due_on)


def reassign(item: ActionItem, *, owner_id: int) -> ActionItem:
    """Another person sees to it; whom the signatures name stays. Raises NotNow."""
    if item.state in FINISHED:
        raise NotNow(_NOT_NOW[item.state], number=item.number)
    return replace(item, owner_id=owner_id)


def is_open(item: ActionItem) -> bool:
    return item.state in OPEN


def is_untouched(item: ActionItem) -> bool:
    """Whether nobody has begun it."""
    return item.state in (ActionState.PROPOSED, ActionState.COMMITTED)


def is_overdue(item: ActionItem, *, today: date) -> bool:
    """From the day after the due day on; `today` in the incident's zone."""
    return is_open(item) and item.due_on is not None and item.due_on < today


def marks(
    *, state: ActionState, due_on: date | None, updated_at: datetime, committed_at: datetime | None,
    now: datetime, today: date,
) -> tuple[Mark, ...]:  # fmt: skip
    """What to notice about an item; nothing about one that is not open."""
    if state not in OPEN:
        return ()
    found = (
        (Mark.OVERDUE, due_on is not None and due_on < today),
        (Mark.QUIET, now - updated_at > QUIET),
        (Mark.LONG_OPEN, committed_at is not None and now - committed_at > LONG),
    )
    return tuple(mark for mark, applies in found if applies)
