"""Whether it happened before, as a document says it: what is confirmed, and what seems so and is not decided.

A repetition is no text of an edition: like the states of action items it is printed as it stands today. A restricted
incident is named in a restricted document only, because documents leave the app.
"""

from collections.abc import Iterable

from pmcore.documents import facts
from pmcore.domain.vocabulary import RecurrenceState
from pmcore.readmodels.recurrence import RecurrenceView


def nameable(found: Iterable[RecurrenceView], *, restricted: bool) -> tuple[RecurrenceView, ...]:
    return tuple(
        pair for pair in found if pair.state is not RecurrenceState.REFUSED and (restricted or not pair.restricted)
    )


def lines(found: Iterable[RecurrenceView]) -> tuple[str, ...]:
    """ "Repeats P0-012 (The pool is exhausted), 43 days after it, confirmed"."""
    return tuple(
        f"{'Repeats' if pair.is_later else 'Repeated by'} {pair.public_id} ({pair.title}), {_when(pair)}"
        for pair in found
    )


def before(found: Iterable[RecurrenceView]) -> str:
    """ "P0-012 (The pool is exhausted) on 2025-11-01, confirmed"; empty when nothing is known."""
    return "; ".join(
        f"{pair.public_id} ({pair.title}) on {facts.day(pair.started_at.isoformat(), pair.zone)}, {_decided(pair)}"
        for pair in found
        if pair.is_later
    )


def open_then(found: Iterable[RecurrenceView]) -> str:
    """ "P0-012/AI-2 Watch the pool (due 2025-12-01)"; "None" when all were kept; empty without a repetition."""
    earlier = [pair for pair in found if pair.is_later]
    told = [
        f"{pair.public_id}/AI-{promise.number} {promise.title}" + (f" (due {promise.due_on})" if promise.due_on else "")
        for pair in earlier
        for promise in pair.open_promises
    ]
    return "; ".join(told) or ("None" if earlier else "")


def _when(pair: RecurrenceView) -> str:
    days = f"{pair.days_between} day{'' if pair.days_between == 1 else 's'}"
    return f"{days} {'after it' if pair.is_later else 'later'}, {_decided(pair)}"


def _decided(pair: RecurrenceView) -> str:
    return "confirmed" if pair.state is RecurrenceState.CONFIRMED else "not decided yet"
