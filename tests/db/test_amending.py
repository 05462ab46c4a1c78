"""An amendment is started, given up and taken up again: on both engines."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditRow, EditionRow, PostmortemRow, ReturnRow, RevisionRow, SectionRow
from pmcore.domain.action_item import Progress
from pmcore.domain.item_terms import terms_of
from pmcore.domain.lifecycle import Event, NotNow
from pmcore.domain.permissions import Forbidden
from pmcore.domain.postmortem import NotTheAuthor
from pmcore.domain.vocabulary import ActionState, SectionKey, SignRole
from pmcore.usecases.action_items import EditItem, ProposeItem
from pmcore.usecases.amending import DiscardAmendment, StartAmendment
from pmcore.usecases.item_progress import ReportProgress, Update
from pmcore.usecases.publishing import Publish
from pmcore.usecases.review import ReturnForChanges, SubmitForReview
from tests import reviewed
from tests.factories import make_user
from wiring import ask, parts, run


def said(engine: Any, story: reviewed.Story, key: SectionKey) -> Any:
    with Session(engine) as session:
        return session.scalars(select(SectionRow).filter_by(postmortem_id=story.id, key=key)).one().content


def stage(engine: Any, story: reviewed.Story) -> Any:
    with Session(engine) as session:
        row = session.get(PostmortemRow, story.id)
        return row.status, row.amendment


def items(story: reviewed.Story) -> Any:
    with parts.begin() as work:
        return work.action_items.of(story.id)


@pytest.fixture
def amended(wired, clock, as_user):
    """Published, and then changed: a text, an item's title, another item."""
    story = reviewed.published(wired)
    clock.forward(days=1)
    with as_user(story.author):
        run(StartAmendment(postmortem_id=story.id))
        reviewed.write(wired, story, SectionKey.SUMMARY, incident="Mail and chat could not be sent.")
        first = items(story)[0]
        terms = terms_of(first)
        run(EditItem(item_id=first.id, version=first.version, commit=True, terms=_titled(terms, "Better worded")))
        run(ProposeItem(postmortem_id=story.id, terms=_titled(terms, "One more"), commit=True))
    return story


def _titled(terms: Any, title: str) -> Any:
    from dataclasses import replace

    return replace(terms, title=title)


