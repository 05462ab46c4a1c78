"""The edges of each definition, told by the commands themselves; both engines."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from db.models import (
    ActionItemRow,
    AuditRow,
    IncidentRow,
    PostmortemRow,
    PublishingTimeRow,
    RecurrenceRow,
    UserRoleRow,
    UserRow,
    WorkspaceRow,
)
from db.queries.metrics import metrics
from db.queries.metrics_lines import WITHOUT_EFFECT
from db.queries.metrics_period import shape_of
from db.queries.metrics_rows import metric_rows
from db.queries.metrics_sums import counts, sums
from pmcore.documents import metrics_json
from pmcore.domain.action_item import Progress
from pmcore.domain.item_terms import Terms
from pmcore.domain.metrics import Beside, Metric, MetricVerdict, Reason
from pmcore.domain.permissions import Actor
from pmcore.domain.rail_vocabulary import Verdict
from pmcore.domain.vocabulary import (
    ActionKind,
    ActionPriority,
    Disposition,
    Role,
    SectionKey,
    Severity,
    SignRole,
)
from pmcore.readmodels.metrics import MetricsFilter, RowMark, RowsFilter, Which
from pmcore.usecases.action_items import CommitItems, ProposeItem
from pmcore.usecases.amending import StartAmendment
from pmcore.usecases.incidents import ChangeSeverity
from pmcore.usecases.item_progress import ExtendItem, ReportProgress, Update, VerifyItem, WontDo
from pmcore.usecases.obligations import SettleIncident, WaiveObligation
from pmcore.usecases.publishing import Publish
from pmcore.usecases.retrospective import GiveVerdict
from pmcore.usecases.review import ReturnForChanges, ShareDraft, SubmitForReview
from tests import rail, reviewed
from tests.factories import NOON, make_incident, make_service, make_user
from tests.tracked import make_tracked
from wiring import acting, ask, run

WINTER = MetricsFilter(since=date(2025, 12, 1), until=date(2026, 2, 28))


def figure(metric, *, by, filter=WINTER):
    with acting.as_user(by):
        return ask.metrics(filter).figures[metric]


def rows_of(metric, *, by, which=Which.ALL, filter=WINTER):
    with acting.as_user(by):
        return ask.metric_rows(filter, RowsFilter(metric=metric, which=which)).rows


def beside(found, what):
    return next(each for each in found.besides if each.what is what)


def done_as(user_id, command):
    with acting.as_user(user_id):
        return run(command)


class TestNothing:
    def test_an_empty_workspace_has_neither_none_nor_all(self, wired, clock, rows):
        with rows() as session:
            story = reviewed.people(session)
        with acting.as_user(story.author):
            view = ask.metrics(WINTER)
        assert list(view.figures) == list(Metric)
        for found in view.figures.values():
            assert (found.value, found.n, found.of, found.low) == (None, 0, 0, None)
            assert found.verdict is MetricVerdict.NOTHING
        assert view.dots == ()
        assert view.rounds_closed == 0

    @pytest.mark.parametrize("metric", [Metric.SATISFACTION, Metric.BLAMELESS_SCORE])
    def test_the_survey_has_no_rows(self, wired, clock, rows, metric):
        with rows() as session:
            story = reviewed.people(session)
        assert rows_of(metric, by=story.manager) == ()


class TestP0Completion:
    def test_pending_is_not_counted_until_its_deadline_is_over(self, wired, clock):
        story = reviewed.begun(wired)
        found = figure(Metric.P0_COMPLETION, by=story.author)
        assert (found.value, found.of, found.left_out) == (None, 0, ((Reason.PENDING, 1),))
        clock.forward(hours=43, minutes=12)  # its very moment
        assert figure(Metric.P0_COMPLETION, by=story.author).left_out == ((Reason.PENDING, 1),)
        clock.forward(minutes=15)
        found = figure(Metric.P0_COMPLETION, by=story.author)
        assert (found.value, found.n, found.of, found.verdict) == (0.0, 0, 1, MetricVerdict.MISSES)
        assert [named.public_id for named in found.named] == ["P0-001"]

    def test_shared_in_time_counts_at_once(self, wired, clock):
        story = reviewed.begun(wired)
        done_as(story.author, ShareDraft(postmortem_id=story.id))
        found = figure(Metric.P0_COMPLETION, by=story.author)
        assert (found.value, found.low, found.verdict) == (1.0, None, MetricVerdict.MEETS)
        assert beside(found, Beside.PUBLISHED_EVER).value == 0.0

    def test_shared_late_does_not(self, wired, clock):
        story = reviewed.begun(wired)
        clock.forward(days=3)
        done_as(story.author, ShareDraft(postmortem_id=story.id))
        assert figure(Metric.P0_COMPLETION, by=story.author).value == 0.0
        assert rows_of(Metric.P0_COMPLETION, by=story.author)[0].marks == (RowMark.LATE,)

    def test_waived_stays_in(self, wired, clock):
        story = reviewed.begun(wired)
        done_as(story.manager, WaiveObligation(incident_id=story.incident_id, reason="A drill of the supplier"))
        done_as(story.cto, WaiveObligation(incident_id=story.incident_id))
        clock.forward(days=3)
        found = figure(Metric.P0_COMPLETION, by=story.author)
        assert (found.n, found.of, beside(found, Beside.WAIVED).value) == (0, 1, 1)
        row = rows_of(Metric.P0_COMPLETION, by=story.author, which=Which.AGAINST)[0]
        assert (row.marks, row.why) == ((RowMark.WAIVED,), "A drill of the supplier")

    def test_covered_counts_with_the_post_mortem_that_covers_it(self, wired, clock, rows):
        story = reviewed.begun(wired)
        with rows() as session:
            other_id = make_incident(session, public_id="P0-002", reporter_id=story.author, service_id=1).id
        covering = SettleIncident(
            incident_id=other_id, disposition=Disposition.COVERED, reason="The same pool", covered_by_id=story.id
        )
        done_as(story.lead, covering)
        done_as(story.author, ShareDraft(postmortem_id=story.id))
        found = figure(Metric.P0_COMPLETION, by=story.author)
        assert (found.n, found.of, found.left_out) == (1, 1, ((Reason.COVERED, 1),))
        row = rows_of(Metric.P0_COMPLETION, by=story.author, which=Which.LEFT_OUT)[0]
        assert (row.reference, row.other, row.why) == ("P0-002", "P0-001", "The same pool")

    def test_a_smaller_incident_that_covers_two_p0_counts_once(self, wired, clock, rows):
        story = reviewed.begun(wired, severity=Severity.P1)
        for number in (2, 3):
            with rows() as session:
                made = make_incident(session, public_id=f"P0-00{number}", reporter_id=story.author, service_id=1)
                incident_id = made.id
            covering = SettleIncident(
                incident_id=incident_id, disposition=Disposition.COVERED, reason="Same", covered_by_id=story.id
            )
            done_as(story.lead, covering)
        done_as(story.author, ShareDraft(postmortem_id=story.id))
        found = figure(Metric.P0_COMPLETION, by=story.author)
        assert (found.n, found.of, found.left_out) == (1, 1, ((Reason.COVERED, 1),))

    @pytest.mark.parametrize(
        ("disposition", "reason"),
        [(Disposition.NOT_AN_INCIDENT, Reason.NOT_AN_INCIDENT), (Disposition.DUPLICATE, Reason.DUPLICATE)],
    )
    def test_what_owes_nothing_is_listed_and_not_counted(self, wired, clock, rows, disposition, reason):
        story = reviewed.begun(wired)
        with rows() as session:
            other = make_tracked(session, "P0-002", author=story.bystander, service=1).incident_id
        twin = story.incident_id if disposition is Disposition.DUPLICATE else None
        done_as(
            story.lead,
            SettleIncident(incident_id=other, disposition=disposition, reason="A test", duplicate_of_id=twin),
        )
        clock.forward(days=3)
        found = figure(Metric.P0_COMPLETION, by=story.author)
        assert (found.of, found.left_out) == (1, ((reason, 1),))

    def test_a_corrected_slip_never_was_a_p0(self, wired, clock):
        story = reviewed.begun(wired)
        slip = ChangeSeverity(incident_id=story.incident_id, severity=Severity.P2, is_slip=True, reason="Typed wrong")
        done_as(story.manager, slip)
        clock.forward(days=3)
        assert rows_of(Metric.P0_COMPLETION, by=story.author) == ()

    def test_a_downgraded_p0_was_one(self, wired, clock):
        story = reviewed.begun(wired)
        done_as(story.author, ChangeSeverity(incident_id=story.incident_id, severity=Severity.P2, reason="Fewer users"))
        clock.forward(days=3)
        row = rows_of(Metric.P0_COMPLETION, by=story.author)[0]
        assert (row.n, row.of, row.severity, row.marks) == (0, 1, Severity.P0, (RowMark.DOWNGRADED,))

    def test_other_severities_are_none_of_its_business(self, wired, clock):
        story = reviewed.begun(wired, severity=Severity.P1)
        clock.forward(days=3)
        assert rows_of(Metric.P0_COMPLETION, by=story.author) == ()


class TestTimeToPublish:
    def test_what_is_not_published_is_still_running(self, wired, clock, rows):
        story = reviewed.begun(wired)
        with rows() as session:
            for number in (2, 3):
                make_tracked(session, f"P1-00{number}", author=story.author, service=1)
        clock.forward(days=10)
        found = figure(Metric.TIME_TO_PUBLISH, by=story.author)
        assert (found.value, found.n, found.of, found.verdict) == (None, 0, 3, MetricVerdict.MISSES)
        assert beside(found, Beside.STILL_RUNNING).value == 3
        assert {row.marks for row in rows_of(Metric.TIME_TO_PUBLISH, by=story.author)} == {(RowMark.RUNNING,)}

    def test_younger_than_48_hours_is_not_in_the_share_yet(self, wired, clock):
        story = reviewed.published(wired)
        found = figure(Metric.TIME_TO_PUBLISH, by=story.author)
        assert (found.of, found.left_out, found.value) == (0, ((Reason.PENDING, 1),), 5.0)
        clock.forward(hours=44)
        found = figure(Metric.TIME_TO_PUBLISH, by=story.author)
        assert (found.n, found.of, found.value, found.verdict) == (1, 1, 5.0, MetricVerdict.TOO_FEW)

    def test_the_first_edition_counts_for_ever(self, wired, clock):
        story = reviewed.published(wired)
        clock.forward(days=20)
        done_as(story.author, StartAmendment(postmortem_id=story.id))
        reviewed.write(wired, story, SectionKey.SUMMARY, incident="Mail could not be sent for twelve minutes.")
        done_as(story.author, SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))
        for role in SignRole:
            reviewed.sign(wired, story, role)
        done_as(story.author, Publish(postmortem_id=story.id, note="Clearer"))
        row = rows_of(Metric.TIME_TO_PUBLISH, by=story.author)[0]
        assert (row.n, row.of) == (1, 1)
        assert row.value == pytest.approx(4.8)

    def test_it_is_split_into_writing_and_waiting_for_whom(self, wired, clock, rows):
        story = reviewed.drafted(wired)  # 4 h 48 min after the clock began
        clock.forward(hours=2)
        done_as(story.author, SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))
        clock.forward(hours=1)
        reviewed.sign(wired, story, SignRole.TECH_LEAD)
        sent_back = ReturnForChanges(
            postmortem_id=story.id, role=SignRole.ENGINEERING_MANAGER, reasons="Say which pool it was, please."
        )
        done_as(story.manager, sent_back)
        clock.forward(hours=4)
        done_as(story.author, SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))
        clock.forward(hours=5)
        reviewed.sign(wired, story, SignRole.ENGINEERING_MANAGER)
        clock.forward(hours=3)
        reviewed.sign(wired, story, SignRole.CTO)
        clock.forward(hours=2)
        done_as(story.author, Publish(postmortem_id=story.id))
        with rows() as session:
            spent = session.get(PublishingTimeRow, story.id)
            hours = [round(getattr(spent, name) / 3600, 1) for name in ("writing", "review", "signed")]
            waited = [round(getattr(spent, role.value) / 3600, 1) for role in SignRole]
        assert hours == [10.8, 9.0, 2.0]
        assert waited == [1.0, 6.0, 9.0]
        found = figure(Metric.TIME_TO_PUBLISH, by=story.author)
        assert beside(found, Beside.WRITING).value == pytest.approx(10.8)
        assert beside(found, Beside.WAITING_TECH_LEAD).value == pytest.approx(1.0)
        assert beside(found, Beside.MEAN).value == pytest.approx(21.8)

    def test_what_nobody_owes_is_not_measured(self, wired, clock):
        story = reviewed.published(wired, severity=Severity.P2, with_cto=False, sla_breach=False)
        assert rows_of(Metric.TIME_TO_PUBLISH, by=story.author) == ()


def _committed(story, *, due=date(2025, 12, 20), priority=ActionPriority.HIGH, kind=ActionKind.DETECTION):
    terms = Terms(
        title="Watch", kind=kind, priority=priority, owner_id=story.author, due_on=due, criterion="An alert at 80%"
    )
    item_id = done_as(story.author, ProposeItem(postmortem_id=story.id, terms=terms))
    done_as(story.author, CommitItems(postmortem_id=story.id))
    return item_id


def _done(item_id):
    return ReportProgress(updates=(Update(item_id=item_id, progress=Progress.DONE, note="https://graph"),))


class TestActionItems:
    def test_done_by_the_end_of_that_day(self, wired, clock):
        story = reviewed.begun(wired)
        item_id = _committed(story)
        found = figure(Metric.ACTIONS_DONE, by=story.author)
        assert (found.value, found.left_out) == (None, ((Reason.NOT_DUE, 1),))
        clock.now = datetime(2025, 12, 20, 20, 59, tzinfo=UTC)  # 23:59 in Moscow
        done_as(story.author, _done(item_id))
        assert figure(Metric.ACTIONS_DONE, by=story.author).of == 0  # the day is not over
        clock.forward(minutes=2)
        found = figure(Metric.ACTIONS_DONE, by=story.author)
        assert (found.n, found.of, found.verdict) == (1, 1, MetricVerdict.TOO_FEW)
        assert (beside(found, Beside.HIGH_PRIORITY).n, beside(found, Beside.HIGH_PRIORITY).of) == (1, 1)

    def test_a_minute_later_is_late(self, wired, clock, rows):
        story = reviewed.begun(wired)
        item_id = _committed(story)
        clock.now = datetime(2025, 12, 20, 21, 0, tzinfo=UTC)  # midnight in Moscow, still the 20th in Greenwich
        done_as(story.author, _done(item_id))
        with rows() as session:
            assert session.get(ActionItemRow, item_id).done_on == date(2025, 12, 21)
        found = figure(Metric.ACTIONS_DONE, by=story.author)
        assert (found.n, found.of, beside(found, Beside.DONE_LATE).value) == (0, 1, 1)

    def test_extending_excuses_nothing(self, wired, clock):
        story = reviewed.begun(wired)
        item_id = _committed(story)
        done_as(story.author, ExtendItem(item_id=item_id, due_on=date(2026, 1, 20), reason="A holiday"))
        clock.forward(days=10)
        done_as(story.author, _done(item_id))
        row = rows_of(Metric.ACTIONS_DONE, by=story.author)[0]
        assert (row.n, row.of, row.on) == (0, 1, date(2025, 12, 20))
        assert set(row.marks) == {RowMark.EXTENDED, RowMark.LATE}
        assert row.reference == "P0-001/AI-1"

    def test_what_will_not_be_done_stays_in_with_its_reason(self, wired, clock):
        story = reviewed.begun(wired)
        item_id = _committed(story)
        done_as(story.author, ShareDraft(postmortem_id=story.id))
        done_as(story.manager, WontDo(item_id=item_id, reason="The service is switched off"))
        clock.forward(days=10)
        found = figure(Metric.ACTIONS_DONE, by=story.author)
        assert (found.n, found.of, beside(found, Beside.WONT_DO).value) == (0, 1, 1)
        row = rows_of(Metric.ACTIONS_DONE, by=story.author, which=Which.AGAINST)[0]
        assert (row.why, row.marks) == ("The service is switched off", (RowMark.WONT_DO,))

    def test_overdue_oldest_and_long_open_stand_beside(self, wired, clock):
        story = reviewed.begun(wired)
        _committed(story)
        _committed(story, due=date(2025, 12, 30))
        clock.now = datetime(2026, 1, 20, 12, tzinfo=UTC)
        found = figure(Metric.ACTIONS_DONE, by=story.author)
        assert [beside(found, what).value for what in (Beside.OVERDUE, Beside.OLDEST_OVERDUE, Beside.OPEN_LONG)] == [
            2, 31, 2,
        ]  # fmt: skip

    def test_a_proposal_is_no_promise(self, wired, clock):
        story = reviewed.drafted(wired)
        clock.forward(days=20)
        assert rows_of(Metric.ACTIONS_DONE, by=story.author) == ()

    def test_an_unshared_draft_keeps_its_items_to_itself(self, wired, clock):
        story = reviewed.begun(wired)
        _committed(story)
        clock.forward(days=20)
        assert figure(Metric.ACTIONS_DONE, by=story.bystander).of == 0
        assert figure(Metric.ACTIONS_DONE, by=story.author).of == 1


class TestRecurrence:
    @pytest.fixture
    def again(self, wired, clock, rows):
        """P0-001, published on day 0, was repeated 40 days after its resolution."""
        story = reviewed.published(wired)
        with rows() as session:
            later = make_tracked(
                session, "P1-002", author=story.author, service=1, started_at=NOON + timedelta(days=40)
            )
            starts = dict(session.execute(select(IncidentRow.id, IncidentRow.started_at)).all())
            session.add(
                RecurrenceRow(
                    incident_id=later.incident_id, earlier_id=story.incident_id,
                    incident_started_at=starts[later.incident_id], earlier_started_at=starts[story.incident_id],
                    state="confirmed", proposed_at=NOON, named_by_id=None, reasons=[], author_id=None,
                    decided_by_id=story.lead, decided_at=NOON, decision_note="", version=1,
                )
            )  # fmt: skip
        clock.now = NOON + timedelta(days=60)
        return story

    def _decide(self, rows, state):
        decided = {"decided_by_id": None, "decided_at": None} if state == "proposed" else {}
        with rows() as session:
            session.execute(update(RecurrenceRow).values(state=state, decision_note="Another pool", **decided))

    def _at(self, days):
        return MetricsFilter(since=WINTER.since, until=WINTER.until, window_days=days)

    def test_within_the_window_only(self, again, clock):
        found = figure(Metric.RECURRENCE, by=again.author, filter=self._at(30))
        assert (found.n, found.of, found.verdict) == (0, 1, MetricVerdict.TOO_FEW)
        clock.now = NOON + timedelta(days=91)
        found = figure(Metric.RECURRENCE, by=again.author, filter=self._at(90))
        assert (found.n, found.of, found.verdict) == (1, 1, MetricVerdict.MISSES)
        assert rows_of(Metric.RECURRENCE, by=again.author, filter=self._at(90))[0].other == "P1-002"

    def test_younger_ones_are_out_and_listed(self, again):
        found = figure(Metric.RECURRENCE, by=again.author, filter=self._at(90))
        assert (found.value, found.left_out) == (None, ((Reason.YOUNG, 1),))

    def test_an_action_that_was_still_open_is_named(self, again, clock):
        clock.now = NOON + timedelta(days=91)
        found = figure(Metric.RECURRENCE, by=again.author, filter=self._at(90))
        assert beside(found, Beside.ACTION_STILL_OPEN).value == 1
        assert [named.public_id for named in found.named] == ["P0-001"]

    @pytest.mark.parametrize(("state", "what"), [("proposed", Beside.UNDECIDED), ("refused", Beside.REFUSED)])
    def test_only_a_confirmed_one_counts(self, again, clock, rows, state, what):
        self._decide(rows, state)
        clock.now = NOON + timedelta(days=91)
        found = figure(Metric.RECURRENCE, by=again.author, filter=self._at(90))
        assert (found.n, found.of, beside(found, what).value) == (0, 1, 1)

    def test_what_one_may_not_see_repeats_nothing(self, again, clock, rows):
        with rows() as session:
            session.execute(update(IncidentRow).where(IncidentRow.public_id == "P1-002").values(restricted=True))
        clock.now = NOON + timedelta(days=91)
        assert figure(Metric.RECURRENCE, by=again.bystander, filter=self._at(90)).n == 0
        assert figure(Metric.RECURRENCE, by=again.author, filter=self._at(90)).n == 1

    def test_the_verdicts_of_day_30_stand_beside(self, wired, clock, rows):
        story = reviewed.published(wired)
        clock.forward(days=40)
        found = figure(Metric.RECURRENCE, by=story.author)
        assert beside(found, Beside.NO_VERDICT).value == 1
        by = story.manager
        done_as(by, GiveVerdict(postmortem_id=story.id, verdict=Verdict.NOT_EXERCISED, reason="Nothing alike happened"))
        found = figure(Metric.RECURRENCE, by=story.author)
        told = [
            beside(found, what).value
            for what in (Beside.PREVENTED, Beside.NOT_EXERCISED, Beside.RECURRED, Beside.NO_VERDICT)
        ]
        assert told == [0, 1, 0, 0]
        assert rows_of(Metric.RECURRENCE, by=story.author)[0].marks == (RowMark.NOT_EXERCISED,)
        assert found.n == 0


class TestAttendanceAndDetection:
    def test_required_invitees_of_meetings_that_were_held(self, wired, clock):
        story = rail.scheduled(wired)
        found = figure(Metric.ATTENDANCE, by=story.author)
        assert (found.value, found.left_out) == (None, ((Reason.NOT_YET_HELD, 1),))
        clock.forward(days=5, hours=1)
        assert figure(Metric.ATTENDANCE, by=story.author).left_out == ((Reason.NOT_HELD, 1),)
        rail.held(story)
        found = figure(Metric.ATTENDANCE, by=story.author)
        assert (found.n, found.of, found.verdict) == (3, 3, MetricVerdict.MEETS)
        optional = beside(found, Beside.OPTIONAL)
        assert (optional.n, optional.of) == (0, 1)

    def test_verified_detection_of_post_mortems_that_are_old_enough(self, wired, clock):
        story = reviewed.published(wired)
        with acting.as_user(story.author):
            item = ask.items(story.id)[0]
        done_as(story.author, _done(item.item_id))
        clock.forward(days=29)
        found = figure(Metric.NEW_DETECTION, by=story.author)
        assert (found.value, found.left_out) == (None, ((Reason.YOUNG, 1),))
        clock.forward(days=1)
        assert figure(Metric.NEW_DETECTION, by=story.author).value == 0.0  # done is not verified
        done_as(story.lead, VerifyItem(item_id=item.item_id))
        found = figure(Metric.NEW_DETECTION, by=story.author)
        assert (found.value, found.verdict) == (1.0, MetricVerdict.NO_TARGET)


class TestTimes:
    def test_medians_and_dots(self, wired, clock):
        story = reviewed.begun(wired)
        with acting.as_user(story.author):
            view = ask.metrics(WINTER)
        assert view.figures[Metric.TIME_TO_DETECT].value == 135
        assert view.figures[Metric.TIME_TO_RESOLVE].value == 585
        assert [(dot.public_id, dot.detect_seconds, dot.resolve_seconds) for dot in view.dots] == [("P0-001", 135, 585)]

    def test_an_unknown_time_is_left_out(self, wired, clock):
        story = reviewed.begun(wired, detected_at=None)
        assert figure(Metric.TIME_TO_DETECT, by=story.author).left_out == ((Reason.UNKNOWN, 1),)


class TestWhoSeesWhat:
    @pytest.mark.parametrize("what", ["dry_run", "restricted", "deleted_at"])
    def test_what_never_counts_is_not_even_listed(self, wired, clock, rows, what):
        story = reviewed.published(wired)
        clock.forward(days=40)
        assert rows_of(Metric.P0_COMPLETION, by=story.bystander)
        with rows() as session:
            session.execute(update(IncidentRow).values({what: NOON if what == "deleted_at" else True}))
            session.add(UserRoleRow(user_id=make_user(session, "Ada Admin").id, role=Role.ADMINISTRATOR))
            _something_happened(session)
        for metric in Metric:
            assert rows_of(metric, by=story.bystander) == ()
            found = figure(metric, by=story.bystander)
            assert (found.of, found.left_out) == (0, ())
        expected = 1 if what == "restricted" else 0
        assert len(rows_of(Metric.P0_COMPLETION, by=story.author)) == expected  # its author may see it

    def test_service_and_severity_narrow_it_down(self, wired, clock, rows):
        story = reviewed.published(wired)
        with rows() as session:
            other = make_service(session, "billing").id
            mine = session.scalar(select(IncidentRow.service_id))
        clock.forward(days=40)
        for service_id, severity, expected in ((mine, None, 1), (other, None, 0), (None, Severity.P1, 0)):
            filter = MetricsFilter(since=WINTER.since, until=WINTER.until, service_id=service_id, severity=severity)
            assert figure(Metric.TIME_TO_PUBLISH, by=story.author, filter=filter).of == expected


def _something_happened(session):
    """Rows that a test changed by itself stand in no audit."""
    session.add(AuditRow(at=NOON, actor_id=None, did="edit", target="incident/1"))


class TestNobodyIsRanked:
    def test_no_figure_and_no_row_names_a_person(self, wired, clock, rows):
        story = reviewed.published(wired)
        clock.forward(days=40)
        with rows() as session:
            names = set(session.scalars(select(UserRow.name))) | set(session.scalars(select(UserRow.username)))
        with acting.as_user(story.manager):
            view = ask.metrics(WINTER)
            said = metrics_json.render(view) + repr(view.dots)
            said += "".join(repr(ask.metric_rows(WINTER, RowsFilter(metric=metric)).rows) for metric in Metric)
        assert "P0-001" in said
        assert [name for name in names if name in said] == []

    def test_nothing_is_added_up_by_person(self, wired):
        actor = Actor(user_id=1, name="", roles=frozenset({Role.ENGINEER}), zone="UTC")
        shape = shape_of(actor, WINTER, as_of=NOON)
        for statement in (sums(shape), counts(shape)):
            for grouped in re.findall(r"GROUP BY ([^)]*)", str(statement.compile(wired))):
                assert not re.search(r"\b(author_id|owner_id|user_id|reporter_id|by_id)\b", grouped), grouped


class TestBorders:
    @pytest.mark.parametrize(
        ("due", "month"),
        [
            ("2026-03-31T21:59:59+00:00", 3),  # summer time has begun: midnight is at 22:00
            ("2026-03-31T22:00:00+00:00", 4),
            ("2026-02-28T22:59:59+00:00", 2),  # winter time: at 23:00
            ("2026-02-28T23:00:00+00:00", 3),
        ],
    )
    def test_a_month_ends_at_midnight_of_the_workspace(self, wired, clock, rows, due, month):
        clock.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
        with rows() as session:
            story = reviewed.people(session)
            session.execute(update(WorkspaceRow).values(zone="Europe/Berlin"))
            started = datetime.fromisoformat(due) - timedelta(hours=48)
            make_tracked(session, "P0-001", author=story.author, service=1, started_at=started, resolved_at=started)
        period = MetricsFilter(since=date(2026, 1, 1), until=date(2026, 4, 30))
        found = figure(Metric.P0_COMPLETION, by=story.author, filter=period)
        assert [point.since.month for point in found.trend if point.of] == [month]


class TestKept:
    def test_saving_text_counts_nothing_again(self, wired, clock, statements):
        story = reviewed.begun(wired)
        figure(Metric.P0_COMPLETION, by=story.author)
        reviewed.write(wired, story, SectionKey.SUMMARY, incident="Mail could not be sent.")
        with acting.as_user(story.author):
            actor = acting.actor()
        with statements() as said:
            metrics(wired, actor=actor, now=clock(), filter=WINTER)
        assert len(said) <= 1

    def test_the_lines_of_the_audit_that_change_nothing_are_written_somewhere(self):
        """A word that no command writes any more would hide that another one took its place."""
        folder = Path(__file__).parents[2] / "pmcore" / "usecases"
        said = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
        assert [did for did in WITHOUT_EFFECT if f'"{did}"' not in said] == []

    def test_whatever_else_happens_does(self, wired, clock):
        story = reviewed.begun(wired)
        assert figure(Metric.P0_COMPLETION, by=story.author).n == 0
        done_as(story.author, ShareDraft(postmortem_id=story.id))
        assert figure(Metric.P0_COMPLETION, by=story.author).n == 1

    def test_so_does_what_comes_to_light_later(self, wired, clock, rows):
        """On PostgreSQL a smaller id may be committed after a larger one."""
        story = reviewed.begun(wired)
        with rows() as session:
            session.add(AuditRow(id=900, at=NOON, actor_id=None, did="edit", target="incident/1"))
        figure(Metric.P0_COMPLETION, by=story.author)
        with rows() as session:
            session.execute(update(PostmortemRow).values(shared_at=NOON))
            session.execute(update(IncidentRow).values(dry_run=True))
            session.add(AuditRow(id=890, at=NOON, actor_id=None, did="edit", target="incident/1"))
        assert figure(Metric.P0_COMPLETION, by=story.author).left_out == ()

    def test_a_view_takes_few_statements_and_a_page_of_rows_three(self, wired, clock, statements):
        """With the look at what is remembered. What everybody sees is counted once: another reader asks what more that
        one sees."""
        story = reviewed.published(wired)
        clock.forward(days=40)
        most = {"sqlite": (8, 1), "postgresql": (10, 5)}[wired.dialect.name]
        for reader, at_most in zip((story.author, story.lead), most, strict=True):
            with acting.as_user(reader):
                actor = acting.actor()
            with statements() as said:
                metrics(wired, actor=actor, now=clock(), filter=WINTER)
            assert len(said) <= at_most
        for metric in Metric:
            with statements() as said:
                metric_rows(wired, actor=actor, now=clock(), filter=WINTER, asked=RowsFilter(metric=metric))
            assert len(said) <= 3
