"""What is counted, and what of it is counted anew: for everybody, and for one reader where that one sees more."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from db.queries.metrics_lines import BEHIND, lines_after
from db.queries.metrics_period import Shape
from db.queries.metrics_sums import counts, sums
from db.queries.metrics_tally import Part, Tally, parts_of
from db.queries.metrics_touched import incidents_of, parts_touched, some_of

MOST_OWN = 256  #: parts that are asked about by their ids; of more, all are asked and these taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted, and by which lines of the audit."""

    tally: Tally
    as_of: datetime
    newest: int
    lines: frozenset[int]  #: those not more than `BEHIND` below the newest
    run: object  #: another one whenever everything was counted
    turn: int = 0  #: how often something was counted anew since
    turns: Mapping[int, int]  #: in which turn a part was, if it was


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """The same for a reader: everybody's, with the reader's own in some parts."""

    tally: Tally
    counted: Counted
    parts: Mapping[int, Part | None]


def counted_now(
    session: Session, before: Counted | None, shape: Shape, values: Mapping[str, Any], *, newest: int, as_of: datetime
) -> Counted:
    """Only what changed, where that can be said of each line that came since."""
    if before is not None and not 0 <= newest - before.newest <= BEHIND:
        before = None
    lines = lines_after(session, (before.newest if before else newest) - BEHIND)
    recent = frozenset(row.id for row in lines if row.id > newest - BEHIND)
    touched = None
    if before is not None:
        touched = parts_touched(session, [(row.did, row.target) for row in lines if row.id not in before.lines])
    if before is None or touched is None:
        tally = Tally().with_parts(_asked(session, shape, values))
        return Counted(tally=tally, as_of=as_of, newest=newest, lines=recent, run=object(), turns={})
    turn = before.turn + 1
    return Counted(
        tally=before.tally.with_parts(_some(session, touched, shape, values)),
        as_of=as_of,
        newest=newest,
        lines=recent,
        run=before.run,
        turn=turn,
        turns={**before.turns, **dict.fromkeys(touched, turn)},
    )


def own_now(
    session: Session, before: Own | None, counted: Counted, named: frozenset[int], shape: Shape,
    values: Mapping[str, Any],
) -> Own:  # fmt: skip
    """For a reader who sees more than everybody in the parts that are named, and where something is unread."""
    numbers = counted.tally.unread | named
    if before is not None and _still_holds(before, counted, numbers):
        parts = before.parts
        tally = before.tally if before.counted.tally is counted.tally else counted.tally.with_parts(parts)
    else:
        parts = _some(session, numbers, shape, values)
        tally = counted.tally.with_parts(parts)
    return Own(tally=tally, counted=counted, parts=parts)


def _still_holds(own: Own, counted: Counted, numbers: Collection[int]) -> bool:
    """Whether none of its parts was counted anew since, and they are the same."""
    return (
        own.counted.run is counted.run
        and own.parts.keys() == numbers
        and all(counted.turns.get(number, 0) <= own.counted.turn for number in numbers)
    )


def _some(
    session: Session, numbers: Collection[int], shape: Shape, values: Mapping[str, Any]
) -> dict[int, Part | None]:
    if not numbers:
        return {}
    if len(numbers) > MOST_OWN:
        found = _asked(session, shape, values)
    else:
        found = _asked(session, some_of(shape), {**values, "incidents": incidents_of(numbers)})
    return {number: found.get(number) for number in numbers}


def _asked(session: Session, shape: Shape, values: Mapping[str, Any]) -> dict[int, Part]:
    return parts_of(session.execute(sums(shape), values), session.execute(counts(shape), values))
