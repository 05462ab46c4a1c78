"""Who is where now, and what others changed meanwhile: on both engines."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditRow, PresenceRow
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Forbidden
from pmcore.domain.vocabulary import MemberRole, PostmortemStatus, Role, SectionKey
from pmcore.readmodels.around import Here
from pmcore.usecases.members import AddMember
from pmcore.usecases.presence import BeHere
from pmcore.usecases.review import ShareDraft
from tests import reviewed
from tests.factories import make_user
from wiring import ask, run

SUMMARY, IMPACT, TIMELINE = SectionKey.SUMMARY, SectionKey.IMPACT, SectionKey.TIMELINE


@pytest.fixture
def story(wired, clock, as_user):
    """Anna writes with Egor."""
    story = reviewed.begun(wired)
    with as_user(story.author):
        run(AddMember(postmortem_id=story.id, user_id=story.bystander, role=MemberRole.CO_AUTHOR))
    return story


@pytest.fixture
def be(story, as_user):
    def be(user_id, key, left=None):
        with as_user(user_id):
            run(BeHere(postmortem_id=story.id, key=key, left=left))

    return be


@pytest.fixture
def here(story, as_user):
    def here(user_id):
        with as_user(user_id):
            return ask.around(story.id).here

    return here


def test_others_are_seen_where_they_are_and_oneself_is_not(story, be, here):
    be(story.author, SUMMARY)
    be(story.bystander, IMPACT)
    assert here(story.author) == (Here(name="Egor Engineer", key=IMPACT),)
    assert here(story.bystander) == (Here(name="Anna Petrova", key=SUMMARY),)


def test_going_elsewhere_leaves(story, be, here):
    be(story.bystander, IMPACT)
    be(story.bystander, TIMELINE, left=IMPACT)
    be(story.bystander, TIMELINE, left=TIMELINE)
    assert here(story.author) == (Here(name="Egor Engineer", key=TIMELINE),)


def test_who_is_not_heard_of_is_forgotten(wired, story, be, here, clock):
    be(story.bystander, IMPACT)
    clock.forward(seconds=34)
    assert here(story.author)
    clock.forward(seconds=1)
    assert here(story.author) == ()
    clock.forward(seconds=1)
    be(story.author, SUMMARY)
    with Session(wired) as session:
        assert session.scalars(select(PresenceRow.user_id)).all() == [story.author]


def test_it_leaves_no_trace(wired, story, be):
    with Session(wired) as session:
        before = len(session.scalars(select(AuditRow)).all())
    be(story.author, SUMMARY)
    with Session(wired) as session:
        assert len(session.scalars(select(AuditRow)).all()) == before


def test_only_for_those_who_may_read_and_write(story, be, here, rows, as_user):
    with rows() as session:
        viewer = make_user(session, "Vera Viewer", Role.VIEWER).id
    with pytest.raises(NotFound):
        be(story.lead, SUMMARY)
    with pytest.raises(NotFound):
        here(story.lead)
    with as_user(story.author):
        run(ShareDraft(postmortem_id=story.id))
    be(story.lead, SUMMARY)
    assert here(viewer) == (Here(name="Boris Lead", key=SUMMARY),)
    with pytest.raises(Forbidden):
        be(viewer, SUMMARY)


def test_what_others_changed_is_seen_with_one_statement(wired, story, as_user, statements):
    with as_user(story.bystander):
        before = ask.around(story.id)
        reviewed.write(wired, story, SUMMARY, prevention="A larger pool")
        ask.me()
        with statements() as said:
            after = ask.around(story.id)
    assert len(said) <= 2, "the question and, perhaps, who asks"
    assert after.versions[SUMMARY] == before.versions[SUMMARY] + 1
    assert after.stands[SUMMARY] != before.stands[SUMMARY]
    assert {key for key in SectionKey if after.versions[key] != before.versions[key]} == {SUMMARY}
    assert after.lifecycle == (PostmortemStatus.DRAFT, None)
