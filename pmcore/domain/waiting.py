"""Where the time until publication went: into writing, and into waiting for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pmcore.domain.vocabulary import SignRole


class Happening(StrEnum):
    """What moves a text from its author to its reviewers and back."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    what: Happening
    at: datetime
    role: SignRole | None = None  #: of the reviewer; None: the author's step


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingTime:
    """Seconds; `writing + review + signed` is the whole, the roles overlap within `review`."""

    writing: float
    review: float  #: at least one signature was missing
    signed: float  #: every signature was there, and nobody had published
    waited_for: tuple[tuple[SignRole, float], ...]  #: the longest first

    @property
    def whole(self) -> float:
        return self.writing + self.review + self.signed


def split(
    steps: Iterable[Step], *, required: Iterable[SignRole], start: datetime, end: datetime
) -> PublishingTime | None:
    """From the start of the clock to the first publication, or to now. None: it was never submitted.

    A return gives the text back to its author and takes that role's signature along. A signature counts from when it
    was given, also where a later edit made it be given again.
    """
    waited = dict.fromkeys(required, 0.0)
    unsigned, spent = set(waited), {"writing": 0.0, "review": 0.0, "signed": 0.0}
    told = sorted((step for step in steps if step.at <= end), key=lambda step: step.at)
    if not any(step.what is Happening.SUBMITTED for step in told):
        return None
    moments, in_review = [max(start, step.at) for step in told], False
    for step, since, until in zip((None, *told), (start, *moments), (*moments, end), strict=True):
        if step is not None:
            in_review = step.what is Happening.SUBMITTED or (in_review and step.what is not Happening.RETURNED)
            if step.what is Happening.SIGNED:
                unsigned -= {step.role}
            elif step.role in waited:
                unsigned.add(step.role)
        seconds = max(0.0, (until - since).total_seconds())
        spent["writing" if not in_review else "review" if unsigned else "signed"] += seconds
        for role in unsigned if in_review else ():
            waited[role] += seconds
    longest = sorted(((role, seconds) for role, seconds in waited.items() if seconds), key=lambda each: -each[1])
    return PublishingTime(**spent, waited_for=tuple(longest))
