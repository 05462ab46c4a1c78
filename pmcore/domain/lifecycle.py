"""What may happen to a post-mortem when, and what it is afterwards: the one table of transitions.

A post-mortem has a status, and once it is published perhaps an amendment, the draft of its next edition. Readers see
the status; authors and reviewers of an amendment see both.
"""

from enum import StrEnum
from typing import TypeAlias

from pmcore.domain.errors import N_, PmError
from pmcore.domain.vocabulary import Amendment, PostmortemStatus

Stage: TypeAlias = tuple[PostmortemStatus, Amendment | None]


class Event(StrEnum):
    EDIT = "edit"
    SHARE = "share"
    SUBMIT = "submit"
    SIGN = "sign"
    WITHDRAW = "withdraw"
    RETURN = "return"
    PUBLISH = "publish"
    AMEND = "amend"
    DISCARD = "discard"
    CLOSE = "close"
    REOPEN = "reopen"


class NotNow(PmError):
    """The event does not fit the stage; the sentence says what would have to happen first."""


DRAFT: Stage = (PostmortemStatus.DRAFT, None)
IN_REVIEW: Stage = (PostmortemStatus.IN_REVIEW, None)
PUBLISHED: Stage = (PostmortemStatus.PUBLISHED, None)
AMENDING: Stage = (PostmortemStatus.PUBLISHED, Amendment.DRAFT)
AMENDMENT_IN_REVIEW: Stage = (PostmortemStatus.PUBLISHED, Amendment.IN_REVIEW)
CLOSED: Stage = (PostmortemStatus.CLOSED, None)

TRANSITIONS: dict[Stage, dict[Event, Stage]] = {
    DRAFT: {Event.EDIT: DRAFT, Event.SHARE: DRAFT, Event.SUBMIT: IN_REVIEW},
    IN_REVIEW: {
        Event.EDIT: IN_REVIEW,  # voids signatures, visibly; nobody has to send it back for a typing slip
        Event.SUBMIT: IN_REVIEW,  # to other reviewers
        Event.SIGN: IN_REVIEW,
        Event.WITHDRAW: IN_REVIEW,
        Event.RETURN: DRAFT,
        Event.PUBLISH: PUBLISHED,
    },
    PUBLISHED: {Event.AMEND: AMENDING, Event.CLOSE: CLOSED},
    AMENDING: {Event.EDIT: AMENDING, Event.SUBMIT: AMENDMENT_IN_REVIEW, Event.DISCARD: PUBLISHED},
    AMENDMENT_IN_REVIEW: {
        Event.EDIT: AMENDMENT_IN_REVIEW,
        Event.SUBMIT: AMENDMENT_IN_REVIEW,
        Event.SIGN: AMENDMENT_IN_REVIEW,
        Event.WITHDRAW: AMENDMENT_IN_REVIEW,
        Event.RETURN: AMENDING,
        Event.PUBLISH: PUBLISHED,
        Event.DISCARD: PUBLISHED,
    },
    CLOSED: {Event.REOPEN: PUBLISHED},
}

_WHY_NOT: dict[Event, str] = {
    Event.EDIT: N_("This text is published. Start an amendment to change it; readers keep this edition meanwhile."),
    Event.SHARE: N_("It has been shared already."),
    Event.SUBMIT: N_("There is nothing to submit: it is published. Start an amendment first."),
    Event.SIGN: N_("It is not in review. Its author has to submit it before it can be signed."),
    Event.WITHDRAW: N_("Only a signature under a text in review can be withdrawn."),
    Event.RETURN: N_("It is not in review, so there is nothing to return."),
    Event.PUBLISH: N_("Submit it for review and have it signed before you publish it."),
    Event.AMEND: N_("Only a published post-mortem is amended, and one amendment at a time."),
    Event.DISCARD: N_("Nobody is amending it, so there is nothing to discard."),
    Event.CLOSE: N_("Publish it first; an amendment is published or discarded before it is closed."),
    Event.REOPEN: N_("It is not closed."),
}
_CLOSED = N_("This post-mortem is closed. A manager can open it again.")


def allowed(status: PostmortemStatus, amendment: Amendment | None) -> frozenset[Event]:
    """What may happen now, whoever asks."""
    return frozenset(TRANSITIONS[status, amendment])


def step(*, status: PostmortemStatus, amendment: Amendment | None, event: Event) -> Stage:
    """The stage after the event. Raises NotNow with what would have to happen first."""
    after = TRANSITIONS[status, amendment]
    if event not in after:
        raise NotNow(_CLOSED if status is PostmortemStatus.CLOSED else _WHY_NOT[event])
    return after[event]


def is_working_copy_open(status: PostmortemStatus, amendment: Amendment | None) -> bool:
    """Whether the sections differ, or may differ, from the newest edition."""
    return Event.EDIT in TRANSITIONS[status, amendment]


def is_in_review(status: PostmortemStatus, amendment: Amendment | None) -> bool:
    return Event.SIGN in TRANSITIONS[status, amendment]
