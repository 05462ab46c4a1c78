"""What is owed, by whom and how it was settled: the commands, and the ledger, on both engines."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ClockStopRow, ObligationRow, PostmortemRow, WaiverApprovalRow, WaiverRow
from pmcore.domain.errors import EditConflict, NotFound
from pmcore.domain.obligation import CannotWaive
from pmcore.domain.permissions import Forbidden
from pmcore.domain.settlement import CannotHandOver, CannotSettle
from pmcore.domain.vocabulary import ClockKind, ClockState, Disposition, Severity
from pmcore.readmodels.ledger import LedgerFilter
from pmcore.usecases.incidents import ChangeSeverity, MoreFacts, ReportIncident
from pmcore.usecases.obligations import (
    HandOver,
    PutHandOverAway,
    ReopenIncident,
    SettleIncident,
    WaiveObligation,
    WithdrawWaiver,
)
from pmcore.usecases.review import ShareDraft
from pmcore.usecases.start import StartPostmortem
from tests import reviewed, scene
from tests.factories import DETECTED, NOON, RESOLVED, STARTED
from wiring import acting, ask, run

HOUR = timedelta(hours=1)


@pytest.fixture
def people(rows, clock):
    return scene.set_up(rows)


@pytest.fixture
def does(people):
    def given(user_id, command):
        with acting.as_user(user_id):
            return run(command)

    return given


@pytest.fixture
def report(does, people):
    def reported(severity=Severity.P0, *, by=None, **facts):
        times = {"detected_at": DETECTED, "resolved_at": RESOLVED}
        return does(
            by or people.anna,
            ReportIncident(
                title="Mail fails", severity=severity, service="email-service", started_at=STARTED,
                facts=MoreFacts(**times | facts),
            ),
        )  # fmt: skip

    return reported


def seen(people, incident_id):
    with acting.as_user(people.administrator):
        return ask.incident(incident_id).owed


class TestWaivers:
    def test_waiving_ones_own_p0_is_refused(self, db, people, report, does):
        own = report(by=people.manager)
        with pytest.raises(CannotWaive, match="Somebody else"):
            does(people.manager, WaiveObligation(incident_id=own, reason="A drill"))
        with Session(db) as session:
            assert session.scalars(select(WaiverRow)).all() == []

    def test_a_p0_takes_two_people(self, people, report, does, clock):
        number = report()
        assert does(people.manager, WaiveObligation(incident_id=number, reason="A drill")) is False
        assert seen(people, number).drafted.state is ClockState.PENDING
        with pytest.raises(CannotWaive, match="second person"):
            does(people.manager, WaiveObligation(incident_id=number))
        clock.forward(minutes=5)
        assert does(people.cto, WaiveObligation(incident_id=number)) is True
        owed = seen(people, number)
        assert (owed.drafted.state, owed.waiver_reason, owed.approvals) == (ClockState.WAIVED, "A drill", 2)

    def test_a_newly_fired_rule_voids_it_and_it_may_be_waived_again(self, db, people, report, does):
        number = report(Severity.P1, sla_breach=True)
        does(people.manager, WaiveObligation(incident_id=number, reason="A drill"))
        assert seen(people, number).is_waived
        does(people.anna, ChangeSeverity(incident_id=number, severity=Severity.P0))
        assert not seen(people, number).is_waived
        does(people.manager, WaiveObligation(incident_id=number, reason="Still a drill"))
        with Session(db) as session:
            found = session.execute(select(WaiverRow.reason, WaiverRow.voided_by_rule).order_by(WaiverRow.id)).all()
            assert [tuple(row) for row in found] == [("A drill", "p0"), ("Still a drill", None)]
            assert len(session.scalars(select(WaiverApprovalRow)).all()) == 2

    def test_it_is_withdrawn_by_a_manager(self, people, report, does):
        number = report(Severity.P1, sla_breach=True)
        does(people.manager, WaiveObligation(incident_id=number, reason="A drill"))
        with pytest.raises(Forbidden):
            does(people.lead, WithdrawWaiver(incident_id=number))
        does(people.cto, WithdrawWaiver(incident_id=number))
        assert seen(people, number).drafted.state is ClockState.PENDING

    @pytest.mark.parametrize("who", ["anna", "lead", "viewer", "administrator"])
    def test_others_may_not(self, people, report, does, who):
        with pytest.raises(Forbidden):
            does(getattr(people, who), WaiveObligation(incident_id=report(), reason="A drill"))

    def test_nothing_is_said_of_an_incident_that_is_not_seen(self, people, report, does):
        with pytest.raises(NotFound):
            does(people.manager, WaiveObligation(incident_id=report(restricted=True), reason="A drill"))


def cover(number, postmortem_id):
    return SettleIncident(
        incident_id=number, disposition=Disposition.COVERED, reason="The same pool", covered_by_id=postmortem_id
    )


class TestSettling:
    def test_three_alerts_of_one_cause_give_one_document_and_three_met_obligations(self, db, clock):
        story = reviewed.published(db)  # one P0, written, signed and published by the commands
        with acting.as_user(story.author):
            others = [
                run(
                    ReportIncident(
                        title=f"Alert {n}", severity=Severity.P0, service="email-service", started_at=STARTED,
                        facts=MoreFacts(resolved_at=RESOLVED),
                    )
                )
                for n in (2, 3)
            ]  # fmt: skip
        with acting.as_user(story.lead):
            for number in others:
                run(cover(number, story.id))
            found = ask.ledger(LedgerFilter())
            met = {(row.drafted.state, row.published.state) for row in found.rows}
        assert (found.total, met) == (3, {(ClockState.MET, ClockState.MET)})
        with Session(db) as session:
            assert len(session.scalars(select(PostmortemRow)).all()) == 1

    def test_those_covered_first_meet_their_clocks_when_the_draft_is_shared(self, people, report, does, clock):
        one, two, three = report(), report(), report()
        postmortem = does(people.anna, StartPostmortem(incident_id=one))
        for number in (two, three):
            does(people.lead, cover(number, postmortem))
        assert seen(people, two).settled_by == "P0-001"
        clock.forward(hours=3)
        does(people.anna, ShareDraft(postmortem_id=postmortem))
        for number in (one, two, three):
            assert seen(people, number).drafted.state is ClockState.MET
            assert seen(people, number).drafted.stopped_at == NOON + 3 * HOUR

    def test_covering_late_what_was_shared_in_time_is_in_time(self, people, report, does, clock):
        one, two = report(), report()
        postmortem = does(people.anna, StartPostmortem(incident_id=one))
        does(people.anna, ShareDraft(postmortem_id=postmortem))
        clock.forward(days=5)
        does(people.lead, cover(two, postmortem))
        assert seen(people, two).drafted.state is ClockState.MET
        assert seen(people, two).published.state is ClockState.MISSED

    def test_a_stop_stands_for_ever(self, db, people, report, begin):
        number = report()
        with begin() as work:
            work.obligations.stop(incident_id=number, clock=ClockKind.DRAFTED, at=NOON, by_id=people.anna)
        with begin() as work:
            work.obligations.stop(incident_id=number, clock=ClockKind.DRAFTED, at=NOON + HOUR, by_id=None)
        with Session(db) as session:
            assert session.scalars(select(ClockStopRow.at)).all() == [NOON]

    def test_one_with_a_post_mortem_of_its_own_is_not_covered(self, people, report, does):
        one, two = report(), report()
        first = does(people.anna, StartPostmortem(incident_id=one))
        does(people.anna, StartPostmortem(incident_id=two))
        with pytest.raises(CannotSettle, match="of its own"):
            does(people.lead, cover(two, first))
        with pytest.raises(NotFound):
            does(people.lead, cover(report(), 999))
        with pytest.raises(CannotSettle, match="Choose the post-mortem"):
            does(people.lead, cover(report(), None))

    def test_a_duplicate_names_one_that_stands_for_both(self, people, report, does):
        one, two, three = report(), report(), report()

        def duplicate(number, of):
            return SettleIncident(
                incident_id=number, disposition=Disposition.DUPLICATE, reason="The same alert", duplicate_of_id=of
            )

        does(people.lead, duplicate(two, one))
        assert (seen(people, two).settled_by, seen(people, two).drafted.state) == ("P0-001", ClockState.NONE)
        with pytest.raises(CannotSettle, match="P0-002 is settled itself"):
            does(people.lead, duplicate(three, two))
        with pytest.raises(CannotSettle, match="Choose the other incident"):
            does(people.lead, duplicate(three, three))
        with pytest.raises(NotFound):
            does(people.lead, duplicate(three, 999))

    def test_ones_own_is_not_called_none_and_an_engineer_settles_nothing(self, people, report, does):
        nothing = {"disposition": Disposition.NOT_AN_INCIDENT, "reason": "Noise"}
        with pytest.raises(CannotSettle, match="Somebody else"):
            does(people.lead, SettleIncident(incident_id=report(by=people.lead), **nothing))
        number = report()
        with pytest.raises(Forbidden):
            does(people.boris, SettleIncident(incident_id=number, **nothing))
        does(people.lead, SettleIncident(incident_id=number, **nothing))
        assert seen(people, number).disposition_reason == "Noise"
        does(people.manager, ReopenIncident(incident_id=number))
        assert seen(people, number).drafted.state is ClockState.PENDING

    def test_what_covers_it_is_not_named_to_whom_may_not_see_it(self, people, report, does):
        one, two = report(by=people.lead, restricted=True), report()
        postmortem = does(people.lead, StartPostmortem(incident_id=one))
        does(people.lead, cover(two, postmortem))
        with acting.as_user(people.boris):
            assert ask.incident(two).owed.settled_by == ""
        assert seen(people, two).settled_by == "P0-001"


class TestHandOver:
    def test_the_new_author_owes_and_writes_it(self, db, people, report, does):
        number = report()
        postmortem = does(people.anna, StartPostmortem(incident_id=number))
        does(people.anna, HandOver(incident_id=number, to_id=people.boris, note=" The log\nis full "))
        owed = seen(people, number)
        assert (owed.author, owed.hand_over_note) == ("Boris Ivanov", "The log is full")
        with Session(db) as session:
            assert session.get_one(PostmortemRow, postmortem).author_id == people.boris
        with pytest.raises(CannotHandOver, match="being written"):
            does(people.boris, HandOver(incident_id=number, to_id=None))

    def test_both_are_told_until_they_have_seen_it(self, people, report, does):
        number = report()
        postmortem = does(people.anna, StartPostmortem(incident_id=number))
        does(people.lead, HandOver(incident_id=number, to_id=people.boris, note="The log is full"))

        def told(user_id):
            with acting.as_user(user_id):
                return ask.inbox().calls.handed_over.rows

        (mine,), (gone,) = told(people.boris), told(people.anna)
        assert (mine.is_mine_now, mine.other, mine.by, mine.note, mine.postmortem_id) == (
            True, "Anna Petrova", "Lena Orlova", "The log is full", postmortem,
        )  # fmt: skip
        assert (gone.is_mine_now, gone.other, gone.by, gone.id) == (False, "Boris Ivanov", "Lena Orlova", mine.id)
        assert told(people.lead) == ()
        does(people.boris, PutHandOverAway(hand_over_id=mine.id))
        assert (told(people.boris), told(people.anna)) == ((), (gone,))
        does(people.anna, PutHandOverAway(hand_over_id=mine.id))
        assert told(people.anna) == ()
        with pytest.raises(NotFound):
            does(people.lead, PutHandOverAway(hand_over_id=mine.id))

    def test_of_a_restricted_incident_only_who_still_sees_it_is_told(self, people, report, does):
        number = report(by=people.lead, restricted=True)
        does(people.lead, HandOver(incident_id=number, to_id=people.boris))
        does(people.lead, HandOver(incident_id=number, to_id=people.anna))
        with acting.as_user(people.boris):
            assert ask.inbox().calls.handed_over.rows == ()
        with acting.as_user(people.anna):
            assert [row.public_id for row in ask.inbox().calls.handed_over.rows] == ["P0-001"]

    def test_to_the_queue_and_taken_out_of_it(self, people, report, does):
        number = report()
        does(people.anna, HandOver(incident_id=number, to_id=None))
        assert seen(people, number).author_id is None
        does(people.boris, HandOver(incident_id=number, to_id=people.boris))
        assert seen(people, number).author == "Boris Ivanov"

    def test_not_to_a_viewer_nor_by_a_bystander(self, people, report, does, rows):
        number = report()
        with pytest.raises(CannotHandOver, match="somebody active"):
            does(people.anna, HandOver(incident_id=number, to_id=people.viewer))
        with pytest.raises(CannotHandOver, match="Only its author"):
            does(people.boris, HandOver(incident_id=number, to_id=people.lead))
        with pytest.raises(NotFound):
            does(people.anna, HandOver(incident_id=number, to_id=999))
        does(people.lead, HandOver(incident_id=number, to_id=people.boris))
        assert seen(people, number).author == "Boris Ivanov"


def test_a_stale_save_is_refused(begin, report):
    number = report()
    with begin() as work:
        known = work.obligations.get(number)
        work.obligations.save(known)
    with pytest.raises(EditConflict), begin() as work:
        work.obligations.save(known)
    with pytest.raises(NotFound), begin() as work:
        work.obligations.get(999)


def test_no_deadline_is_touched_by_handing_over(db, people, report, does):
    number = report()
    with Session(db) as session:
        before = session.get_one(ObligationRow, number).drafted_due_at
    does(people.anna, HandOver(incident_id=number, to_id=people.boris))
    with Session(db) as session:
        assert session.get_one(ObligationRow, number).drafted_due_at == before == RESOLVED + 48 * HOUR
