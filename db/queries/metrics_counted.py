"""What is counted, and what of it is counted anew: for everybody, and for one reader where that one sees more."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from db import commits
from db.commits import Mark
from db.queries.metrics_lines import BEHIND, lines_after
from db.queries.metrics_period import Shape
from db.queries.metrics_sums import counts, sums
from db.queries.metrics_tally import Part, Tally, moved, parts_of
from db.queries.metrics_touched import incidents_of, parts_touched, some_of
from db.queries.untouched import is_untouched, mark
from db.statements import Names

MOST_OWN = 256  #: parts that are asked about by their ids; of more, all are asked and these taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """What was read for figures that do not move with action items, and when they were last known to be right."""

    names: Names
    mark: Mark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted, and by which lines of the audit."""

    tally: Tally
    as_of: datetime
    newest: int
    lines: frozenset[int]  #: those not more than `BEHIND` below the newest
    others: "Others"
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
    now = mark(session)
    lines = lines_after(session, (before.newest if before else newest) - BEHIND)
    recent = frozenset(row.id for row in lines if row.id > newest - BEHIND)
    touched = None
    if before is not None:
        touched = parts_touched(session, [(row.did, row.target) for row in lines if row.id not in before.lines])
    if before is None or touched is None:
        moving = session.execute(sums(shape, moving=True), values).all()
        with commits.reading() as read:
            rows = session.execute(sums(shape, moving=False), values), session.execute(counts(shape), values)
        tally = Tally().with_parts(parts_of([*moving, *rows[0]], rows[1]))
        others = Others(names=frozenset(read.names), mark=now)
        return Counted(tally=tally, as_of=as_of, newest=newest, lines=recent, others=others, run=object(), turns={})
    turn = before.turn + 1
    if is_untouched(session, before.others.names, since=before.others.mark, now=now):
        parts = before.tally.moved(touched, _moving(session, touched, shape, values))
    else:
        parts = _some(session, touched, shape, values)
    return Counted(
        tally=before.tally.with_parts(parts),
        as_of=as_of,
        newest=newest,
        lines=recent,
        others=replace(before.others, mark=now),
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
    if before is None or before.counted.run is not counted.run or before.parts.keys() != numbers:
        parts: Mapping[int, Part | None] = _some(session, numbers, shape, values)
    else:
        parts = _renewed(session, before, counted, shape, values)
        if parts is before.parts and before.counted.tally is counted.tally:
            return replace(before, counted=counted)
    return Own(tally=counted.tally.with_parts(parts), counted=counted, parts=parts)


def _renewed(
    session: Session, own: Own, counted: Counted, shape: Shape, values: Mapping[str, Any]
) -> Mapping[int, Part | None]:
    """Its parts, those counted anew that everybody's were since."""
    since = own.counted
    stale = [number for number in own.parts if counted.turns.get(number, 0) > since.turn]
    if not stale:
        return own.parts
    if is_untouched(session, counted.others.names, since=since.others.mark, now=counted.others.mark):
        found = _moving(session, stale, shape, values)
        return {**own.parts, **{number: moved(own.parts[number], found.get(number)) for number in stale}}
    return {**own.parts, **_some(session, stale, shape, values)}


def _moving(session: Session, numbers: Collection[int], shape: Shape, values: Mapping[str, Any]) -> dict[int, Part]:
    if not numbers:
        return {}
    only = {**values, "incidents": incidents_of(numbers)}
    return parts_of(session.execute(sums(some_of(shape), moving=True), only), ())


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
