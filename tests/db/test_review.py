"""Share, submit, sign, return, publish, amend, close: on both engines."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ActionItemRow, ClockStopRow, EditionRow, MemberRow, ObligationRow, PostmortemRow, ReturnRow
from db.unit_of_work import unit_of_work
from pmcore.domain.edition import NoteMissing
from pmcore.domain.errors import NotFound, Refusals
from pmcore.domain.lifecycle import NotNow
from pmcore.domain.permissions import Forbidden
from pmcore.domain.postmortem import NotTheAuthor
from pmcore.domain.rail_vocabulary import Verdict
from pmcore.domain.retrospective import BadVerdict
from pmcore.domain.sign_off import CannotSign, NothingToWithdraw
from pmcore.domain.vocabulary import ClockKind, MemberRole, Role, SectionKey, Severity, SignRole
from pmcore.usecases.amending import StartAmendment
from pmcore.usecases.item_progress import ReportProgress, Update
from pmcore.usecases.publishing import ClosePostmortem, Publish, ReopenPostmortem
from pmcore.usecases.retrospective import GiveVerdict
from pmcore.usecases.review import (
    ChangedWhileReading,
    ReturnForChanges,
    ShareDraft,
    Sign,
    SubmitForReview,
    WithdrawSignature,
)
from tests import reviewed
from tests.factories import NOON, make_user
from wiring import run


def one(engine: Any, query: Any) -> Any:
    with Session(engine) as session:
        return session.scalars(query).one()


def postmortem(engine: Any, story: reviewed.Story) -> PostmortemRow:
    return one(engine, select(PostmortemRow).filter_by(id=story.id))


def stop(engine: Any, incident_id: int, clock: ClockKind) -> Any:
    with Session(engine) as session:
        return session.scalar(select(ClockStopRow.at).filter_by(incident_id=incident_id, clock=clock))


def sentences(refused: pytest.ExceptionInfo[Refusals]) -> str:
    return str(refused.value)


@pytest.fixture
def another_incident(rows):
    """Covered by the story's post-mortem."""

    def covered(story: reviewed.Story) -> int:
        from tests.factories import add  # a copy of the story's incident, owed with it

        with rows() as session:
            from db.models import IncidentRow

            first = session.get(IncidentRow, story.incident_id)
            columns = [c.key for c in IncidentRow.__table__.columns if c.key != "id" and c.computed is None]
            values = {key: getattr(first, key) for key in columns}
            twin = add(session, IncidentRow(**values | {"public_id": "P0-777"}))
            owed = session.get(ObligationRow, story.incident_id)
            values = {c.key: getattr(owed, c.key) for c in ObligationRow.__table__.columns}
            add(
                session,
                ObligationRow(
                    **values
                    | {
                        "incident_id": twin.id,
                        "disposition": "covered",
                        "disposition_reason": "Same cause",
                        "covered_by_id": story.id,
                    }
                ),
            )
            return twin.id

    return covered


class TestShare:
    def test_stops_the_drafted_clock_of_every_covered_incident_for_ever(self, wired, clock, as_user, another_incident):
        story = reviewed.drafted(wired)
        twin = another_incident(story)
        with as_user(story.author):
            run(ShareDraft(postmortem_id=story.id))
            clock.forward(hours=1)
            run(SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))
        assert stop(wired, story.incident_id, ClockKind.DRAFTED) == NOON
        assert stop(wired, twin, ClockKind.DRAFTED) == NOON
        assert postmortem(wired, story).shared_at == NOON

    def test_is_the_authors_to_do_and_once_only(self, wired, clock, as_user):
        story = reviewed.begun(wired)
        with as_user(story.bystander), pytest.raises(NotTheAuthor):
            run(ShareDraft(postmortem_id=story.id))
        with as_user(story.author):
            run(ShareDraft(postmortem_id=story.id))
            with pytest.raises(NotNow, match="shared already"):
                run(ShareDraft(postmortem_id=story.id))


