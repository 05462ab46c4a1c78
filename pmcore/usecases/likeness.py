"""Look whether an incident repeats an earlier one: after a report, after a change of its facts or of its root cause.

Called inside the unit of work of the command that changed something, while the incident is held.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pmcore.domain import recurrence as rules
from pmcore.domain.incident import Incident
from pmcore.domain.likeness import Likeness, Reason, best, compare
from pmcore.domain.sections import Content
from pmcore.domain.vocabulary import RecurrenceState
from pmcore.ports import UnitOfWork


def look(work: UnitOfWork, incident: Incident, *, now: datetime) -> bool:
    """Propose what it seems to repeat, and take back a proposal that the facts no longer bear out. Returns whether
    there is news.

    Practice and what came from an old tracker repeat nothing. One proposal among the incidents that everybody may see;
    beside it one among restricted ones, told to those who may see them.
    """
    if incident.dry_run or incident.imported:
        return False
    known = work.recurrences.of(incident.id)
    refused = {each.earlier_id for each in known if each.state is RecurrenceState.REFUSED}
    found = work.recurrences.candidates(incident)
    groups = (
        [each for each in found.earlier if each.restricted is restricted and each.incident_id not in refused]
        for restricted in (False, True)
    )
    likely: list[Likeness] = [like for group in groups if (like := best(found.own, group)) is not None]
    renewal = rules.renewed(known, likely, now=now, incident_id=incident.id, started_at=incident.started_at)
    work.recurrences.apply(renewal)
    for pair in renewal.new:
        work.audit(actor_id=None, did="propose_recurrence", to=_target(pair), at=now)
    for pair in renewal.gone:
        work.audit(actor_id=None, did="withdraw_recurrence", to=_target(pair), at=now)
    return bool(renewal.new or renewal.gone)


def name(work: UnitOfWork, incident: Incident, earlier: Incident | None, *, by_id: int, now: datetime) -> None:
    """Somebody said in the facts what it repeats, or that it repeats nothing. Raises BadRecurrence."""
    if incident.dry_run:
        return
    known = work.recurrences.of(incident.id)
    reasons: tuple[Reason, ...] = ()
    if earlier is not None:
        rules.require_earlier(
            incident.id, incident.started_at, earlier_id=earlier.id, earlier_started_at=earlier.started_at
        )
        found = work.recurrences.candidates(incident)
        alike = (compare(found.own, each) for each in found.earlier if each.incident_id == earlier.id)
        reasons = next((each.reasons for each in alike), ())
    renewal = rules.named(
        known, incident_id=incident.id, started_at=incident.started_at, earlier_id=earlier.id if earlier else None,
        earlier_started_at=earlier.started_at if earlier else None, reasons=reasons, by_id=by_id, now=now,
    )  # fmt: skip
    work.recurrences.apply(renewal)
    for pair in (*renewal.new, *renewal.changed):
        work.audit(actor_id=by_id, did="name_recurrence", to=_target(pair), at=now)
    for pair in renewal.gone:
        work.audit(actor_id=by_id, did="withdraw_recurrence", to=_target(pair), at=now)


def look_again(work: UnitOfWork, before: Incident, after: Incident, *, now: datetime) -> None:
    """After facts were saved, where something of what is compared has changed."""
    if _compared(before) != _compared(after):
        look(work, after, now=now)


def _compared(incident: Incident) -> tuple[object, ...]:
    return incident.title, incident.service_id, incident.alert_name, incident.started_at, incident.restricted


def keep_order(work: UnitOfWork, before: Incident, after: Incident) -> None:
    """Before facts are saved: a start that moves must not pass that of an incident repeated. Raises BadRecurrence."""
    if before.started_at == after.started_at:
        return
    pairs = work.recurrences.around(after.id)
    work.recurrences.apply(rules.in_order(pairs, incident_id=after.id, started_at=after.started_at))


def tells(content: Content) -> tuple[Any, ...]:
    """What of a root cause is compared; unchanged, nobody needs to look."""
    factors: list[Mapping[str, Any]] = content.get("factors") or []
    return content.get("root_cause") or "", *(factor.get("text") or "" for factor in factors)


def _target(pair: rules.Recurrence) -> str:
    return f"incident/{pair.incident_id}/repeats/{pair.earlier_id}"
