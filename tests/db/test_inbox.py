"""What waits for whom."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ActionItemRow, DeputyRow, IncidentRow, ObligationRow
from pmcore.domain.vocabulary import ClockState, Role, SectionKey, Severity, SignRole
from pmcore.usecases.incidents import MoreFacts, ReportIncident
from pmcore.usecases.review import ReturnForChanges, ShareDraft
from tests import reviewed
from tests.factories import NOON
from wiring import ask, run


def report(title="Chat is down", severity=Severity.P0):
    return run(
        ReportIncident(
            title=title,
            severity=severity,
            service="chat",
            started_at=NOON,
            facts=MoreFacts(resolved_at=NOON),
        )
    )


class TestOwed:
    def test_is_what_nobody_has_begun_soonest_first(self, wired, clock, as_user):
        story = reviewed.begun(wired)
        clock.forward(minutes=1)
        with as_user(story.author):
            report()
            box = ask.inbox().owed
        assert [(row.public_id, row.clock) for row in box.rows] == [("P0-002", ClockState.PENDING)]
        with as_user(story.bystander):
            assert ask.inbox().owed.total == 0

    def test_without_an_author_is_the_managers_queue(self, wired, clock, as_user):
        story = reviewed.begun(wired)
        clock.forward(minutes=1)
        with as_user(story.author):
            incident_id = report()
        with Session(wired.execution_options(writes=True)) as session, session.begin():
            session.get(ObligationRow, incident_id).author_id = None
        with as_user(story.manager):
            (row,) = ask.inbox().owed.rows
        assert row.is_unassigned
        with as_user(story.author):
            assert ask.inbox().owed.total == 0

    def test_shows_a_few_and_counts_all(self, wired, clock, as_user):
        story = reviewed.begun(wired)
        clock.forward(minutes=1)
        with as_user(story.author):
            for number in range(7):
                report(f"Chat {number}")
            box = ask.inbox().owed
        assert (len(box.rows), box.total) == (4, 7)


class TestDrafts:
    def test_tell_their_next_step(self, wired, clock, as_user):
        story = reviewed.begun(wired)
        with as_user(story.author):
            (row,) = ask.inbox().drafts.rows
            assert row.next_step.section is SectionKey.SUMMARY
        for key, content in reviewed.WRITTEN.items():
            reviewed.write(wired, story, key, **content)
        with as_user(story.author):
            (row,) = ask.inbox().drafts.rows
            assert row.next_step.section is SectionKey.ACTION_ITEMS

    def test_run_against_the_clock_that_is_next(self, wired, clock, as_user):
        story = reviewed.begun(wired)
        with as_user(story.author):
            due = ask.inbox().drafts.rows[0].due_at
            run(ShareDraft(postmortem_id=story.id))
            row = ask.inbox().drafts.rows[0]
        assert due is not None
        assert row.clock is ClockState.PENDING

    def test_that_came_back_have_a_box_of_their_own(self, wired, clock, as_user):
        story = reviewed.submitted(wired)
        with as_user(story.lead):
            run(ReturnForChanges(postmortem_id=story.id, role=SignRole.TECH_LEAD, reasons="Why twice?" + "x" * 900))
        with as_user(story.author):
            found = ask.inbox()
        (row,) = found.returned.rows
        assert found.drafts.total == 0
        assert (row.returned_by, row.returned_as) == ("Boris Lead", SignRole.TECH_LEAD)
        assert row.reasons.startswith("Why twice?")
        assert len(row.reasons) == 300


class TestToSign:
    def test_is_what_waits_for_my_name(self, wired, clock, as_user):
        story = reviewed.submitted(wired)
        with as_user(story.lead):
            (row,) = ask.inbox().to_sign.rows
        assert (row.roles, row.is_void, row.submitted_at) == ((SignRole.TECH_LEAD,), False, NOON)
        reviewed.sign(wired, story, SignRole.TECH_LEAD)
        with as_user(story.lead):
            assert ask.inbox().to_sign.total == 0
        reviewed.write(wired, story, SectionKey.ROOT_CAUSE, root_cause="Another")
        with as_user(story.lead):
            (row,) = ask.inbox().to_sign.rows
        assert row.is_void
        for who in (story.author, story.bystander):
            with as_user(who):
                assert ask.inbox().to_sign.total == 0

    def test_is_shown_to_a_deputy_too(self, wired, clock, as_user):
        story = reviewed.submitted(wired)
        with Session(wired.execution_options(writes=True)) as session, session.begin():
            session.add(
                DeputyRow(
                    principal_id=story.lead,
                    deputy_id=story.bystander,
                    role=Role.TECH_LEAD,
                    starts_on=NOON.date(),
                    ends_on=NOON.date(),
                )
            )
        with as_user(story.bystander):
            (row,) = ask.inbox().to_sign.rows
        assert row.roles == (SignRole.TECH_LEAD,)


class TestItems:
    def test_are_mine_or_those_of_my_postmortems(self, wired, clock, as_user):
        story = reviewed.published(wired)
        with as_user(story.author):
            found = ask.inbox()
        assert [row.number for row in found.my_items.rows] == [1]
        assert found.their_items.total == 0
        with Session(wired.execution_options(writes=True)) as session, session.begin():
            session.scalars(select(ActionItemRow)).one().owner_id = story.bystander
        with as_user(story.author):
            found = ask.inbox()
        assert found.my_items.total == 0
        assert [row.owner for row in found.their_items.rows] == ["Egor Engineer"]
        with as_user(story.bystander):
            assert ask.inbox().my_items.total == 1


def test_restricted_incidents_stay_unseen(wired, clock, as_user):
    story = reviewed.submitted(wired)
    with Session(wired.execution_options(writes=True)) as session, session.begin():
        session.get(IncidentRow, story.incident_id).restricted = True
    with as_user(story.bystander):
        found = ask.inbox()
    assert found.owed.total == found.drafts.total == found.to_sign.total == found.my_items.total == 0


def test_asks_few_questions_however_much_there_is(wired, clock, as_user, statements):
    story = reviewed.submitted(wired)
    clock.forward(minutes=1)
    with as_user(story.author):
        for number in range(7):
            report(f"Chat {number}")
        with statements() as said:
            ask.inbox()
    assert len(said) <= 11, said


def test_a_minute_later_only_what_time_changes_is_asked_again(wired, clock, as_user, statements):
    """Marks of items are said anew from rows that are still there."""
    story = reviewed.submitted(wired)
    clock.forward(minutes=1)
    with as_user(story.author):
        ask.inbox()
        clock.forward(minutes=1)
        with statements() as said:
            ask.inbox()
    if wired.dialect.name == "sqlite":
        assert not [each for each in said if "recurrences" in each or "action_item.updated_at" in each], said
