"""When a post-mortem is owed, as data: a version of these numbers applies to incidents reported after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pmcore.domain.errors import N_, PmError, Refusals
from pmcore.domain.incident import Incident
from pmcore.domain.vocabulary import ClockKind, ObligationLevel, Rule, Severity

REQUIRING = (Rule.P0, Rule.P1_LONG, Rule.P1_REPEATED, Rule.SLA_BREACH, Rule.CUSTOMER_COMPLAINT)
RECOMMENDING = (Rule.P2_NEW_FAILURE_MODE, Rule.NEAR_MISS, Rule.INTERESTING)
USUAL_HOURS = 48
USUAL_P1_MINUTES = 30
MOST_HOURS = 24 * 90
MOST_P1_MINUTES = 24 * 60


class BadPolicy(PmError):
    """A number that no policy can have."""


def _usual() -> dict[Rule, int]:
    return dict.fromkeys(REQUIRING, USUAL_HOURS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    number: int  #: its version: 1, 2, ...
    p1_minutes: int = USUAL_P1_MINUTES  #: an impact longer than this makes a P1 required
    drafted_hours: Mapping[Rule, int] = field(default_factory=_usual)  #: per requiring rule
    published_hours: Mapping[Rule, int] = field(default_factory=_usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What of an incident decides about its obligation."""

    highest_severity: Severity
    started_at: datetime
    resolved_at: datetime | None
    repeats: bool
    sla_breach: bool | None
    complaints: int | None
    near_miss: bool
    new_failure_mode: bool
    interesting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    level: ObligationLevel
    rules: tuple[Rule, ...]  #: those that fired, in the enum's order


def facts_of(incident: Incident) -> Facts:
    return Facts(
        highest_severity=incident.highest_severity,
        started_at=incident.started_at,
        resolved_at=incident.resolved_at,
        repeats=incident.repeats_id is not None,
        sla_breach=incident.sla_breach,
        complaints=incident.complaints,
        near_miss=incident.near_miss,
        new_failure_mode=incident.new_failure_mode,
        interesting=incident.interesting,
    )


def long_at(facts: Facts, *, policy: Policy) -> datetime | None:
    """The moment after which an impact still going on makes a P1 required; None for other severities."""
    return facts.started_at + timedelta(minutes=policy.p1_minutes) if facts.highest_severity is Severity.P1 else None


def assess(facts: Facts, *, policy: Policy, now: datetime) -> Assessment:
    """What is owed and by which rules. An unknown fact fires nothing."""
    is_p1 = facts.highest_severity is Severity.P1
    limit = long_at(facts, policy=policy)
    fired = {
        Rule.P0: facts.highest_severity is Severity.P0,
        Rule.P1_LONG: limit is not None and (facts.resolved_at or now) > limit,
        Rule.P1_REPEATED: is_p1 and facts.repeats,
        Rule.SLA_BREACH: facts.sla_breach is True,
        Rule.CUSTOMER_COMPLAINT: (facts.complaints or 0) > 0,
        Rule.P2_NEW_FAILURE_MODE: facts.highest_severity is Severity.P2 and facts.new_failure_mode,
        Rule.NEAR_MISS: facts.near_miss,
        Rule.INTERESTING: facts.interesting,
    }
    rules = tuple(rule for rule in Rule if fired[rule])
    return Assessment(level=level_of(rules), rules=rules)


def level_of(rules: tuple[Rule, ...]) -> ObligationLevel:
    if any(rule in REQUIRING for rule in rules):
        return ObligationLevel.REQUIRED
    return ObligationLevel.RECOMMENDED if rules else ObligationLevel.NONE


def hours(policy: Policy, rules: tuple[Rule, ...], clock: ClockKind) -> int:
    """The shortest time that one of the fired rules allows."""
    allowed = policy.drafted_hours if clock is ClockKind.DRAFTED else policy.published_hours
    return min((allowed.get(rule, USUAL_HOURS) for rule in rules if rule in REQUIRING), default=USUAL_HOURS)


def check(policy: Policy) -> None:
    """Raises Refusals."""
    problems: list[PmError] = []
    if not 0 <= policy.p1_minutes <= MOST_P1_MINUTES:
        problems.append(
            BadPolicy(N_("Give minutes from 0 to {most}."), field="p1_minutes", most=MOST_P1_MINUTES)
        )  # fmt: skip
    for name, allowed in (("drafted_hours", policy.drafted_hours), ("published_hours", policy.published_hours)):
        for rule in REQUIRING:
            if not 1 <= allowed.get(rule, USUAL_HOURS) <= MOST_HOURS:
                problems.append(
                    BadPolicy(N_("Give hours from 1 to {most}."), field=f"{name}.{rule.value}", most=MOST_HOURS)
                )
    if problems:
        raise Refusals(tuple(problems))


def to_content(policy: Policy) -> dict[str, Any]:
    """As it is stored."""
    return {
        "p1_minutes": policy.p1_minutes,
        "drafted_hours": {rule.value: policy.drafted_hours.get(rule, USUAL_HOURS) for rule in REQUIRING},
        "published_hours": {rule.value: policy.published_hours.get(rule, USUAL_HOURS) for rule in REQUIRING},
    }


def from_content(number: int, content: Mapping[str, Any]) -> Policy:
    """As it was stored; what an older version did not say is as usual."""

    def per_rule(name: str) -> dict[Rule, int]:
        stored = content.get(name) or {}
        return {rule: int(stored.get(rule.value, USUAL_HOURS)) for rule in REQUIRING}

    return Policy(
        number=number,
        p1_minutes=int(content.get("p1_minutes", USUAL_P1_MINUTES)),
        drafted_hours=per_rule("drafted_hours"),
        published_hours=per_rule("published_hours"),
    )