class TestDiscard:
    def test_the_text_and_the_items_are_again_those_of_the_edition(self, wired, clock, as_user, amended):
        with as_user(amended.author):
            run(DiscardAmendment(postmortem_id=amended.id))
        assert stage(wired, amended) == ("published", None)
        with Session(wired) as session:
            edition = session.scalars(select(EditionRow)).one().content
        assert {key.value: said(wired, amended, key) for key in SectionKey} == edition["sections"]
        assert [(item.number, item.title) for item in items(amended)] == [
            (int(item["number"]), item["title"]) for item in edition["items"]
        ]

    def test_leaves_a_line_of_audit_and_what_was_written_in_the_history(self, wired, clock, as_user, amended):
        with as_user(amended.author):
            run(DiscardAmendment(postmortem_id=amended.id))
        with Session(wired) as session:
            assert session.scalars(select(AuditRow).filter_by(did="discard_amendment")).one().actor_id == amended.author
            told = session.scalars(
                select(RevisionRow).filter_by(section_key=SectionKey.SUMMARY).order_by(RevisionRow.number)
            ).all()
        assert [row.content["incident"] for row in told][-2:] == [
            "Mail and chat could not be sent.",
            "Mail could not be sent.",
        ]

    def test_the_signatures_of_the_edition_hold_for_the_next_amendment(self, wired, clock, as_user, amended):
        with as_user(amended.author):
            run(DiscardAmendment(postmortem_id=amended.id))
            run(StartAmendment(postmortem_id=amended.id))
            run(SubmitForReview(postmortem_id=amended.id, reviewer_ids=amended.reviewers))
            assert run(Publish(postmortem_id=amended.id, note="The same again")) == 2

    def test_an_item_that_somebody_has_begun_stays(self, wired, clock, as_user, amended):
        added = items(amended)[1]
        with as_user(added.owner_id):
            run(ReportProgress(updates=(Update(item_id=added.id, progress=Progress.ON_TRACK, note=""),)))
        with as_user(amended.author):
            back = run(DiscardAmendment(postmortem_id=amended.id))
            assert [item.title for item in items(amended)][1:] == ["One more"]
            run(back)
        assert items(amended)[1].state is ActionState.IN_PROGRESS

    def test_from_review_too_and_its_returns_are_over(self, wired, clock, as_user, amended):
        with as_user(amended.author):
            run(SubmitForReview(postmortem_id=amended.id, reviewer_ids=amended.reviewers))
        with as_user(amended.lead):
            run(ReturnForChanges(postmortem_id=amended.id, role=SignRole.TECH_LEAD, reasons="No"))
        with as_user(amended.manager):
            run(DiscardAmendment(postmortem_id=amended.id))
            assert ask.reading(amended.id, None).review.returns == ()
            run(StartAmendment(postmortem_id=amended.id))
            assert ask.reading(amended.id, None).review.returns == ()
        with Session(wired) as session:
            assert session.scalars(select(ReturnRow)).one().answered_at is not None

    def test_in_review_it_leaves_the_reviewers_inboxes(self, wired, clock, as_user, amended):
        with as_user(amended.author):
            run(SubmitForReview(postmortem_id=amended.id, reviewer_ids=amended.reviewers))
        with as_user(amended.cto):
            assert ask.inbox().to_sign.rows
        with as_user(amended.author):
            run(DiscardAmendment(postmortem_id=amended.id))
        with as_user(amended.cto):
            assert not ask.inbox().to_sign.rows

    def test_is_for_those_who_may_amend(self, wired, clock, as_user, amended, rows):
        with rows() as session:
            viewer = make_user(session, "Vera", "viewer").id
        with as_user(amended.bystander), pytest.raises(NotTheAuthor):
            run(DiscardAmendment(postmortem_id=amended.id))
        with as_user(viewer), pytest.raises(Forbidden):
            run(DiscardAmendment(postmortem_id=amended.id))
        for user_id, may in ((amended.author, True), (amended.manager, True), (amended.bystander, False)):
            with as_user(user_id):
                assert (Event.DISCARD in ask.reading(amended.id, None).review.may) is may

    def test_without_an_amendment_there_is_nothing_to_discard(self, wired, clock, as_user):
        story = reviewed.published(wired)
        with as_user(story.author), pytest.raises(NotNow, match="nothing to discard"):
            run(DiscardAmendment(postmortem_id=story.id))


class TestResume:
    def test_brings_everything_back_as_a_draft(self, wired, clock, as_user, amended):
        before = {key: said(wired, amended, key) for key in SectionKey}
        titles = [item.title for item in items(amended)]
        with as_user(amended.author):
            run(run(DiscardAmendment(postmortem_id=amended.id)))
        assert stage(wired, amended) == ("published", "draft")
        assert {key: said(wired, amended, key) for key in SectionKey} == before
        assert [item.title for item in items(amended)] == titles == ["Better worded", "One more"]

    def test_is_refused_beside_another_amendment_and_after_a_later_edition(self, wired, clock, as_user, amended):
        with as_user(amended.author):
            back = run(DiscardAmendment(postmortem_id=amended.id))
            run(StartAmendment(postmortem_id=amended.id))
            with pytest.raises(NotNow, match="one amendment at a time"):
                run(back)
            run(SubmitForReview(postmortem_id=amended.id, reviewer_ids=amended.reviewers))
            run(Publish(postmortem_id=amended.id, note="Again"))
            with pytest.raises(NotNow, match="later edition"):
                run(back)
            with as_user(amended.bystander), pytest.raises(NotTheAuthor):
                run(back)
