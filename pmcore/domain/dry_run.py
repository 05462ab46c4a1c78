"""Feedback on a dry run, and the time that a post-mortem took."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pmcore.domain import content
from pmcore.domain.errors import N_, PmError
from pmcore.domain.rail_vocabulary import Opinion, TimeKind

FEWEST_ASKED = 3
MAX_MISSING = 4_000  #: characters
MOST_MINUTES_NOTED = 24 * 60  #: at once
ALLOWED_HOURS = (2, 4)  #: what the process allows for writing


class BadFeedback(PmError):
    """Too few are asked, nobody asked this person, or a question is left open."""


class BadTime(PmError):
    """The minutes cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One person who is asked about a dry run, and what they said."""

    postmortem_id: int
    user_id: int
    asked_by_id: int
    asked_at: datetime
    easy: Opinion | None = None  #: to fill in
    clear: Opinion | None = None
    missing: str = ""
    answered_at: datetime | None = None


def ask(
    known: Iterable[Feedback], user_ids: Iterable[int], *, postmortem_id: int, is_dry_run: bool,
    author_ids: Iterable[int], by_id: int, now: datetime,
) -> tuple[Feedback, ...]:  # fmt: skip
    """Those who are asked anew; with those asked before they are three at least. Raises BadFeedback."""
    if not is_dry_run:
        raise BadFeedback(N_("Feedback is asked for on dry runs only."))
    before = {each.user_id for each in known}
    wanted = set(user_ids)
    if wanted & {by_id, *author_ids}:
        raise BadFeedback(N_("Ask others: neither yourself nor who wrote it."), field="people")
    if len(before | wanted) < FEWEST_ASKED:
        raise BadFeedback(N_("Ask at least {count} people."), field="people", count=FEWEST_ASKED)
    return tuple(
        Feedback(postmortem_id=postmortem_id, user_id=user_id, asked_by_id=by_id, asked_at=now)
        for user_id in sorted(wanted - before)
    )


def give(
    asked: Feedback | None, *, easy: Opinion | None, clear: Opinion | None, missing: str, now: datetime
) -> Feedback:
    """The answer; given again it replaces the earlier one. Raises BadFeedback, BadText."""
    if asked is None:
        raise BadFeedback(N_("Nobody asked you about this one. Comment on a section instead."))
    if easy is None or clear is None:
        raise BadFeedback(N_("Answer both questions first; one click each."), field="easy" if easy is None else "clear")
    said = content.clean(missing, longest=MAX_MISSING, field="missing").strip()
    return replace(asked, easy=easy, clear=clear, missing=said, answered_at=now)


def minutes_noted(minutes: int, kind: TimeKind) -> int:
    """Raises BadTime."""
    if not 1 <= minutes <= MOST_MINUTES_NOTED:
        raise BadTime(N_("Note between 1 minute and 24 hours at once."), field=f"minutes-{kind}")
    return minutes
