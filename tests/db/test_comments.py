"""Comments, mentions and hints that were put away, on both engines."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import CommentRow, IncidentRow, IncidentViewerRow, MentionRow
from pmcore.domain.comment import BadComment, NotYours
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Forbidden
from pmcore.domain.postmortem import NotTheAuthor
from pmcore.domain.vocabulary import Role, SectionKey
from pmcore.usecases.comments import (
    BringCommentBack,
    BringHintsBack,
    DeleteComment,
    DismissHint,
    PutMentionAway,
    ReopenThread,
    Reply,
    ResolveThread,
    WriteComment,
)
from tests import reviewed
from tests.factories import NOON, make_user
from wiring import ask, run

KEY = SectionKey.ROOT_CAUSE


@pytest.fixture
def story(wired, clock):
    return reviewed.submitted(wired)


@pytest.fixture
def commented(story, as_user):
    """A thread of the lead's that calls the author."""
    with as_user(story.lead):
        return run(WriteComment(postmortem_id=story.id, section=KEY, text="@Anna, what limits the pool?"))


def seen(story, user, as_user):
    with as_user(user):
        return ask.discussion(story.id, KEY)


def called(user, as_user):
    with as_user(user):
        return ask.inbox().calls.mentions


class TestThreads:
    def test_are_seen_by_readers_and_counted_in_the_section_list(self, story, commented, as_user):
        (thread,) = seen(story, story.bystander, as_user).threads
        assert [comment.text for comment in thread.comments] == ["@Anna, what limits the pool?"]
        with as_user(story.author):
            whole = ask.writing(story.id)
        assert {entry.key: entry.open_threads for entry in whole.sections if entry.open_threads} == {KEY: 1}

    def test_a_reply_opens_a_resolved_one_again(self, story, commented, as_user):
        with as_user(story.author):
            run(ResolveThread(thread_id=commented))
            (thread,) = ask.discussion(story.id, KEY).threads
            assert thread.resolved_by == "Anna Petrova"
            run(Reply(thread_id=commented, text="The default of 10."))
        (thread,) = seen(story, story.lead, as_user).threads
        assert thread.resolved_at is None
        assert [comment.by for comment in thread.comments] == ["Boris Lead", "Anna Petrova"]

    def test_open_ones_come_first(self, story, commented, as_user):
        with as_user(story.lead):
            second = run(WriteComment(postmortem_id=story.id, section=KEY, text="And why then?"))
            run(ResolveThread(thread_id=commented))
        assert [thread.id for thread in seen(story, story.lead, as_user).threads] == [second, commented]
        with as_user(story.lead):
            run(ReopenThread(thread_id=commented))
        assert [thread.id for thread in seen(story, story.lead, as_user).threads] == [commented, second]

    def test_a_deleted_comment_is_gone_and_can_come_back(self, story, commented, as_user):
        with as_user(story.bystander), pytest.raises(NotYours):
            run(DeleteComment(comment_id=commented))
        with as_user(story.lead):
            run(DeleteComment(comment_id=commented))
            assert ask.discussion(story.id, KEY).threads == ()
            assert ask.inbox().calls.mentions.total == 0
            assert all(entry.open_threads == 0 for entry in ask.writing(story.id).sections)
            run(BringCommentBack(comment_id=commented))
        assert seen(story, story.author, as_user).open_count == 1

    def test_replies_of_a_deleted_comment_stay(self, story, commented, as_user):
        with as_user(story.author):
            run(Reply(thread_id=commented, text="Ten."))
        with as_user(story.lead):
            run(DeleteComment(comment_id=commented))
        (thread,) = seen(story, story.author, as_user).threads
        assert [comment.text for comment in thread.comments] == ["Ten."]
        with as_user(story.author):
            assert ask.writing(story.id).entry(KEY).open_threads == 1

    def test_nothing_cannot_be_said(self, story, commented, as_user, wired):
        with as_user(story.lead):
            with pytest.raises(BadComment):
                run(WriteComment(postmortem_id=story.id, section=KEY, text="  "))
            with pytest.raises(BadComment):
                run(Reply(thread_id=commented, text=""))
        with Session(wired) as session, pytest.raises(IntegrityError):
            session.execute(
                insert(CommentRow).values(postmortem_id=story.id, section_key=KEY, by_id=story.lead, text=" ", at=NOON)
            )

    def test_a_reply_is_no_thread(self, story, commented, as_user):
        with as_user(story.author):
            answer = run(Reply(thread_id=commented, text="Ten."))
            with pytest.raises(NotFound):
                run(Reply(thread_id=answer, text="?"))
            with pytest.raises(NotFound):
                run(ResolveThread(thread_id=answer))

    def test_comments_void_no_signature(self, wired, clock, as_user):
        story = reviewed.signed(wired)
        with as_user(story.lead):
            run(WriteComment(postmortem_id=story.id, section=KEY, text="Well found."))
            whole = ask.writing(story.id)
            assert ask.review(whole).is_signed_off


