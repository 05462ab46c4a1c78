from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain.errors import Refusals
from pmcore.domain.policy import (
    REQUIRING,
    Policy,
    assess,
    check,
    facts_of,
    from_content,
    hours,
    level_of,
    long_at,
    to_content,
)
from pmcore.domain.vocabulary import ClockKind, ObligationLevel, Rule, Severity
from tests.factories import NOON, STARTED, an_incident

MINUTE = timedelta(minutes=1)
USUAL = Policy(number=1)


def fired(*, policy=USUAL, now=NOON, **changes) -> tuple[Rule, ...]:
    return assess(facts_of(an_incident(**changes)), policy=policy, now=now).rules


class TestAssess:
    @pytest.mark.parametrize(
        ("changes", "rules"),
        [
            ({}, (Rule.P0,)),
            ({"severity": Severity.P1}, ()),
            ({"severity": Severity.P1, "resolved_at": STARTED + 30 * MINUTE}, ()),
            ({"severity": Severity.P1, "resolved_at": STARTED + 30 * MINUTE + timedelta(seconds=1)}, (Rule.P1_LONG,)),
            ({"severity": Severity.P1, "resolved_at": None}, (Rule.P1_LONG,)),  # five hours and nobody noted the end
            ({"severity": Severity.P1, "repeats_id": 7}, (Rule.P1_REPEATED,)),
            ({"severity": Severity.P2, "repeats_id": 7}, ()),
            ({"severity": Severity.P2, "sla_breach": True}, (Rule.SLA_BREACH,)),
            ({"severity": Severity.P2, "sla_breach": False}, ()),
            ({"severity": Severity.P2, "complaints": 1}, (Rule.CUSTOMER_COMPLAINT,)),
            ({"severity": Severity.P2, "complaints": 0}, ()),
            ({"severity": Severity.P2, "complaints": None, "sla_breach": None}, ()),
            ({"severity": Severity.P2, "new_failure_mode": True}, (Rule.P2_NEW_FAILURE_MODE,)),
            ({"severity": Severity.P1, "new_failure_mode": True}, ()),
            ({"severity": Severity.P2, "near_miss": True}, (Rule.NEAR_MISS,)),
            ({"severity": Severity.P2, "interesting": True}, (Rule.INTERESTING,)),
            ({"severity": Severity.P2, "highest_severity": Severity.P0}, (Rule.P0,)),
            ({"sla_breach": True, "complaints": 3, "near_miss": True},
             (Rule.P0, Rule.SLA_BREACH, Rule.CUSTOMER_COMPLAINT, Rule.NEAR_MISS)),
        ],
    )  # fmt: skip
    def test_fires(self, changes, rules):
        assert fired(**changes) == rules

    def test_the_policys_minutes_count(self):
        changes = {"severity": Severity.P1, "resolved_at": STARTED + 12 * MINUTE}
        assert fired(policy=Policy(number=2, p1_minutes=10), **changes) == (Rule.P1_LONG,)

    def test_an_unresolved_p1_is_long_from_a_moment_on(self):
        changes = {"severity": Severity.P1, "resolved_at": None}
        assert fired(now=STARTED + 30 * MINUTE, **changes) == ()
        assert long_at(facts_of(an_incident(**changes)), policy=USUAL) == STARTED + 30 * MINUTE
        assert long_at(facts_of(an_incident()), policy=USUAL) is None

    @given(st.sets(st.sampled_from(Rule)))
    def test_one_requiring_rule_is_enough(self, rules):
        level = level_of(tuple(rules))
        assert (level is ObligationLevel.REQUIRED) == bool(rules & set(REQUIRING))
        assert (level is ObligationLevel.NONE) == (not rules)


class TestHours:
    def test_the_shortest_counts(self):
        policy = Policy(number=1, drafted_hours={Rule.P0: 24, Rule.SLA_BREACH: 72}, published_hours={Rule.P0: 96})
        rules = (Rule.P0, Rule.SLA_BREACH, Rule.INTERESTING)
        assert hours(policy, rules, ClockKind.DRAFTED) == 24
        assert hours(policy, rules, ClockKind.PUBLISHED) == 48
        assert hours(policy, (), ClockKind.DRAFTED) == 48

    def test_are_48_unless_somebody_says_otherwise(self):
        assert {hours(USUAL, (rule,), clock) for rule in REQUIRING for clock in ClockKind} == {48}


class TestCheck:
    @pytest.mark.parametrize(
        ("policy", "field"),
        [
            (Policy(number=1, p1_minutes=-1), "p1_minutes"),
            (Policy(number=1, p1_minutes=1441), "p1_minutes"),
            (Policy(number=1, drafted_hours={Rule.P0: 0}), "drafted_hours.p0"),
            (Policy(number=1, published_hours={Rule.SLA_BREACH: 100_000}), "published_hours.sla_breach"),
        ],
    )
    def test_names_the_number(self, policy, field):
        with pytest.raises(Refusals) as refused:
            check(policy)
        assert [problem.field for problem in refused.value.problems] == [field]

    def test_passes_the_usual_one(self):
        check(USUAL)


@given(st.integers(0, 1440), st.dictionaries(st.sampled_from(REQUIRING), st.integers(1, 2160)))
def test_what_is_stored_is_read_again(minutes, allowed):
    stored = from_content(3, to_content(Policy(number=3, p1_minutes=minutes, drafted_hours=allowed)))
    assert stored.p1_minutes == minutes
    assert {rule: hours(stored, (rule,), ClockKind.DRAFTED) for rule in allowed} == allowed


def test_an_old_version_means_the_usual():
    assert from_content(1, {}) == USUAL
