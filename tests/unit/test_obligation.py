from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain import obligation as owed
from pmcore.domain.obligation import CannotWaive, Obligation, clock_state, reassess, waive, withdraw_waiver
from pmcore.domain.policy import Policy
from pmcore.domain.settlement import CannotHandOver, CannotSettle, hand_over, reopen, settle
from pmcore.domain.vocabulary import ClockKind, ClockState, Disposition, ObligationLevel, Rule, Severity
from tests.factories import NOON, RESOLVED, STARTED, an_incident

ANNA, MANAGER, CTO, BORIS = 1, 2, 3, 4
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
USUAL = Policy(number=1)
DUE = RESOLVED + 48 * HOUR
P0 = an_incident(id=12)
P1 = an_incident(id=12, severity=Severity.P1)


def begun(incident=P0, *, now=NOON, **changes) -> Obligation:
    return replace(owed.begin(incident, policy=USUAL, now=now), **changes)


def states(obligation, *, now) -> tuple[ClockState, ClockState]:
    return tuple(clock_state(obligation, clock, now=now) for clock in ClockKind)


class TestBegin:
    def test_a_resolved_p0_owes_both_within_48_hours_of_the_resolution(self):
        obligation = begun()
        assert obligation.rules == (Rule.P0,)
        assert (obligation.starts_at, obligation.drafted_due_at, obligation.published_due_at) == (RESOLVED, DUE, DUE)
        assert obligation.author_id == P0.reporter_id

    def test_however_late_it_is_reported(self):
        assert begun(now=NOON + timedelta(days=9)).drafted_due_at == DUE

    def test_unresolved_the_clocks_have_not_started(self):
        obligation = begun(an_incident(resolved_at=None))
        assert obligation.starts_at is None
        assert states(obligation, now=NOON) == (ClockState.NOT_STARTED, ClockState.NOT_STARTED)

    def test_what_is_not_required_has_no_clocks(self):
        obligation = begun(an_incident(severity=Severity.P2, near_miss=True))
        assert obligation.level is ObligationLevel.RECOMMENDED
        assert obligation.starts_at is None
        assert states(obligation, now=NOON) == (ClockState.NONE, ClockState.NONE)


class TestReassess:
    def test_a_later_fact_starts_the_clocks_when_it_was_recorded(self):
        obligation = begun(P1)
        assert obligation.level is ObligationLevel.NONE
        complained = replace(P1, complaints=1)
        changed = reassess(obligation, complained, policy=USUAL, now=NOON)
        assert changed.rules == (Rule.CUSTOMER_COMPLAINT,)
        assert (changed.required_since, changed.starts_at, changed.drafted_due_at) == (NOON, NOON, NOON + 48 * HOUR)

    def test_another_rule_does_not_move_clocks_that_run(self):
        changed = reassess(begun(), replace(P0, complaints=1), policy=USUAL, now=NOON)
        assert changed.rules == (Rule.P0, Rule.CUSTOMER_COMPLAINT)
        assert changed.starts_at == RESOLVED

    def test_a_rule_with_less_time_shortens_the_deadline(self):
        policy = Policy(number=1, drafted_hours={Rule.SLA_BREACH: 24})
        changed = reassess(begun(), replace(P0, sla_breach=True), policy=policy, now=NOON)
        assert (changed.drafted_due_at, changed.published_due_at) == (RESOLVED + 24 * HOUR, DUE)

    def test_the_resolution_starts_the_clocks_even_when_noted_later(self):
        obligation = begun(replace(P0, resolved_at=None))
        changed = reassess(obligation, P0, policy=USUAL, now=NOON)
        assert (changed.starts_at, changed.first_starts_at) == (RESOLVED, RESOLVED)
        assert not owed.was_moved(changed)

    def test_an_edited_resolution_moves_them_and_stays_visible(self):
        changed = reassess(begun(), replace(P0, resolved_at=RESOLVED + HOUR), policy=USUAL, now=NOON)
        assert changed.drafted_due_at == DUE + HOUR
        assert changed.first_starts_at == RESOLVED
        assert owed.was_moved(changed)

    def test_a_fact_taken_back_owes_nothing_any_more(self):
        complained = reassess(begun(P1), replace(P1, complaints=1), policy=USUAL, now=NOON)
        changed = reassess(complained, P1, policy=USUAL, now=NOON + HOUR)
        assert (changed.level, changed.required_since, changed.drafted_due_at) == (ObligationLevel.NONE, None, None)

    def test_a_downgrade_changes_nothing_because_the_highest_counts(self):
        assert reassess(begun(), replace(P0, severity=Severity.P2), policy=USUAL, now=NOON) == begun()


