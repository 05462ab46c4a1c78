"""What an incident owes: a post-mortem, by when, and who excused it.

Only deadlines, stops and waivers are facts; the state of each clock is derived from them and `now`. Both clocks start
when the incident was resolved, or when a later fact that made the post-mortem required was recorded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pmcore.domain.errors import N_, PmError
from pmcore.domain.incident import Incident
from pmcore.domain.policy import REQUIRING, Policy, assess, facts_of, hours, level_of, long_at
from pmcore.domain.vocabulary import ClockKind, ClockState, Disposition, ObligationLevel, Rule

UNRESOLVED_FLAG = timedelta(hours=24)  #: an incident open for longer is probably just not noted as resolved
OWED_NOTHING = (Disposition.DUPLICATE, Disposition.NOT_AN_INCIDENT)


class CannotWaive(PmError):
    """The waiver was refused; the sentence says what would make it possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """An excuse: in force once enough people agree, until a newly fired rule voids it."""

    id: int = 0  #: 0 before it is stored
    reason: str
    at: datetime  #: of the first approval
    approvers: tuple[int, ...]  #: user ids, in the order in which they agreed
    last_approved_at: datetime
    voided_at: datetime | None = None
    voided_by_rule: Rule | None = None  #: None when a person withdrew it


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One per incident. What a rule needs of the incident beside it, the rule asks for."""

    incident_id: int
    level: ObligationLevel
    rules: tuple[Rule, ...]  #: those that fired, in the enum's order
    policy_number: int
    author_id: int | None  #: who owes it; None: the manager's queue
    long_at: datetime | None = None  #: an unresolved P1 becomes required at this moment, without anybody's doing
    required_since: datetime | None = None  #: when a fact first made it required; the start for facts of the report
    starts_at: datetime | None = None  #: None while unresolved or nothing is required
    first_starts_at: datetime | None = None  #: the start before anybody edited the resolution; never changes
    drafted_due_at: datetime | None = None
    published_due_at: datetime | None = None
    disposition: Disposition | None = None
    disposition_reason: str | None = None
    disposition_by_id: int | None = None
    disposition_at: datetime | None = None
    covered_by_id: int | None = None  #: a post-mortem
    duplicate_of_id: int | None = None  #: an incident
    handed_over_by_id: int | None = None
    handed_over_at: datetime | None = None
    hand_over_note: str = ""
    waiver: Waiver | None = None  #: the open one, or the one just voided
    stops: Mapping[ClockKind, datetime] = field(default_factory=dict)
    version: int = 1


# ---- what is owed


def begin(incident: Incident, *, policy: Policy, now: datetime) -> Obligation:
    """The obligation of an incident just reported; the reporter owes it. What is known at the report starts no later
    than the resolution, however late somebody reports."""
    assessed = assess(facts_of(incident), policy=policy, now=now)
    blank = Obligation(
        incident_id=incident.id,
        level=assessed.level,
        rules=assessed.rules,
        policy_number=policy.number,
        author_id=incident.reporter_id,
        required_since=incident.started_at if assessed.level is ObligationLevel.REQUIRED else None,
    )
    return _timed(blank, incident, policy=policy)


def reassess(obligation: Obligation, incident: Incident, *, policy: Policy, now: datetime) -> Obligation:
    """After a fact changed: level, rules, clocks; a rule that requires and had not fired before voids the waiver.

    `policy` is the version the incident was reported under.
    """
    assessed = assess(facts_of(incident), policy=policy, now=now)
    fired = tuple(rule for rule in assessed.rules if rule in REQUIRING and rule not in obligation.rules)
    since = None
    if assessed.level is ObligationLevel.REQUIRED:
        since = caught_up(obligation, now=now).required_since or now
    waiver = obligation.waiver
    if waiver is not None and waiver.voided_at is None and fired:
        waiver = replace(waiver, voided_at=now, voided_by_rule=fired[0])
    changed = replace(obligation, level=assessed.level, rules=assessed.rules, required_since=since, waiver=waiver)
    return _timed(changed, incident, policy=policy)


def under(obligation: Obligation, incident: Incident, *, policy: Policy, now: datetime) -> Obligation:
    """The obligation as it would be, had another policy been in force from the report on; for a preview."""
    assessed = assess(facts_of(incident), policy=policy, now=now)
    since = obligation.required_since or incident.started_at
    changed = replace(
        obligation,
        level=assessed.level,
        rules=assessed.rules,
        required_since=since if assessed.level is ObligationLevel.REQUIRED else None,
    )
    return _timed(changed, incident, policy=policy)


def _timed(obligation: Obligation, incident: Incident, *, policy: Policy) -> Obligation:
    """The clocks that follow from what is required since when, and the resolution."""
    resolved, since = incident.resolved_at, obligation.required_since
    starts = None if resolved is None or since is None else max(resolved, since)
    due = {
        clock: None if starts is None else starts + timedelta(hours=hours(policy, obligation.rules, clock))
        for clock in ClockKind
    }
    waits = resolved is None and Rule.P1_LONG not in obligation.rules
    return replace(
        obligation,
        starts_at=starts,
        first_starts_at=obligation.first_starts_at or starts,
        drafted_due_at=due[ClockKind.DRAFTED],
        published_due_at=due[ClockKind.PUBLISHED],
        long_at=long_at(facts_of(incident), policy=policy) if waits else None,
    )


def rules_now(obligation: Obligation, *, now: datetime) -> tuple[Rule, ...]:
    """The rules fired, with the one that fires by the mere passing of time."""
    return caught_up(obligation, now=now).rules


def level_now(obligation: Obligation, *, now: datetime) -> ObligationLevel:
    return caught_up(obligation, now=now).level


def caught_up(obligation: Obligation, *, now: datetime) -> Obligation:
    """The obligation with the rule noted that has fired by the mere passing of time: a P1 still unresolved."""
    if obligation.long_at is None or now <= obligation.long_at:
        return obligation
    rules = tuple(rule for rule in Rule if rule is Rule.P1_LONG or rule in obligation.rules)
    since = obligation.required_since or obligation.long_at
    return replace(obligation, level=level_of(rules), rules=rules, required_since=since, long_at=None)


# ---- clocks


def due_at(obligation: Obligation, clock: ClockKind) -> datetime | None:
    return obligation.drafted_due_at if clock is ClockKind.DRAFTED else obligation.published_due_at


def clock_state(obligation: Obligation, clock: ClockKind, *, now: datetime) -> ClockState:
    """Derived, never stored. Exactly at the deadline is in time."""
    if obligation.disposition in OWED_NOTHING or level_now(obligation, now=now) is not ObligationLevel.REQUIRED:
        return ClockState.NONE
    if is_waived(obligation):
        return ClockState.WAIVED
    due, stop = due_at(obligation, clock), obligation.stops.get(clock)
    if stop is not None:
        return ClockState.MET if due is None or stop <= due else ClockState.LATE
    if due is None:
        return ClockState.NOT_STARTED
    return ClockState.PENDING if now <= due else ClockState.MISSED


def was_moved(obligation: Obligation) -> bool:
    """Whether the clocks start elsewhere than they first did: somebody edited the resolution."""
    return obligation.first_starts_at is not None and obligation.starts_at != obligation.first_starts_at


# ---- waivers


def approvals_needed(obligation: Obligation) -> int:
    """Two people excuse a P0, one anything less."""
    return 2 if Rule.P0 in obligation.rules else 1


def open_waiver(obligation: Obligation) -> Waiver | None:
    """The waiver that nobody and no rule has voided, in force or in the making."""
    waiver = obligation.waiver
    return waiver if waiver is not None and waiver.voided_at is None else None


def is_waived(obligation: Obligation) -> bool:
    waiver = open_waiver(obligation)
    return waiver is not None and len(waiver.approvers) >= approvals_needed(obligation)


def is_own(obligation: Obligation, incident: Incident, user_id: int) -> bool:
    """Nobody excuses an incident that they reported or that they owe the post-mortem of."""
    return user_id in (incident.reporter_id, obligation.author_id)


def waive(obligation: Obligation, incident: Incident, *, by: int, reason: str, now: datetime) -> Obligation:
    """Add one person's approval; the first gives the reason.

    Raises CannotWaive for one's own incident, where nothing is owed, without a reason, or when the person has approved
    already.
    """
    if is_own(obligation, incident, by):
        raise CannotWaive(N_("Somebody else has to waive an incident that you reported or write up."))
    obligation = caught_up(obligation, now=now)
    if obligation.disposition is not None or obligation.level is not ObligationLevel.REQUIRED:
        raise CannotWaive(N_("No post-mortem is required here, so there is nothing to waive."))
    waiver = open_waiver(obligation)
    if waiver is None:
        if not reason.strip():
            raise CannotWaive(
                N_("Say why no post-mortem is needed; the reason is shown in the ledger."), field="reason"
            )
        new = Waiver(reason=reason.strip(), at=now, approvers=(by,), last_approved_at=now)
        return replace(obligation, waiver=new)
    if by in waiver.approvers:
        raise CannotWaive(N_("You have approved this waiver already; a P0 needs a second person."))
    if is_waived(obligation):
        raise CannotWaive(N_("This is waived already."))
    return replace(obligation, waiver=replace(waiver, approvers=(*waiver.approvers, by), last_approved_at=now))


def withdraw_waiver(obligation: Obligation, *, now: datetime) -> Obligation:
    """The post-mortem is owed again. Raises CannotWaive when there is no waiver."""
    waiver = open_waiver(obligation)
    if waiver is None:
        raise CannotWaive(N_("There is no waiver to withdraw."))
    return replace(obligation, waiver=replace(waiver, voided_at=now))
