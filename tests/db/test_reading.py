"""Who reads which text of a post-mortem, and what they are told about it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from db.models import IncidentRow, WorkspaceRow
from pmcore.documents import markdown
from pmcore.domain.errors import NotFound
from pmcore.domain.lifecycle import Event
from pmcore.domain.sign_off import Standing
from pmcore.domain.vocabulary import ClockState, SectionKey, SignRole
from pmcore.usecases.amending import StartAmendment
from pmcore.usecases.publishing import Publish
from pmcore.usecases.review import ReturnForChanges, ShareDraft, SubmitForReview
from tests import reviewed
from tests.factories import NOON
from wiring import ask, run


def shown(view):
    return markdown.render(ask.document_of(view))


class TestText:
    def test_of_an_unshared_draft_is_its_authors(self, wired, clock, as_user):
        story = reviewed.drafted(wired)
        with as_user(story.author):
            assert "Mail could not be sent." in shown(ask.reading(story.id))
        with as_user(story.lead):
            view = ask.reading(story.id)
            assert view.content is None
            with pytest.raises(NotFound):
                ask.document(story.id)
        with as_user(story.author):
            run(ShareDraft(postmortem_id=story.id))
        with as_user(story.lead):
            assert "Mail could not be sent." in shown(ask.reading(story.id))

    def test_of_an_amendment_is_its_authors_and_reviewers(self, wired, clock, as_user):
        story = reviewed.published(wired)
        with as_user(story.author):
            run(StartAmendment(postmortem_id=story.id))
        reviewed.write(wired, story, SectionKey.SUMMARY, incident="Everything broke.")
        for who in (story.author, story.lead):
            with as_user(who):
                assert "Everything broke." in shown(ask.reading(story.id))
                assert "Mail could not be sent." in shown(ask.reading(story.id, 1))
        with as_user(story.bystander):
            view = ask.reading(story.id)
            assert view.edition == 1
            assert "Everything broke." not in shown(view)
            asked = ask.reading(story.id, ask.WORKING_COPY)
            assert asked.edition == 1
            assert "Everything broke." not in shown(asked)

    def test_of_a_restricted_one_is_nobody_elses(self, wired, clock, as_user):
        story = reviewed.drafted(wired)
        with Session(wired.execution_options(writes=True)) as session, session.begin():
            session.get(IncidentRow, story.incident_id).restricted = True
        with as_user(story.lead), pytest.raises(NotFound):
            ask.reading(story.id)

    def test_of_an_edition_that_does_not_exist_is_not_found(self, wired, clock, as_user):
        story = reviewed.published(wired)
        with as_user(story.author), pytest.raises(NotFound):
            ask.reading(story.id, 7)

    def test_shows_todays_state_of_an_item_in_an_old_edition(self, wired, clock, as_user):
        from sqlalchemy import select

        from db.models import ActionItemRow
        from pmcore.domain.action_item import Progress
        from pmcore.usecases.item_progress import ReportProgress, Update

        story = reviewed.published(wired)
        with Session(wired) as session:
            item = session.scalars(select(ActionItemRow.id)).one()
        with as_user(story.author):
            assert "- [ ] **AI-1:** Watch the pool" in shown(ask.reading(story.id))
            run(ReportProgress(updates=(Update(item_id=item, progress=Progress.DONE, note="It is watched: link"),)))
            assert "- [x] **AI-1:** Watch the pool" in shown(ask.reading(story.id))

    def test_names_roles_in_place_of_people_where_the_workspace_says_so(self, wired, clock, as_user):
        story = reviewed.published(wired)
        with Session(wired.execution_options(writes=True)) as session, session.begin():
            session.get(WorkspaceRow, 1).roles_for_names = True
        with as_user(story.bystander):
            text = shown(ask.reading(story.id))
        assert "Anna" not in text
        assert "Boris" not in text
        assert "**Author:** Engineer" in text
        assert "- [x] Tech Lead - Technical accuracy" in text


class TestReview:
    def test_says_who_signed_and_what_changed_since(self, wired, clock, as_user):
        story = reviewed.signed(wired)
        reviewed.write(wired, story, SectionKey.ROOT_CAUSE, root_cause="Another")
        with as_user(story.lead):
            review = ask.reading(story.id).review
        by_role = {line.role: line for line in review.sign_offs}
        assert by_role[SignRole.TECH_LEAD].standing is Standing.VOID
        assert by_role[SignRole.TECH_LEAD].changed == (SectionKey.ROOT_CAUSE,)
        assert by_role[SignRole.TECH_LEAD].by == "Boris Lead"
        assert by_role[SignRole.CTO].standing is Standing.VALID
        assert by_role[SignRole.TECH_LEAD].may_sign
        assert not by_role[SignRole.CTO].may_sign
        assert not review.is_signed_off

    def test_offers_what_the_commands_allow(self, wired, clock, as_user):
        story = reviewed.drafted(wired)
        with as_user(story.author):
            assert ask.reading(story.id).review.may == {Event.EDIT, Event.SHARE, Event.SUBMIT}
        with as_user(story.bystander):
            assert ask.reading(story.id).review.may == frozenset()
        with as_user(story.author):
            run(SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))
            assert ask.reading(story.id).review.may == {Event.EDIT, Event.SUBMIT, Event.PUBLISH}
        with as_user(story.manager):
            assert ask.reading(story.id).review.may == {Event.PUBLISH}
        for role in SignRole:
            reviewed.sign(wired, story, role)
        with as_user(story.author):
            run(Publish(postmortem_id=story.id))
            assert ask.reading(story.id).review.may == {Event.AMEND}

    def test_tells_the_clock_that_runs(self, wired, clock, as_user):
        story = reviewed.begun(wired)
        with as_user(story.author):
            review = ask.reading(story.id).review
            assert (review.clock, review.due_at) == (ClockState.PENDING, NOON + timedelta(hours=43, minutes=12))
            clock.forward(days=3)
            assert ask.reading(story.id).review.clock is ClockState.MISSED

    def test_shows_open_returns(self, wired, clock, as_user):
        story = reviewed.submitted(wired)
        with as_user(story.cto):
            run(ReturnForChanges(postmortem_id=story.id, role=SignRole.CTO, reasons="How many users?"))
        with as_user(story.author):
            (returned,) = ask.reading(story.id).review.returns
        assert (returned.by, returned.reasons, returned.role) == ("Clara Chief", "How many users?", SignRole.CTO)


def test_a_page_asks_few_questions_whatever_it_shows(wired, clock, as_user, statements):
    story = reviewed.published(wired)
    with as_user(story.author):
        run(StartAmendment(postmortem_id=story.id))
        with statements() as said:
            ask.document_of(ask.reading(story.id))
    assert len(said) <= 11, said