class TestSubmit:
    def test_names_everything_that_is_missing_at_once(self, wired, clock, as_user):
        story = reviewed.begun(wired)
        with as_user(story.author), pytest.raises(Refusals) as refused:
            run(SubmitForReview(postmortem_id=story.id, reviewer_ids=()))
        sections = {problem.section for problem in refused.value.problems}
        assert {SectionKey.SUMMARY, SectionKey.ROOT_CAUSE, SectionKey.IMPACT, SectionKey.ACTION_ITEMS} <= sections
        assert SectionKey.SIGN_OFF in sections
        assert "Tech Lead" in sentences(refused)
        assert postmortem(wired, story).status == "draft"

    def test_names_its_reviewers_and_shares_the_draft(self, wired, clock, as_user):
        story = reviewed.submitted(wired)
        with Session(wired) as session:
            asked = set(session.scalars(select(MemberRow.user_id).filter_by(role=MemberRole.REVIEWER)))
        assert asked == set(story.reviewers)
        row = postmortem(wired, story)
        assert (row.status, row.submitted_at, row.shared_at) == ("in_review", NOON, NOON)

    def test_refuses_reviewers_who_write_or_have_left(self, wired, clock, as_user, rows):
        story = reviewed.drafted(wired)
        with rows() as session:
            gone = make_user(session, "Gone Lead", Role.TECH_LEAD, active=False).id
        with as_user(story.author), pytest.raises(Refusals) as refused:
            run(SubmitForReview(postmortem_id=story.id, reviewer_ids=(story.author, gone, story.manager, story.cto)))
        assert "Anna Petrova is an author" in sentences(refused)
        assert "Gone Lead can no longer sign in" in sentences(refused)
        assert "Tech Lead" in sentences(refused)

    def test_a_deputy_can_be_named_for_the_days_of_deputising(self, wired, clock, as_user, rows):
        from db.models import DeputyRow

        story = reviewed.drafted(wired)
        with rows() as session:
            session.add(
                DeputyRow(
                    principal_id=story.lead,
                    deputy_id=story.bystander,
                    role=Role.TECH_LEAD,
                    starts_on=NOON.date(),
                    ends_on=NOON.date(),
                )
            )
        named = (story.bystander, story.manager, story.cto)
        with as_user(story.author):
            run(SubmitForReview(postmortem_id=story.id, reviewer_ids=named))
        with as_user(story.bystander):
            run(Sign(postmortem_id=story.id, role=SignRole.TECH_LEAD, seen=reviewed.hashes(wired, story)))
        clock.forward(days=2)
        with as_user(story.bystander), pytest.raises(CannotSign):
            run(Sign(postmortem_id=story.id, role=SignRole.TECH_LEAD, seen=reviewed.hashes(wired, story)))


