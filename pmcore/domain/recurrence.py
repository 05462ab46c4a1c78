"""Whether an incident repeats an earlier one: proposed by likeness or by name, decided by somebody who wrote neither.

Only a confirmed pair counts. It never writes a verdict of day 30; where the two disagree, both are said.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pmcore.domain.content import one_line
from pmcore.domain.errors import N_, PmError
from pmcore.domain.likeness import Likeness, Reason, Shared
from pmcore.domain.rail_vocabulary import Verdict
from pmcore.domain.vocabulary import RecurrenceState

WINDOW = timedelta(days=30)  #: of the retrospective: what comes back within it speaks about the action items


class BadRecurrence(PmError):
    """The two are no such pair, or the decision says too little or comes from the wrong person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    incident_id: int  #: the later one
    earlier_id: int
    incident_started_at: datetime
    earlier_started_at: datetime
    proposed_at: datetime
    reasons: tuple[Reason, ...]
    named_by_id: int | None = None  #: who said so in the facts; None: the app found it
    state: RecurrenceState = RecurrenceState.PROPOSED
    author_id: int | None = None  #: who owed or wrote the later document, at the decision
    decided_by_id: int | None = None
    decided_at: datetime | None = None
    decision_note: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Writers:
    """Who wrote, or owes, the two documents."""

    author_id: int | None  #: of the later one; None: nobody yet
    ids: frozenset[int]  #: authors and co-authors of both


def propose(
    *, incident_id: int, started_at: datetime, earlier_id: int, earlier_started_at: datetime,
    reasons: Iterable[Reason], named_by_id: int | None, now: datetime,
) -> Recurrence:  # fmt: skip
    """Raises BadRecurrence."""
    require_earlier(incident_id, started_at, earlier_id=earlier_id, earlier_started_at=earlier_started_at)
    return Recurrence(
        incident_id=incident_id, incident_started_at=started_at, earlier_id=earlier_id,
        earlier_started_at=earlier_started_at, proposed_at=now, reasons=tuple(reasons), named_by_id=named_by_id,
    )  # fmt: skip


