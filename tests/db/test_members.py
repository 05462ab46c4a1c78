"""Who works on a post-mortem: named and taken away, on both engines."""

import pytest

from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Forbidden
from pmcore.domain.postmortem import BadMember, NotTheAuthor
from pmcore.domain.vocabulary import MemberRole, Role, SectionKey
from pmcore.usecases.members import AddMember, RemoveMember
from pmcore.usecases.obligations import HandOver
from tests import reviewed
from tests.factories import make_user
from wiring import ask, run


@pytest.fixture
def story(wired, clock):
    return reviewed.begun(wired)


@pytest.fixture
def name(story, as_user):
    def name(user_id, role=MemberRole.CO_AUTHOR, by=None):
        with as_user(by or story.author):
            run(AddMember(postmortem_id=story.id, user_id=user_id, role=role))

    return name


@pytest.fixture
def take_away(story, as_user):
    def take_away(user_id, role=MemberRole.CO_AUTHOR, by=None):
        with as_user(by or story.author):
            run(RemoveMember(postmortem_id=story.id, user_id=user_id, role=role))

    return take_away


@pytest.fixture
def members(story, as_user):
    def members():
        with as_user(story.author):
            return {(member.name, member.role) for member in ask.writing(story.id).members}

    return members


def test_somebody_is_named_and_taken_away(story, name, take_away, members):
    name(story.bystander)
    name(story.lead, MemberRole.REVIEWER)
    assert members() == {("Egor Engineer", MemberRole.CO_AUTHOR), ("Boris Lead", MemberRole.REVIEWER)}
    take_away(story.bystander)
    assert members() == {("Boris Lead", MemberRole.REVIEWER)}


def test_a_co_author_names_others_and_a_reader_does_not(story, name, members):
    name(story.bystander)
    name(story.manager, MemberRole.PARTICIPANT, by=story.bystander)
    assert ("Mira Manager", MemberRole.PARTICIPANT) in members()


def test_who_settles_what_is_owed_names_people_too(story, name, members):
    name(story.bystander, by=story.manager)
    assert members() == {("Egor Engineer", MemberRole.CO_AUTHOR)}


def test_others_name_nobody(story, name, take_away):
    with pytest.raises(NotTheAuthor):
        name(story.lead, by=story.bystander)
    name(story.lead, MemberRole.REVIEWER)
    with pytest.raises(NotTheAuthor):
        take_away(story.lead, MemberRole.REVIEWER, by=story.bystander)


def test_everybody_gives_up_the_own_part(story, name, take_away, members):
    name(story.bystander)
    take_away(story.bystander, by=story.bystander)
    assert members() == set()


def test_nobody_who_has_left_or_may_not_write(story, name, rows):
    with rows() as session:
        gone = make_user(session, "Gone Person", Role.ENGINEER, active=False).id
        viewer = make_user(session, "Vera Viewer", Role.VIEWER).id
    with pytest.raises(BadMember) as refused:
        name(gone)
    assert str(refused.value) == "Gone Person is deactivated; name somebody else."
    with pytest.raises(BadMember):
        name(viewer)
    name(viewer, MemberRole.PARTICIPANT)
    with pytest.raises(Forbidden):
        name(story.lead, by=viewer)
    with pytest.raises(NotFound):
        name(999)


class TestDraftsThatAreNotShared:
    """Before it is shared, a draft's text is seen by those who write it or took part; others see its progress."""

    @pytest.mark.parametrize(
        ("role", "reads"),
        [(MemberRole.CO_AUTHOR, True), (MemberRole.PARTICIPANT, True), (MemberRole.REVIEWER, False), (None, False)],
    )
    def test_is_read_by_those_who_work_on_it(self, story, name, as_user, role, reads):
        if role is not None:
            name(story.bystander, role)
        with as_user(story.bystander):
            view = ask.writing(story.id)
            assert (view.may_read, len(view.sections)) == (reads, 11)
            assert bool(ask.revisions(story.id, SectionKey.SUMMARY)) is reads
            if reads:
                assert ask.section(story.id, SectionKey.SUMMARY).may_edit is (role is MemberRole.CO_AUTHOR)
                assert ask.revision(story.id, SectionKey.SUMMARY, 1).is_newest
            else:
                for question in (
                    lambda: ask.section(story.id, SectionKey.SUMMARY),
                    lambda: ask.revision(story.id, SectionKey.SUMMARY, 1),
                ):
                    with pytest.raises(NotFound):
                        question()


def test_the_new_author_writes_and_the_former_one_goes_on(story, as_user):
    with as_user(story.author):
        run(HandOver(incident_id=story.incident_id, to_id=story.bystander))
    with as_user(story.bystander):
        view = ask.writing(story.id)
    assert (view.author_id, view.may_edit) == (story.bystander, True)
    assert [(member.user_id, member.role) for member in view.members] == [(story.author, MemberRole.CO_AUTHOR)]


class TestStatements:
    def test_a_page_of_writing_asks_little_whatever_there_is(self, wired, story, as_user, statements):
        reviewed_story = story
        with as_user(reviewed_story.author):
            with statements() as said:
                ask.writing(story.id)
                ask.section(story.id, SectionKey.SUMMARY)
            assert len(said) <= 6
            with statements() as said:
                ask.revisions(story.id, SectionKey.SUMMARY)
                ask.revision(story.id, SectionKey.SUMMARY, 1)
            assert len(said) <= 3

    def test_lists_leave_the_text_where_it_is(self, story, as_user, statements):
        with as_user(story.author), statements() as said:
            ask.writing(story.id)
            ask.revisions(story.id, SectionKey.SUMMARY)
        assert not [text for text in said if "section.content," in text or "revision.content," in text]


def test_an_address_that_leads_nowhere(story, as_user):
    with as_user(story.author):
        for question in (lambda: ask.writing(999), lambda: ask.section(999, SectionKey.SUMMARY)):
            with pytest.raises(NotFound):
                question()
        with pytest.raises(NotFound):
            ask.revision(story.id, SectionKey.SUMMARY, 99)
        assert ask.revisions(999, SectionKey.SUMMARY) == ()