class TestSign:
    def test_is_bound_to_what_was_read(self, wired, clock, as_user):
        story = reviewed.submitted(wired)
        seen = reviewed.hashes(wired, story)
        reviewed.write(wired, story, SectionKey.ROOT_CAUSE, root_cause="Something else")
        with as_user(story.lead), pytest.raises(ChangedWhileReading):
            run(Sign(postmortem_id=story.id, role=SignRole.TECH_LEAD, seen=seen))

    def test_is_not_for_authors_nor_for_other_roles(self, wired, clock, as_user, rows):
        story = reviewed.submitted(wired)
        with rows() as session:
            from db.models import UserRoleRow

            session.add(UserRoleRow(user_id=story.author, role=Role.TECH_LEAD))
        seen = reviewed.hashes(wired, story)
        with as_user(story.author), pytest.raises(CannotSign, match="of their own"):
            run(Sign(postmortem_id=story.id, role=SignRole.TECH_LEAD, seen=seen))
        with as_user(story.lead), pytest.raises(CannotSign, match="do not hold"):
            run(Sign(postmortem_id=story.id, role=SignRole.CTO, seen=seen))

    def test_an_edit_voids_and_undoing_it_restores(self, wired, clock, as_user):
        story = reviewed.signed(wired)
        reviewed.write(wired, story, SectionKey.ROOT_CAUSE, root_cause="Something else")
        with as_user(story.author):
            with pytest.raises(Refusals, match="signature is void"):
                run(Publish(postmortem_id=story.id))
            reviewed.write(wired, story, SectionKey.ROOT_CAUSE, root_cause="Pool size")
            run(Publish(postmortem_id=story.id))

    def test_an_optional_field_voids_only_what_it_says_something_in(self, wired, clock, as_user):
        """Content of a release that did not have the field is signed as it was, whoever saves it unchanged."""
        story = reviewed.signed(wired)
        before = reviewed.hashes(wired, story)
        assert "decision" not in stored_content(wired, story)
        reviewed.write(wired, story, SectionKey.SUMMARY, decision=" ", confirmed=[])
        assert reviewed.hashes(wired, story) == before
        reviewed.write(wired, story, SectionKey.SUMMARY, decision="Buy it.", confirmed=[{"id": "sla", "figure": "sla"}])
        with as_user(story.author), pytest.raises(Refusals, match="signature is void"):
            run(Publish(postmortem_id=story.id))
        reviewed.write(wired, story, SectionKey.SUMMARY, decision="", confirmed=[])
        assert "decision" not in stored_content(wired, story)
        with as_user(story.author):
            run(Publish(postmortem_id=story.id))

    def test_can_be_taken_back(self, wired, clock, as_user):
        story = reviewed.signed(wired)
        with as_user(story.lead):
            run(WithdrawSignature(postmortem_id=story.id, role=SignRole.TECH_LEAD))
            with pytest.raises(NothingToWithdraw):
                run(WithdrawSignature(postmortem_id=story.id, role=SignRole.TECH_LEAD))
        with as_user(story.author), pytest.raises(Refusals, match="The Tech Lead has not signed yet"):
            run(Publish(postmortem_id=story.id))


def stored_content(engine, story):
    with unit_of_work(engine)() as work:
        return work.sections.get(story.id, SectionKey.SUMMARY).content


class TestReturn:
    def test_sends_it_back_with_reasons_and_takes_the_signature_along(self, wired, clock, as_user):
        story = reviewed.signed(wired)
        with as_user(story.lead):
            run(ReturnForChanges(postmortem_id=story.id, role=SignRole.TECH_LEAD, reasons="  Say why.  "))
        assert postmortem(wired, story).status == "draft"
        assert one(wired, select(ReturnRow)).reasons == "Say why."
        with as_user(story.author):
            run(SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))
            with pytest.raises(Refusals, match="Tech Lead has not signed") as refused:
                run(Publish(postmortem_id=story.id))
        assert len(refused.value.problems) == 1
        assert one(wired, select(ReturnRow)).answered_at == NOON

    def test_is_refused_to_those_who_cannot_sign(self, wired, clock, as_user):
        story = reviewed.submitted(wired)
        for who in (story.author, story.bystander):
            with as_user(who), pytest.raises(CannotSign):
                run(ReturnForChanges(postmortem_id=story.id, role=SignRole.TECH_LEAD, reasons="No"))


