"""From day 0 to day 30: what the commands keep, who may, and what the database refuses of its own accord."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import (
    ActionItemRow,
    AuditRow,
    EscalationRow,
    FeedbackRow,
    IncidentRow,
    IncidentViewerRow,
    MeetingRow,
    TimeSpentRow,
    UserRow,
    VerdictRow,
)
from pmcore.domain.action_item import Progress
from pmcore.domain.dry_run import BadFeedback, BadTime
from pmcore.domain.errors import EditConflict, NotFound
from pmcore.domain.lifecycle import NotNow
from pmcore.domain.meeting import BadMeeting, NotYourMeeting
from pmcore.domain.permissions import Forbidden
from pmcore.domain.postmortem import NotTheAuthor
from pmcore.domain.rail_vocabulary import Opinion, TimeKind, Verdict
from pmcore.domain.retrospective import BadEscalation, BadVerdict
from pmcore.domain.vocabulary import Role
from pmcore.usecases.dry_run import AskForFeedback, GiveFeedback, NoteTime, TakeTimeBack
from pmcore.usecases.item_progress import ReportProgress, Update
from pmcore.usecases.meeting import (
    BeginMeeting,
    CatchItem,
    EndMeeting,
    ResumeMeeting,
    SaveNotes,
    ScheduleMeeting,
    TickAttendance,
)
from pmcore.usecases.retrospective import AnswerEscalation, Escalate, GiveVerdict
from tests import reviewed
from tests.factories import NOON, make_user
from tests.rail import held, plan, scheduled
from wiring import acting, ask, run


def blocked(engine):
    """Published, its one item blocked."""
    story = reviewed.published(engine)
    with Session(engine) as session:
        (item_id,) = session.scalars(select(ActionItemRow.id)).all()
    with acting.as_user(story.author):
        update = Update(item_id=item_id, progress=Progress.BLOCKED, note="No access")
        run(ReportProgress(updates=(update,)))
    return story


def told(story, user_id, as_user):
    with as_user(user_id):
        return ask.rail(ask.writing(story.id))


def one(engine, row):
    with Session(engine) as session:
        return session.scalars(select(row)).one()


def refused(engine, row, **values):
    with Session(engine) as session, pytest.raises(IntegrityError):
        session.execute(insert(row).values(**values))


class TestMeeting:
    def test_is_told_with_its_people(self, wired, clock, as_user):
        story = scheduled(wired)
        meeting = told(story, story.bystander, as_user).meeting
        assert (meeting.presenter, meeting.facilitator) == ("Anna Petrova", "Egor Engineer")
        assert [(each.name, each.required) for each in meeting.attendees] == [
            ("Anna Petrova", True), ("Boris Lead", True), ("Egor Engineer", True), ("Clara Chief", False),
        ]  # fmt: skip
        assert not meeting.is_scheduled_late
        held(story)
        after = told(story, story.author, as_user).meeting
        assert (after.were_there, after.should_be_there) == (3, 3)
        assert after.held_at == NOON

    def test_set_after_48_hours_is_late(self, wired, clock, as_user):
        story = reviewed.begun(wired)
        clock.forward(hours=48)
        scheduled(wired, story=story)
        assert told(story, story.author, as_user).meeting.is_scheduled_late

    def test_who_plans_and_who_runs(self, wired, clock, as_user):
        story = reviewed.begun(wired)
        with as_user(story.bystander), pytest.raises(NotYourMeeting):
            run(ScheduleMeeting(postmortem_id=story.id, plan=plan(story)))
        scheduled(wired, story=story, facilitator_id=story.lead)
        with as_user(story.bystander):
            for command in (
                BeginMeeting(postmortem_id=story.id),
                EndMeeting(postmortem_id=story.id),
                ResumeMeeting(postmortem_id=story.id),
                SaveNotes(postmortem_id=story.id, notes="x", version=1),
                CatchItem(postmortem_id=story.id, title="x"),
                TickAttendance(postmortem_id=story.id, user_id=story.lead, attended=True),
            ):
                with pytest.raises(NotYourMeeting):
                    run(command)
            with pytest.raises(BadMeeting, match="not invited"):
                run(TickAttendance(postmortem_id=story.id, user_id=story.bystander, attended=True))
        with as_user(story.cto):
            run(TickAttendance(postmortem_id=story.id, user_id=story.cto, attended=True))

    def test_two_who_move_it_at_once(self, wired, clock, as_user):
        story = scheduled(wired)
        scheduled(wired, story=story, days=6, version=1)
        with as_user(story.lead), pytest.raises(EditConflict):
            run(ScheduleMeeting(postmortem_id=story.id, plan=plan(story, days=4), version=1))
        assert one(wired, MeetingRow).starts_at == NOON + timedelta(days=6)

    def test_ticks_do_not_stand_in_the_way_of_moving(self, wired, clock, as_user):
        story = scheduled(wired)
        with as_user(story.cto):
            run(TickAttendance(postmortem_id=story.id, user_id=story.cto, attended=True))
        scheduled(wired, story=story, days=6, version=1)
        ticked = [each.name for each in told(story, story.author, as_user).meeting.attendees if each.attended]
        assert ticked == ["Clara Chief"]

    def test_commands_before_there_is_one(self, wired, clock, as_user):
        story = reviewed.begun(wired)
        with as_user(story.author), pytest.raises(NotFound):
            run(BeginMeeting(postmortem_id=story.id))

    def test_ends_and_goes_on(self, wired, clock, as_user):
        story = scheduled(wired)
        held(story)
        with as_user(story.author):
            run(ResumeMeeting(postmortem_id=story.id))
        assert one(wired, MeetingRow).held_at is None
        with Session(wired) as session:
            did = set(session.scalars(select(AuditRow.did)))
        assert {"schedule_meeting", "begin_meeting", "attended", "end_meeting", "resume_meeting"} <= did

    def test_notes_have_a_version_of_their_own(self, wired, clock, as_user, rows):
        story = scheduled(wired)
        with as_user(story.author):
            run(SaveNotes(postmortem_id=story.id, notes="One", version=1))
            run(SaveNotes(postmortem_id=story.id, notes="One", version=1))  # says nothing new
            with pytest.raises(EditConflict):
                run(SaveNotes(postmortem_id=story.id, notes="Two", version=1))
        assert told(story, story.author, as_user).meeting.notes == "One"
        assert told(story, story.bystander, as_user).meeting.notes == "One"  # the facilitator's
        with rows() as session:
            other = make_user(session, "Ola Other", Role.ENGINEER).id
        assert told(story, other, as_user).meeting.notes == ""  # with the text, which is not shared

    def test_of_a_restricted_one_only_those_who_see_it_are_invited(self, wired, clock, as_user, rows):
        story = reviewed.begun(wired)
        with rows() as session:
            session.get(IncidentRow, story.incident_id).restricted = True
            for user_id in (story.lead, story.cto):
                session.add(IncidentViewerRow(incident_id=story.incident_id, user_id=user_id))
        with as_user(story.author), pytest.raises(BadMeeting, match="may not see"):
            run(ScheduleMeeting(postmortem_id=story.id, plan=plan(story)))
        scheduled(wired, story=story, facilitator_id=story.lead)
        with as_user(story.bystander):
            assert ask.inbox().calls.meetings.total == 0
            with pytest.raises(NotFound):
                run(TickAttendance(postmortem_id=story.id, user_id=story.bystander, attended=True))
            with pytest.raises(NotFound):
                ask.invitation(story.id)

    def test_nobody_who_left_is_invited(self, wired, clock, as_user, rows):
        story = reviewed.begun(wired)
        with rows() as session:
            session.get(UserRow, story.bystander).active = False
        with as_user(story.author), pytest.raises(BadMeeting):
            run(ScheduleMeeting(postmortem_id=story.id, plan=plan(story)))

    def test_the_database_holds_it_too(self, wired, clock):
        story = scheduled(wired)
        for change in ("minutes = 61", "minutes = 14", "held_at = scheduled_at", "uid = ' '", "sequence = -1"):
            with wired.execution_options(writes=True).begin() as connection, pytest.raises(IntegrityError):
                connection.execute(text(f"update meeting set {change} where postmortem_id = {story.id}"))


class TestCatching:
    def test_a_draft_gets_a_proposal(self, wired, clock, as_user):
        story = scheduled(wired)
        with as_user(story.bystander):
            run(CatchItem(postmortem_id=story.id, title="Alert on the pool"))
        item = one(wired, ActionItemRow)
        assert (item.state, item.title, item.owner_id) == ("proposed", "Alert on the pool", None)

    def test_a_published_text_is_opened_for_its_next_edition(self, wired, clock, as_user):
        story = scheduled(wired, story=reviewed.published(wired))
        with as_user(story.bystander):
            run(CatchItem(postmortem_id=story.id, title="Alert on the pool"))
            run(CatchItem(postmortem_id=story.id, title="Another"))
        with as_user(story.author):
            whole = ask.writing(story.id)
            assert whole.amendment == "draft"
            assert whole.edition_number == 1

    def test_a_closed_one_takes_none(self, wired, clock, as_user, rows):
        story = scheduled(wired, story=reviewed.published(wired))
        with rows() as session:
            session.execute(text("update postmortem set status = 'closed'"))
        with as_user(story.bystander), pytest.raises(NotNow):
            run(CatchItem(postmortem_id=story.id, title="Alert on the pool"))


class TestVerdict:
    def test_is_another_s_and_can_change(self, wired, clock, as_user):
        story = reviewed.published(wired)
        with as_user(story.author), pytest.raises(BadVerdict):
            run(GiveVerdict(postmortem_id=story.id, verdict=Verdict.PREVENTED, reason="Surely"))
        for verdict in (Verdict.NOT_EXERCISED, Verdict.RECURRED):
            with as_user(story.lead):
                run(GiveVerdict(postmortem_id=story.id, verdict=verdict, reason="See P0-002"))
        given = told(story, story.author, as_user).verdict
        assert (given.verdict, given.by) == (Verdict.RECURRED, "Boris Lead")

    def test_viewers_give_none(self, wired, clock, as_user, rows):
        story = reviewed.published(wired)
        with rows() as session:
            viewer = make_user(session, "Vera", Role.VIEWER).id
        with as_user(viewer), pytest.raises(Forbidden):
            run(GiveVerdict(postmortem_id=story.id, verdict=Verdict.PREVENTED, reason="x"))
        assert not told(story, viewer, as_user).may_judge
        assert told(story, story.lead, as_user).may_judge

    def test_the_database_holds_it_too(self, wired, clock):
        story = reviewed.begun(wired)
        usual = {"postmortem_id": story.id, "verdict": "prevented", "reason": "x", "at": NOON}
        refused(wired, VerdictRow, **usual, by_id=story.author, author_id=story.author)
        refused(wired, VerdictRow, **{**usual, "reason": " "}, by_id=story.lead, author_id=story.author)
        refused(wired, VerdictRow, **{**usual, "verdict": "fine"}, by_id=story.lead, author_id=story.author)


class TestEscalation:
    @pytest.fixture
    def story(self, wired, clock):
        return blocked(wired)

    def test_waits_in_the_manager_s_inbox_until_it_is_answered(self, wired, story, as_user):
        item = one(wired, ActionItemRow)
        with as_user(story.author):
            escalated = run(Escalate(item_id=item.id, reason="Need access"))
            with pytest.raises(BadEscalation, match="already"):
                run(Escalate(item_id=item.id, reason="Need access"))
        for user_id, total in ((story.manager, 1), (story.cto, 1), (story.author, 0), (story.lead, 0)):
            with as_user(user_id):
                assert ask.inbox().calls.escalations.total == total
        with as_user(story.lead), pytest.raises(Forbidden):
            run(AnswerEscalation(escalation_id=escalated, answer="No"))
        with as_user(story.manager):
            run(AnswerEscalation(escalation_id=escalated, answer="Granted"))
            assert ask.inbox().calls.escalations.total == 0
            with pytest.raises(BadEscalation):
                run(AnswerEscalation(escalation_id=escalated, answer="Again"))
            with pytest.raises(NotFound):
                run(AnswerEscalation(escalation_id=99, answer="x"))
        (seen,) = told(story, story.bystander, as_user).escalations
        assert (seen.answer, seen.number) == ("Granted", 1)
        with as_user(story.author):
            run(Escalate(item_id=item.id, reason="Still none"))
        assert len(told(story, story.author, as_user).escalations) == 2

    def test_ends_with_the_blockade(self, wired, story, as_user):
        item = one(wired, ActionItemRow)
        with as_user(story.author):
            run(Escalate(item_id=item.id, reason="Need access"))
            run(ReportProgress(updates=(Update(item_id=item.id, progress=Progress.ON_TRACK),)))
        with as_user(story.manager):
            assert ask.inbox().calls.escalations.total == 0

    def test_is_not_a_bystander_s(self, wired, story, as_user):
        item = one(wired, ActionItemRow)
        with as_user(story.bystander):
            with pytest.raises(Forbidden):
                run(Escalate(item_id=item.id, reason="x"))
            with pytest.raises(NotFound):
                run(Escalate(item_id=99, reason="x"))
        assert told(story, story.bystander, as_user).blocked == ()
        assert [each.number for each in told(story, story.lead, as_user).blocked] == [1]

    def test_the_database_holds_it_too(self, wired, story):
        item = one(wired, ActionItemRow)
        usual = {"item_id": item.id, "reason": "x", "by_id": story.author, "at": NOON}
        refused(wired, EscalationRow, **{**usual, "reason": ""})
        refused(wired, EscalationRow, **usual, answer="x")
        refused(wired, EscalationRow, **usual, answer=" ", answered_at=NOON, answered_by_id=story.lead)
        with Session(wired) as session, pytest.raises(IntegrityError):
            session.execute(insert(EscalationRow), [usual, usual])


class TestFeedback:
    @pytest.fixture
    def story(self, wired, clock, rows):
        story = reviewed.published(wired)
        with rows() as session:
            session.get(IncidentRow, story.incident_id).dry_run = True
        return story

    def test_is_asked_given_and_shown(self, wired, story, as_user):
        three = (story.lead, story.cto, story.bystander)
        with as_user(story.author):
            assert run(AskForFeedback(postmortem_id=story.id, user_ids=three)) == 3
            assert run(AskForFeedback(postmortem_id=story.id, user_ids=(story.manager, story.lead))) == 1
            assert [row.waits_for for row in ask.inbox().calls.feedback.rows] == [4]
        with as_user(story.bystander):
            assert [row.asked_by for row in ask.inbox().calls.feedback.rows] == ["Anna Petrova"]
            run(GiveFeedback(postmortem_id=story.id, easy=Opinion.YES, clear=Opinion.NO, missing="A field"))
            assert ask.inbox().calls.feedback.total == 0
        with as_user(story.author):
            assert [row.waits_for for row in ask.inbox().calls.feedback.rows] == [3]
        said = [each for each in told(story, story.author, as_user).feedback if each.answered_at]
        assert [(each.name, each.easy, each.missing) for each in said] == [("Egor Engineer", Opinion.YES, "A field")]

    def test_needs_three_a_dry_run_and_somebody_in_charge(self, wired, story, as_user, rows):
        with as_user(story.author), pytest.raises(BadFeedback):
            run(AskForFeedback(postmortem_id=story.id, user_ids=(story.lead, story.cto)))
        three = (story.lead, story.cto, story.manager)
        with as_user(story.bystander):
            with pytest.raises(NotTheAuthor):
                run(AskForFeedback(postmortem_id=story.id, user_ids=three))
            with pytest.raises(BadFeedback, match="Nobody asked"):
                run(GiveFeedback(postmortem_id=story.id, easy=Opinion.YES, clear=Opinion.YES))
        with rows() as session:
            session.get(UserRow, story.cto).active = False
        with as_user(story.author), pytest.raises(BadFeedback, match="deactivated"):
            run(AskForFeedback(postmortem_id=story.id, user_ids=three))
        with rows() as session:
            session.get(IncidentRow, story.incident_id).dry_run = False
        with as_user(story.author), pytest.raises(BadFeedback, match="dry runs only"):
            run(AskForFeedback(postmortem_id=story.id, user_ids=three))

    def test_the_database_holds_it_too(self, wired, story):
        usual = {"postmortem_id": story.id, "asked_by_id": story.author, "asked_at": NOON, "missing": ""}
        refused(wired, FeedbackRow, **usual, user_id=story.author)
        refused(wired, FeedbackRow, **usual, user_id=story.lead, easy="yes")
        refused(wired, FeedbackRow, **usual, user_id=story.lead, easy="yes", clear="maybe", answered_at=NOON)


class TestTime:
    def test_is_a_sum_and_can_be_taken_back_by_oneself(self, wired, clock, as_user):
        story = reviewed.begun(wired)
        with as_user(story.author):
            run(NoteTime(postmortem_id=story.id, kind=TimeKind.WRITING, minutes=90))
            back = run(NoteTime(postmortem_id=story.id, kind=TimeKind.WRITING, minutes=30))
            run(NoteTime(postmortem_id=story.id, kind=TimeKind.MEETING, minutes=60))
            with pytest.raises(BadTime):
                run(NoteTime(postmortem_id=story.id, kind=TimeKind.MEETING, minutes=0))
        with as_user(story.lead), pytest.raises(NotFound):
            run(back)
        assert told(story, story.lead, as_user).writing_seconds == 7200
        with as_user(story.author):
            run(back)
            with pytest.raises(NotFound):
                run(TakeTimeBack(postmortem_id=story.id, time_id=back.time_id))
        seen = told(story, story.lead, as_user)
        assert (seen.writing_seconds, seen.meeting_seconds) == (5400, 3600)

    def test_the_database_holds_it_too(self, wired, clock):
        story = reviewed.begun(wired)
        usual = {"postmortem_id": story.id, "kind": "writing", "by_id": story.author, "at": NOON}
        refused(wired, TimeSpentRow, **usual, minutes=0)
        refused(wired, TimeSpentRow, **usual, minutes=1441)
        refused(wired, TimeSpentRow, **{**usual, "kind": "sleep"}, minutes=5)


def test_all_of_it_takes_one_statement(wired, clock, as_user, statements):
    story = scheduled(wired, story=blocked(wired))
    with as_user(story.author):
        whole = ask.writing(story.id)
        with statements() as said:
            ask.rail(whole)
    assert len(said) == 1