class TestAP1ThatIsStillUnresolved:
    ONGOING = replace(P1, resolved_at=None, detected_at=None)

    def test_becomes_required_by_itself_after_thirty_minutes(self):
        obligation = begun(self.ONGOING, now=STARTED + MINUTE)
        at_limit, after = STARTED + 30 * MINUTE, STARTED + 30 * MINUTE + timedelta(seconds=1)
        assert owed.level_now(obligation, now=at_limit) is ObligationLevel.NONE
        assert owed.level_now(obligation, now=after) is ObligationLevel.REQUIRED
        assert owed.rules_now(obligation, now=after) == (Rule.P1_LONG,)
        assert states(obligation, now=after) == (ClockState.NOT_STARTED, ClockState.NOT_STARTED)

    def test_then_its_clocks_start_at_the_resolution(self):
        obligation = begun(self.ONGOING, now=STARTED + MINUTE)
        resolved = replace(self.ONGOING, resolved_at=STARTED + 40 * MINUTE)
        changed = reassess(obligation, resolved, policy=USUAL, now=NOON)
        assert (changed.required_since, changed.starts_at) == (STARTED + 30 * MINUTE, STARTED + 40 * MINUTE)
        assert changed.long_at is None

    def test_owes_nothing_when_it_turns_out_to_have_been_short(self):
        obligation = begun(self.ONGOING, now=STARTED + MINUTE)
        changed = reassess(obligation, replace(self.ONGOING, resolved_at=STARTED + 9 * MINUTE), policy=USUAL, now=NOON)
        assert (changed.level, changed.required_since) == (ObligationLevel.NONE, None)

    def test_a_waiver_given_after_the_limit_is_not_voided_by_that_limit(self):
        obligation = begun(self.ONGOING, now=STARTED + MINUTE)
        waived = waive(obligation, self.ONGOING, by=MANAGER, reason="A drill", now=NOON)
        resolved = replace(self.ONGOING, resolved_at=NOON)
        assert owed.is_waived(reassess(waived, resolved, policy=USUAL, now=NOON))


class TestClockState:
    @pytest.mark.parametrize(
        ("stop", "now", "state"),
        [
            (None, DUE - MINUTE, ClockState.PENDING),
            (None, DUE, ClockState.PENDING),
            (None, DUE + timedelta(seconds=1), ClockState.MISSED),
            (DUE, DUE + HOUR, ClockState.MET),
            (DUE + timedelta(seconds=1), DUE + HOUR, ClockState.LATE),
        ],
    )
    def test_follows_from_the_deadline_and_the_stop(self, stop, now, state):
        stops = {ClockKind.DRAFTED: stop} if stop else {}
        assert clock_state(begun(stops=stops), ClockKind.DRAFTED, now=now) is state

    def test_each_clock_has_its_own_stop(self):
        stopped = begun(stops={ClockKind.DRAFTED: NOON})
        assert states(stopped, now=DUE + HOUR) == (ClockState.MET, ClockState.MISSED)

    def test_a_stop_before_the_clock_has_started_is_in_time(self):
        early = begun(an_incident(resolved_at=None), stops={ClockKind.DRAFTED: NOON})
        assert states(early, now=NOON) == (ClockState.MET, ClockState.NOT_STARTED)

    @pytest.mark.parametrize("disposition", [Disposition.DUPLICATE, Disposition.NOT_AN_INCIDENT])
    def test_a_duplicate_owes_nothing(self, disposition):
        assert states(begun(disposition=disposition), now=DUE + HOUR) == (ClockState.NONE, ClockState.NONE)

    def test_a_covered_one_keeps_its_clocks(self):
        covered = begun(disposition=Disposition.COVERED, covered_by_id=5, stops={ClockKind.DRAFTED: NOON})
        assert states(covered, now=NOON) == (ClockState.MET, ClockState.PENDING)

    @given(
        st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9)),
        st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9)),
    )
    def test_never_improves_with_time_once_missed(self, wait, longer):
        obligation = begun()
        early = clock_state(obligation, ClockKind.DRAFTED, now=RESOLVED + wait)
        late = clock_state(obligation, ClockKind.DRAFTED, now=RESOLVED + wait + longer)
        assert (early, late) != (ClockState.MISSED, ClockState.PENDING)