def require_earlier(incident_id: int, started_at: datetime, *, earlier_id: int, earlier_started_at: datetime) -> None:
    """Raises BadRecurrence."""
    if incident_id == earlier_id:
        raise BadRecurrence(N_("An incident repeats an earlier one, not itself."), field="repeats_id")
    if earlier_started_at >= started_at:
        raise BadRecurrence(
            N_("What an incident repeats began before it. Mend one of the two starts, or name another incident."),
            field="repeats_id",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What becomes of the pairs of one incident after its facts changed."""

    new: tuple[Recurrence, ...] = ()
    changed: tuple[Recurrence, ...] = ()
    gone: tuple[Recurrence, ...] = ()


def renewed(
    known: Collection[Recurrence], found: Iterable[Likeness], *, now: datetime, incident_id: int, started_at: datetime
) -> Renewal:
    """A proposal follows the facts until somebody decides: what is like enough now is proposed, what no longer is goes.

    What a person named or decided stays as it is. Where a repetition is confirmed nothing more is proposed.
    """
    before = {each.earlier_id: each for each in known}
    is_settled = any(each.state is RecurrenceState.CONFIRMED for each in known)
    likely = {} if is_settled else {each.earlier.incident_id: each for each in found}
    open_ones = [
        each for each in known if each.state is RecurrenceState.PROPOSED and each.named_by_id is None
    ]  # fmt: skip
    return Renewal(
        new=tuple(
            propose(
                incident_id=incident_id, started_at=started_at, earlier_id=earlier_id,
                earlier_started_at=like.earlier.started_at, reasons=like.reasons, named_by_id=None, now=now,
            )
            for earlier_id, like in likely.items()
            if earlier_id not in before
        ),
        changed=tuple(
            replace(each, reasons=likely[each.earlier_id].reasons)
            for each in open_ones
            if each.earlier_id in likely and likely[each.earlier_id].reasons != each.reasons
        ),
        gone=tuple(each for each in open_ones if each.earlier_id not in likely),
    )  # fmt: skip


def named(
    known: Collection[Recurrence], *, incident_id: int, started_at: datetime, earlier_id: int | None,
    earlier_started_at: datetime | None, reasons: Iterable[Reason], by_id: int, now: datetime,
) -> Renewal:  # fmt: skip
    """The same after somebody said in the facts which incident this one repeats, or that it repeats none.

    Raises BadRecurrence where a decision says otherwise.
    """
    before = {each.earlier_id: each for each in known}
    told = before.get(earlier_id or 0)
    if told is not None and told.state is RecurrenceState.REFUSED:
        raise BadRecurrence(
            N_("Somebody refused that it repeats this one. Take that decision back first."), field="repeats_id"
        )
    if any(each.state is RecurrenceState.CONFIRMED and each.earlier_id != earlier_id for each in known):
        raise BadRecurrence(
            N_("Which incident it repeats is confirmed already. Take that decision back first."), field="repeats_id"
        )
    gone = tuple(
        each
        for each in known
        if each.state is RecurrenceState.PROPOSED and each.named_by_id is not None and each.earlier_id != earlier_id
    )
    if earlier_id is None or earlier_started_at is None:
        return Renewal(gone=gone)
    if told is not None:
        is_open = told.state is RecurrenceState.PROPOSED
        said = replace(told, named_by_id=by_id, reasons=_first_named(told.reasons))
        return Renewal(gone=gone, changed=(said,) if is_open else ())
    new = propose(
        incident_id=incident_id, started_at=started_at, earlier_id=earlier_id, earlier_started_at=earlier_started_at,
        reasons=_first_named(reasons), named_by_id=by_id, now=now,
    )  # fmt: skip
    return Renewal(gone=gone, new=(new,))


def _first_named(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return (Reason(kind=Shared.NAMED), *(each for each in reasons if each.kind is not Shared.NAMED))


def in_order(pairs: Iterable[Recurrence], *, incident_id: int, started_at: datetime) -> Renewal:
    """After the start of an incident moved: a mere proposal that is the wrong way round now goes.

    Raises BadRecurrence where a person had named or decided it.
    """
    gone = []
    for pair in pairs:
        later = started_at if pair.incident_id == incident_id else pair.incident_started_at
        earlier = started_at if pair.earlier_id == incident_id else pair.earlier_started_at
        if earlier < later:
            continue
        if pair.state is not RecurrenceState.PROPOSED or pair.named_by_id is not None:
            raise BadRecurrence(
                N_("With this start it would repeat an incident that began later. Take that repetition back first."),
                field="started_at",
            )
        gone.append(pair)
    return Renewal(gone=tuple(gone))


def may_decide(user_id: int, writers: Writers) -> bool:
    """Not those who wrote either document: the one would excuse itself, the other would be blamed."""
    return user_id not in writers.ids


def confirm(pair: Recurrence, *, note: str, by_id: int, writers: Writers, now: datetime) -> Recurrence:
    """Raises BadRecurrence, BadText."""
    _require_open(pair)
    return _decided(pair, RecurrenceState.CONFIRMED, one_line(note, field="note"), by_id, writers, now)


def refuse(pair: Recurrence, *, reason: str, by_id: int, writers: Writers, now: datetime) -> Recurrence:
    """Raises BadRecurrence, BadText."""
    _require_open(pair)
    said = one_line(reason, field="reason")
    if not said:
        raise BadRecurrence(N_("Say what makes this incident another one; the reason is kept."), field="reason")
    return _decided(pair, RecurrenceState.REFUSED, said, by_id, writers, now)


def reopen(pair: Recurrence, *, by_id: int, writers: Writers) -> Recurrence:
    """Take the decision back. Raises BadRecurrence."""
    if pair.state is RecurrenceState.PROPOSED:
        raise BadRecurrence(N_("Nobody has decided this yet."))
    _require_another(by_id, writers)
    return replace(
        pair, state=RecurrenceState.PROPOSED, author_id=None, decided_by_id=None, decided_at=None, decision_note=""
    )


def _require_open(pair: Recurrence) -> None:
    if pair.state is not RecurrenceState.PROPOSED:
        raise BadRecurrence(N_("Somebody has decided this already. Take that decision back first."))


def _require_another(by_id: int, writers: Writers) -> None:
    if not may_decide(by_id, writers):
        raise BadRecurrence(N_("Somebody who wrote neither of the two documents decides this."))


def _decided(
    pair: Recurrence, state: RecurrenceState, note: str, by_id: int, writers: Writers, now: datetime
) -> Recurrence:
    _require_another(by_id, writers)
    return replace(
        pair, state=state, author_id=writers.author_id, decided_by_id=by_id, decided_at=now, decision_note=note
    )


def repeats(named_id: int | None, pair: Recurrence) -> int | None:
    """What the facts of the later incident say after a decision, or after it was taken back: the incident that it
    repeats. Policy asks for it (a repeated P1 requires a post-mortem)."""
    if pair.state is RecurrenceState.CONFIRMED:
        return pair.earlier_id if named_id is None else named_id
    if pair.state is RecurrenceState.PROPOSED and pair.named_by_id is not None:
        return pair.earlier_id if named_id is None else named_id
    return None if named_id == pair.earlier_id else named_id


def is_within(resolved_at: datetime | None, started_at: datetime, *, window: timedelta = WINDOW) -> bool:
    """Whether a later incident began so soon after the earlier one was over; while that went on counts, too."""
    return resolved_at is not None and started_at <= resolved_at + window


def disagrees(verdict: Verdict | None, *, has_recurred: bool) -> bool:
    """Whether a verdict of day 30 says otherwise than what was confirmed within the window."""
    return verdict is not None and has_recurred is not (verdict is Verdict.RECURRED)


# ---- stored


def to_stored(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [{"kind": each.kind.value, "words": list(each.words)} for each in reasons]


def from_stored(stored: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(kind=Shared(each["kind"]), words=tuple(each["words"])) for each in stored)