class TestPublish:
    def test_freezes_an_edition_and_stops_the_clock_once(self, wired, clock, as_user, another_incident):
        story = reviewed.signed(wired)
        twin = another_incident(story)
        with as_user(story.author):
            assert run(Publish(postmortem_id=story.id)) == 1
            clock.forward(days=1)
            run(StartAmendment(postmortem_id=story.id))
            reviewed.write(wired, story, SectionKey.SUMMARY, incident="Mail and chat could not be sent.")
            run(SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))
        reviewed.sign(wired, story, SignRole.CTO)
        with as_user(story.author):
            with pytest.raises(NoteMissing):
                run(Publish(postmortem_id=story.id))
            assert run(Publish(postmortem_id=story.id, note="Chat was hit, too.")) == 2
        row = postmortem(wired, story)
        assert (row.status, row.amendment, row.first_published_at, row.edition_number) == ("published", None, NOON, 2)
        for incident_id in (story.incident_id, twin):
            assert stop(wired, incident_id, ClockKind.PUBLISHED) == NOON
        with Session(wired) as session:
            first, second = session.scalars(select(EditionRow).order_by(EditionRow.number))
        assert first.content["sections"]["summary"]["incident"] == "Mail could not be sent."
        assert second.content["sections"]["summary"]["incident"] == "Mail and chat could not be sent."
        assert second.note == "Chat was hit, too."
        assert [signature["standing"] for signature in second.content["signatures"]] == ["valid"] * 3

    def test_makes_promises_of_complete_proposals(self, wired, clock, as_user):
        story = reviewed.published(wired)
        item = one(wired, select(ActionItemRow))
        assert (item.state, item.committed_at) == ("committed", NOON)
        assert postmortem(wired, story).items_total == 1

    def test_names_everything_that_is_missing_at_once(self, wired, clock, as_user):
        story = reviewed.submitted(wired)
        reviewed.write(wired, story, SectionKey.LESSONS, lessons=[])
        with as_user(story.author), pytest.raises(Refusals) as refused:
            run(Publish(postmortem_id=story.id))
        assert "lesson" in sentences(refused)
        assert "CTO has not signed" in sentences(refused)
        assert postmortem(wired, story).edition_number == 0

    def test_below_p0_and_without_a_cto_the_manager_covers_the_rest(self, wired, clock, as_user):
        story = reviewed.signed(wired, severity=Severity.P1)
        reviewed.write(wired, story, SectionKey.SUMMARY, impact="More.")
        with as_user(story.author):
            with pytest.raises(Refusals, match="Engineering Manager's signature is void"):
                run(Publish(postmortem_id=story.id))
            reviewed.sign(wired, story, SignRole.ENGINEERING_MANAGER)
            run(Publish(postmortem_id=story.id))

    def test_is_not_for_everybody_nor_for_an_unseen_one(self, wired, clock, as_user):
        story = reviewed.signed(wired)
        with as_user(story.bystander), pytest.raises(NotTheAuthor):
            run(Publish(postmortem_id=story.id))
        with as_user(story.author), pytest.raises(NotFound):
            run(Publish(postmortem_id=story.id + 1))

    def test_status_updates_afterwards_void_nothing(self, wired, clock, as_user):
        story = reviewed.published(wired)
        item = one(wired, select(ActionItemRow))
        before = reviewed.hashes(wired, story)
        from pmcore.domain.action_item import Progress

        with as_user(story.author):
            for _ in range(20):
                clock.forward(hours=1)
                run(ReportProgress(updates=(Update(item_id=item.id, progress=Progress.ON_TRACK, note="Going on"),)))
        assert reviewed.hashes(wired, story) == before


class TestClose:
    def test_waits_for_open_promises(self, wired, clock, as_user):
        story = reviewed.published(wired)
        with as_user(story.manager), pytest.raises(Refusals, match="AI-1 is still open"):
            run(ClosePostmortem(postmortem_id=story.id))
        with as_user(story.author), pytest.raises(Forbidden):
            run(ClosePostmortem(postmortem_id=story.id))

    def test_and_reopens(self, wired, clock, as_user, rows):
        story = reviewed.published(wired)
        with rows() as session:
            session.scalars(select(ActionItemRow)).one().deleted_at = NOON + timedelta(hours=1)
        with as_user(story.manager):
            with pytest.raises(BadVerdict):
                run(ClosePostmortem(postmortem_id=story.id))
            run(GiveVerdict(postmortem_id=story.id, verdict=Verdict.PREVENTED, reason="It held twice"))
            run(ClosePostmortem(postmortem_id=story.id))
            assert postmortem(wired, story).status == "closed"
            with pytest.raises(NotNow, match="closed"):
                run(StartAmendment(postmortem_id=story.id))
            run(ReopenPostmortem(postmortem_id=story.id))
        assert postmortem(wired, story).status == "published"