class TestWaive:
    def test_one_person_excuses_a_p1(self):
        breached = replace(P1, sla_breach=True)
        waived = waive(begun(breached), breached, by=MANAGER, reason=" A drill ", now=NOON)
        assert states(waived, now=DUE + HOUR) == (ClockState.WAIVED, ClockState.WAIVED)
        assert waived.waiver.reason == "A drill"

    def test_two_people_excuse_a_p0(self):
        once = waive(begun(), P0, by=MANAGER, reason="A drill", now=NOON)
        assert states(once, now=NOON) == (ClockState.PENDING, ClockState.PENDING)
        twice = waive(once, P0, by=CTO, reason="", now=NOON + HOUR)
        assert states(twice, now=NOON) == (ClockState.WAIVED, ClockState.WAIVED)
        assert (twice.waiver.approvers, twice.waiver.at, twice.waiver.last_approved_at) == (
            (MANAGER, CTO), NOON, NOON + HOUR,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("obligation", "by", "reason", "sentence"),
        [
            (begun(), ANNA, "A drill", "Somebody else"),
            (begun(author_id=MANAGER), MANAGER, "A drill", "Somebody else"),
            (begun(), MANAGER, "  ", "Say why"),
            (begun(P1), MANAGER, "A drill", "nothing to waive"),
            (begun(disposition=Disposition.DUPLICATE), MANAGER, "A drill", "nothing to waive"),
            (waive(begun(), P0, by=MANAGER, reason="x", now=NOON), MANAGER, "x", "second person"),
            (waive(waive(begun(), P0, by=MANAGER, reason="x", now=NOON), P0, by=CTO, reason="", now=NOON), BORIS, "x",
             "already"),
        ],
    )  # fmt: skip
    def test_is_refused(self, obligation, by, reason, sentence):
        with pytest.raises(CannotWaive, match=sentence):
            waive(obligation, P0, by=by, reason=reason, now=NOON)

    def test_handing_over_does_not_make_it_anybody_elses_own(self):
        with pytest.raises(CannotWaive, match="Somebody else"):
            waive(begun(author_id=BORIS), P0, by=ANNA, reason="A drill", now=NOON)

    def test_a_newly_fired_rule_voids_it(self):
        breached = replace(P1, sla_breach=True)
        waived = waive(begun(breached), breached, by=MANAGER, reason="A drill", now=NOON)
        worse = replace(breached, highest_severity=Severity.P0)
        changed = reassess(waived, worse, policy=USUAL, now=NOON + HOUR)
        assert not owed.is_waived(changed)
        assert (changed.waiver.voided_at, changed.waiver.voided_by_rule) == (NOON + HOUR, Rule.P0)
        again = waive(changed, worse, by=MANAGER, reason="Still", now=NOON + 2 * HOUR)
        assert (again.waiver.id, again.waiver.approvers) == (0, (MANAGER,))

    def test_a_recommending_rule_does_not(self):
        breached = replace(P1, sla_breach=True)
        waived = waive(begun(breached), breached, by=MANAGER, reason="A drill", now=NOON)
        assert owed.is_waived(reassess(waived, replace(breached, interesting=True), policy=USUAL, now=NOON))

    def test_is_withdrawn(self):
        once = waive(begun(), P0, by=MANAGER, reason="A drill", now=NOON)
        assert owed.open_waiver(withdraw_waiver(once, now=NOON)) is None
        with pytest.raises(CannotWaive, match="no waiver"):
            withdraw_waiver(begun(), now=NOON)