class TestWhoSees:
    def test_not_before_the_draft_is_shared(self, wired, clock, as_user):
        story = reviewed.drafted(wired)
        with as_user(story.author):
            mine = run(WriteComment(postmortem_id=story.id, section=KEY, text="To do: @Egor"))
        with as_user(story.bystander):
            assert ask.discussion(story.id, KEY).threads == ()
            assert ask.inbox().calls.mentions.total == 0
            for command in (
                WriteComment(postmortem_id=story.id, section=KEY, text="?"),
                Reply(thread_id=mine, text="?"),
                ResolveThread(thread_id=mine),
            ):
                with pytest.raises(NotFound):
                    run(command)

    def test_restricted_ones_are_named_people_s(self, story, commented, wired, as_user):
        with Session(wired) as session, session.begin():
            session.get(IncidentRow, story.incident_id).restricted = True
        assert seen(story, story.bystander, as_user).threads == ()
        with as_user(story.author):
            run(Reply(thread_id=commented, text="@Egor do you know?"))
        assert called(story.bystander, as_user).total == 0
        with Session(wired) as session, session.begin():
            session.add(IncidentViewerRow(incident_id=story.incident_id, user_id=story.bystander))
        with as_user(story.author):
            run(Reply(thread_id=commented, text="@Egor now?"))
        assert called(story.bystander, as_user).total == 1

    def test_viewers_read_and_do_not_write(self, story, commented, rows, as_user):
        with rows() as session:
            viewer = make_user(session, "Vera", Role.VIEWER).id
        assert seen(story, viewer, as_user).open_count == 1
        with as_user(viewer), pytest.raises(Forbidden):
            run(Reply(thread_id=commented, text="?"))


class TestMentions:
    def test_appear_in_the_inbox_until_answered(self, story, commented, as_user):
        box = called(story.author, as_user)
        assert [(row.by, row.section, row.thread_id) for row in box.rows] == [("Boris Lead", KEY, commented)]
        with as_user(story.author):
            run(Reply(thread_id=commented, text="The default of 10. @Egor knows more."))
        assert called(story.author, as_user).total == 0
        assert called(story.bystander, as_user).total == 1

    def test_or_put_away(self, story, commented, as_user):
        with as_user(story.author):
            run(PutMentionAway(thread_id=commented))
        assert called(story.author, as_user).total == 0

    def test_or_resolved(self, story, commented, as_user):
        with as_user(story.lead):
            run(ResolveThread(thread_id=commented))
        assert called(story.author, as_user).total == 0

    def test_nobody_calls_oneself(self, story, as_user):
        with as_user(story.author):
            run(WriteComment(postmortem_id=story.id, section=KEY, text="@Anna: look again"))
        assert called(story.author, as_user).total == 0

    def test_the_deactivated_are_not_called(self, story, wired, as_user):
        from db.models import UserRow

        with Session(wired) as session, session.begin():
            session.get(UserRow, story.bystander).active = False
        with as_user(story.lead):
            run(WriteComment(postmortem_id=story.id, section=KEY, text="@Egor?"))
        with Session(wired) as session:
            assert session.scalars(select(MentionRow)).all() == []


class TestHints:
    def test_are_put_away_once_and_for_all_authors(self, wired, clock, as_user):
        story = reviewed.drafted(wired)
        command = DismissHint(postmortem_id=story.id, section=KEY, rule="en-hindsight", excerpt="Should  have Had")
        with as_user(story.author):
            run(command)
            run(command)
            assert ask.section(story.id, KEY).dismissed == {("en-hindsight", "should have had")}
            assert ask.section(story.id, SectionKey.SUMMARY).dismissed == frozenset()
            assert run(BringHintsBack(postmortem_id=story.id, section=KEY)) == 1
            assert ask.section(story.id, KEY).dismissed == frozenset()

    def test_by_those_who_write(self, story, as_user):
        with as_user(story.bystander), pytest.raises(NotTheAuthor):
            run(DismissHint(postmortem_id=story.id, section=KEY, rule="x", excerpt="y"))


def test_questions_take_one_statement_each(story, commented, as_user, statements):
    with as_user(story.lead):
        for number in range(12):
            run(WriteComment(postmortem_id=story.id, section=KEY, text=f"Remark {number}"))
        ask.discussion(story.id, KEY)
        with statements() as said:
            ask.discussion(story.id, KEY)
            ask.section(story.id, KEY)
        assert len(said) <= 2  # one, where the other is remembered
