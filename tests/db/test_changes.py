"""What is new to each reader, and that nothing which was read or signed is ever overwritten: on both engines."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import LookRow, RevisionRow
from pmcore.domain.errors import NotFound
from pmcore.domain.sign_off import CannotSign, Standing
from pmcore.domain.vocabulary import MemberRole, SectionKey, SignRole
from pmcore.domain.word_diff import Change
from pmcore.usecases.amending import StartAmendment
from pmcore.usecases.looking import NoteLook
from pmcore.usecases.obligations import HandOver
from pmcore.usecases.review import Sign
from tests import reviewed
from tests.reviewed import hashes, write
from wiring import ask, run

RESOLUTION, TIMELINE = SectionKey.RESOLUTION, SectionKey.TIMELINE


@pytest.fixture
def story(wired, clock):
    return reviewed.submitted(wired)


@pytest.fixture
def look(wired, story, as_user):
    """The person opens the page and sees it."""

    def look(user_id, *keys):
        with as_user(user_id):
            found = ask.changes(ask.reading(story.id))
            seen = {key: read for key, read in hashes(wired, story).items() if not keys or key in keys}
            run(NoteLook(postmortem_id=story.id, seen=seen))
        return found

    return look


def said(change, what=Change.ADDED):
    return [piece.text for field in change.fields for piece in field.pieces if piece.change is what]


def became(change):
    (field,) = change.fields
    return "".join(piece.text for piece in field.pieces if piece.change is not Change.DELETED)


def texts(engine, story, key=RESOLUTION):
    with Session(engine) as session:
        asked = select(RevisionRow.content).filter_by(postmortem_id=story.id, section_key=key)
        return [content["immediate_fix"] for content in session.scalars(asked.order_by(RevisionRow.number))]


class TestSinceTheLastLook:
    def test_each_reader_is_told_what_is_new_to_them(self, wired, story, clock, look, as_user):
        assert look(story.lead).news == ()
        clock.forward(hours=1)
        write(wired, story, RESOLUTION, immediate_fix="A larger pool")
        (change,) = look(story.lead).news
        assert (change.key, became(change), change.by) == (RESOLUTION, "A larger pool", "Anna Petrova")
        assert look(story.cto).news == ()
        clock.forward(hours=1)
        assert look(story.lead).news == ()

    def test_neither_a_click_nor_a_reload_takes_it_away_and_more_is_added(self, wired, story, clock, look):
        look(story.lead)
        clock.forward(hours=1)
        write(wired, story, RESOLUTION, immediate_fix="A larger pool")
        look(story.lead)
        clock.forward(minutes=1)
        assert [change.key for change in look(story.lead).news] == [RESOLUTION]
        write(wired, story, RESOLUTION, immediate_fix="A much larger pool")
        assert became(look(story.lead).news[0]) == "A much larger pool"
        assert became(look(story.lead).news[0]) == "A much larger pool"

    def test_what_was_read_in_the_midst_of_a_stretch_is_kept(self, wired, story, clock, look):
        clock.forward(hours=1)
        write(wired, story, RESOLUTION, immediate_fix="one")
        write(wired, story, RESOLUTION, immediate_fix="one two")
        look(story.lead)
        clock.forward(minutes=1)
        write(wired, story, RESOLUTION, immediate_fix="one two three")
        write(wired, story, RESOLUTION, immediate_fix="one two three four")
        assert texts(wired, story)[-2:] == ["one two", "one two three four"]
        clock.forward(hours=1)
        assert said(look(story.lead).news[0]) == [" three four"]

    def test_a_text_that_went_on_meanwhile_was_not_seen(self, wired, story, clock, as_user):
        old = hashes(wired, story)
        write(wired, story, RESOLUTION, immediate_fix="other")
        with as_user(story.lead):
            run(NoteLook(postmortem_id=story.id, seen=old))
            assert ask.changes(ask.reading(story.id)).unseen == {RESOLUTION}

    def test_undoing_leaves_nothing_to_show(self, wired, story, clock, look):
        look(story.lead)
        before = texts(wired, story)[-1]
        clock.forward(hours=1)
        write(wired, story, RESOLUTION, immediate_fix="other")
        write(wired, story, RESOLUTION, immediate_fix=before)
        assert look(story.lead).news == ()

    def test_who_may_not_read_leaves_nothing(self, wired, clock, as_user):
        story = reviewed.drafted(wired)
        with as_user(story.bystander):
            assert ask.changes(ask.reading(story.id)) is None
            with pytest.raises(NotFound):
                run(NoteLook(postmortem_id=story.id, seen=hashes(wired, story)))
        with Session(wired) as session:
            assert session.scalars(select(LookRow)).all() == []

    def test_beside_an_edition_there_is_nothing_to_compare(self, wired, clock, as_user):
        story = reviewed.published(wired)
        with as_user(story.lead):
            assert ask.changes(ask.reading(story.id)) is None
        with as_user(story.author):
            run(StartAmendment(postmortem_id=story.id))
            assert ask.changes(ask.reading(story.id)) is not None

    def test_it_takes_one_statement(self, wired, story, clock, look, as_user, statements):
        reviewed.sign(wired, story, SignRole.TECH_LEAD)
        look(story.lead)
        clock.forward(hours=1)
        write(wired, story, RESOLUTION, immediate_fix="other")
        with as_user(story.lead):
            view = ask.reading(story.id)
            with statements() as asked:
                changes = ask.changes(view)
        assert len(asked) == 1
        assert changes.news
        assert changes.signed


class TestSinceASignature:
    def test_a_void_one_shows_exactly_what_changed_since(self, wired, story, clock, as_user):
        reviewed.sign(wired, story, SignRole.TECH_LEAD)
        signed = texts(wired, story)[-1]
        clock.forward(seconds=30)
        write(wired, story, RESOLUTION, immediate_fix=f"{signed} Then")
        write(wired, story, RESOLUTION, immediate_fix=f"{signed} Then more")
        with as_user(story.bystander):
            changes = ask.changes(ask.reading(story.id))
        (change,) = changes.signed[SignRole.TECH_LEAD]
        assert (change.key, said(change), said(change, Change.DELETED)) == (RESOLUTION, [" Then more"], [])
        assert texts(wired, story)[-2:] == [signed, f"{signed} Then more"], "signing ends the stretch"

    def test_undone_it_is_valid_again(self, wired, story, clock, as_user):
        reviewed.sign(wired, story, SignRole.TECH_LEAD)
        signed = texts(wired, story)[-1]
        write(wired, story, RESOLUTION, immediate_fix="other")
        write(wired, story, RESOLUTION, immediate_fix=signed)
        with as_user(story.lead):
            assert ask.changes(ask.reading(story.id)).signed == {}


class TestTheReviewOfFiveMinutes:
    def test_only_my_sections_are_listed(self, wired, story, as_user):
        with as_user(story.lead):
            (mine,) = ask.changes(ask.reading(story.id)).mine
        assert (mine.line.role, [change.key for change in mine.sections]) == (
            SignRole.TECH_LEAD,
            [SectionKey.DETAILS, TIMELINE, SectionKey.ROOT_CAUSE, RESOLUTION],
        )
        assert all(change.is_all_new for change in mine.sections)

    def test_after_signing_only_what_changed_since(self, wired, story, clock, look, as_user):
        reviewed.sign(wired, story, SignRole.TECH_LEAD)
        clock.forward(hours=1)
        write(wired, story, RESOLUTION, immediate_fix="other")
        look(story.lead)
        clock.forward(hours=1)
        write(wired, story, RESOLUTION, immediate_fix="other again")
        with as_user(story.lead):
            (mine,) = ask.changes(ask.reading(story.id)).mine
            by_key = {change.key: change for change in mine.sections}
            assert became(by_key[RESOLUTION]) == "other again"
            assert by_key[TIMELINE].fields == ()
            assert all(change.is_since_signing for change in mine.sections)
            run(Sign(postmortem_id=story.id, role=SignRole.TECH_LEAD, seen=hashes(wired, story)))
            assert ask.review(ask.writing(story.id)).sign_offs[0].standing is Standing.VALID

    def test_who_signs_nothing_has_none(self, wired, story, as_user):
        with as_user(story.bystander):
            assert ask.changes(ask.reading(story.id)).mine == ()
        with as_user(story.author):
            assert ask.changes(ask.reading(story.id)).mine == ()


def test_who_becomes_the_author_has_signed_nothing(wired, story, as_user):
    """Another tech lead has to sign; who wrote before neither signs nor reviews."""
    reviewed.sign(wired, story, SignRole.TECH_LEAD)
    with as_user(story.author):
        run(HandOver(incident_id=story.incident_id, to_id=story.lead, note="Yours"))
    with as_user(story.manager):
        writing = ask.writing(story.id)
        line = ask.review(writing).sign_offs[0]
    assert (writing.author_id, line.standing, line.by) == (story.lead, Standing.MISSING, "")
    assert {(member.user_id, member.role) for member in writing.members} >= {(story.author, MemberRole.CO_AUTHOR)}
    assert (story.lead, MemberRole.REVIEWER) not in {(member.user_id, member.role) for member in writing.members}
    with as_user(story.lead), pytest.raises(CannotSign, match="Nobody signs a text of their own"):
        run(Sign(postmortem_id=story.id, role=SignRole.TECH_LEAD, seen=hashes(wired, story)))