class TestSettle:
    def test_covered_names_the_post_mortem(self):
        settled = settle(
            begun(), P0, disposition=Disposition.COVERED, reason=" same pool ", by=ANNA, now=NOON, covered_by_id=5
        )
        assert (settled.covered_by_id, settled.disposition_reason, settled.disposition_by_id) == (5, "same pool", ANNA)
        assert reopen(settled) == begun()

    def test_a_duplicate_names_the_incident(self):
        settled = settle(
            begun(), P0, disposition=Disposition.DUPLICATE, reason="same", by=BORIS, now=NOON, duplicate_of_id=7,
            covered_by_id=5,
        )  # fmt: skip
        assert (settled.duplicate_of_id, settled.covered_by_id) == (7, None)

    def test_ones_own_dry_run_may_be_called_none(self):
        dry = replace(P0, dry_run=True)
        settled = settle(begun(), dry, disposition=Disposition.NOT_AN_INCIDENT, reason="practice", by=ANNA, now=NOON)
        assert settled.disposition is Disposition.NOT_AN_INCIDENT

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"disposition": Disposition.COVERED}, "Choose the post-mortem"),
            ({"disposition": Disposition.DUPLICATE}, "Choose the other incident"),
            ({"disposition": Disposition.DUPLICATE, "duplicate_of_id": 12}, "Choose the other incident"),
            ({"reason": " "}, "Say why"),
            ({"by": ANNA}, "Somebody else"),
        ],
    )
    def test_is_refused(self, changes, sentence):
        usual = {"disposition": Disposition.NOT_AN_INCIDENT, "reason": "noise", "by": BORIS, "now": NOON}
        with pytest.raises(CannotSettle, match=sentence):
            settle(begun(), P0, **usual | changes)

    def test_is_done_once_and_undone_once(self):
        settled = begun(disposition=Disposition.DUPLICATE)
        with pytest.raises(CannotSettle, match="settled already"):
            settle(settled, P0, disposition=Disposition.NOT_AN_INCIDENT, reason="noise", by=BORIS, now=NOON)
        with pytest.raises(CannotSettle, match="not settled"):
            reopen(begun())


class TestHandOver:
    def test_by_its_author_with_a_note(self):
        given = hand_over(begun(), to=BORIS, by=ANNA, may_assign=False, note=" see the log ", now=NOON)
        assert (given.author_id, given.handed_over_by_id, given.handed_over_at, given.hand_over_note) == (
            BORIS, ANNA, NOON, "see the log",
        )  # fmt: skip

    def test_to_the_managers_queue_and_out_of_it(self):
        queued = hand_over(begun(), to=None, by=ANNA, may_assign=False, note="", now=NOON)
        assert queued.author_id is None
        assert hand_over(queued, to=BORIS, by=BORIS, may_assign=False, note="", now=NOON).author_id == BORIS

    def test_by_somebody_who_may_assign(self):
        assert hand_over(begun(), to=BORIS, by=MANAGER, may_assign=True, note="", now=NOON).author_id == BORIS

    def test_is_refused_to_others_and_to_the_same_person(self):
        with pytest.raises(CannotHandOver, match="Only its author"):
            hand_over(begun(), to=CTO, by=BORIS, may_assign=False, note="", now=NOON)
        with pytest.raises(CannotHandOver, match="already"):
            hand_over(begun(), to=ANNA, by=ANNA, may_assign=True, note="", now=NOON)


def test_under_another_policy_the_clocks_would_be_others():
    changed = owed.under(begun(), P0, policy=Policy(number=2, drafted_hours={Rule.P0: 24}), now=NOON)
    assert (changed.drafted_due_at, changed.published_due_at) == (RESOLVED + 24 * HOUR, DUE)
    longer = replace(P1, resolved_at=STARTED + 20 * MINUTE)
    assert (
        owed.under(begun(longer), longer, policy=Policy(number=2, p1_minutes=15), now=NOON).level
        is ObligationLevel.REQUIRED
    )
    assert owed.under(begun(longer), longer, policy=USUAL, now=NOON).level is ObligationLevel.NONE
