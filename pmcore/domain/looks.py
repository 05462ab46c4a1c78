"""What a reader saw last, and what is new to them.

A visit ends after half an hour without news. Within it a change that was shown stays marked as new, so that neither a
click nor a reload takes the mark away; what changes meanwhile is added to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pmcore.domain.vocabulary import SectionKey

VISIT = timedelta(minutes=30)
NEVER = 0  #: in place of a revision's number: the section was not seen before this visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One person's last look at one section."""

    key: SectionKey
    number: int  #: of the revision that was shown
    before: int  #: of the one shown at the visit before, or NEVER
    at: datetime  #: when that revision was first shown; UTC


def noted(earlier: Look | None, *, key: SectionKey, number: int, now: datetime) -> Look | None:
    """What to remember after revision `number` was shown; None where that is known."""
    if earlier is None:
        return Look(key=key, number=number, before=NEVER, at=now)
    if earlier.number >= number:
        return None
    before = earlier.before if _goes_on(earlier, now) else earlier.number
    return Look(key=key, number=number, before=before, at=now)


def compare_with(earlier: Look | None, *, number: int, now: datetime) -> int | None:
    """The revision with which to compare revision `number` to see what is new; NEVER: with nothing, all of it is new;
    None: nothing is new."""
    if earlier is None:
        return NEVER
    if _goes_on(earlier, now):
        return earlier.before
    return earlier.number if earlier.number != number else None


def unseen(looks: Mapping[SectionKey, Look], numbers: Mapping[SectionKey, int]) -> frozenset[SectionKey]:
    """The sections whose newest revision the person has not been shown."""
    return frozenset(key for key, number in numbers.items() if key not in looks or looks[key].number < number)


def _goes_on(look: Look, now: datetime) -> bool:
    return timedelta(0) <= now - look.at <= VISIT
