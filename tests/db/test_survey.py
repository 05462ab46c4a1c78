"""Rounds open, are answered once a person, close, and tell what they may."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import (
    AuditRow,
    Base,
    SurveyAnswerRow,
    SurveyHeardRow,
    SurveyRemarkRow,
    SurveyRoundRow,
    UserRow,
    WorkspaceRow,
)
from db.transfer.dump import dump
from pmcore.domain.errors import NotFound, Refusals
from pmcore.domain.permissions import Forbidden
from pmcore.domain.survey import AlreadyAnswered, CannotOpenRound, Quarter, RoundIsOver
from pmcore.domain.survey_questions import RemarkKind, SurveyQuestion, SurveyScale
from pmcore.usecases.survey import AnswerSurvey, DeclineSurvey, KeepSurvey, OpenSurvey
from tests.surveyed import AFTER_CLOSING, OPENED, answer, answered, looked, staff
from wiring import acting, ask, parts, run

Q4 = Quarter(year=2025, number=4)


@pytest.fixture
def people(wired, clock, rows):
    clock.now = OPENED
    return staff(rows)


def count(engine, table):
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table))


def the_round(engine):
    with Session(engine) as session:
        return session.scalars(select(SurveyRoundRow)).one()


def closed(clock, people):
    clock.now = AFTER_CLOSING
    looked(people.manager)


class TestOpening:
    def test_by_date_when_somebody_looks_from_the_calendars_first_to_last_moment(self, wired, clock, people):
        clock.forward(days=3, minutes=7)
        looked(people.viewer)
        found = the_round(wired)
        assert (found.year, found.number, found.opened_by_id) == (2025, 4, None)
        assert [at.isoformat() for at in (found.opens_at, found.closes_at)] == [
            "2025-11-30T21:00:00+00:00",
            "2025-12-14T21:00:00+00:00",
        ]

    def test_looking_changes_nothing_else_and_nothing_twice(self, wired, clock, people):
        for user_id in (people.viewer, people.engineers[0], people.viewer):
            looked(user_id)
        assert count(wired, SurveyRoundRow) == 1
        assert count(wired, SurveyHeardRow) == 0

    def test_of_many_who_look_at_once_one_opens_it(self, wired, clock, people):
        with ThreadPoolExecutor(6) as pool:
            for done in [pool.submit(looked, user_id) for user_id in people.engineers]:
                done.result()
        assert count(wired, SurveyRoundRow) == 1
        with Session(wired) as session:
            assert session.scalars(select(AuditRow.did)).all() == ["open_survey"]

    def test_not_before_not_after_and_not_where_the_workspace_does_not_want_it(self, wired, clock, people, rows):
        for now in (OPENED.replace(month=11), AFTER_CLOSING):
            clock.now = now
            looked(people.viewer)
        clock.now = OPENED
        with rows() as session:
            session.get_one(WorkspaceRow, 1).survey_by_date = False
        looked(people.viewer)
        assert count(wired, SurveyRoundRow) == 0

    def test_by_an_administrator_on_any_day_once_a_quarter(self, wired, clock, people, as_user):
        clock.now = OPENED.replace(month=10)
        with as_user(people.administrator):
            assert ask.survey().may_open
            run(OpenSurvey())
            assert not ask.survey().may_open
            with pytest.raises(CannotOpenRound):
                run(OpenSurvey())
        found = the_round(wired)
        assert (found.opened_by_id, found.closes_at.isoformat()) == (people.administrator, "2025-10-15T21:00:00+00:00")
        clock.now = OPENED  # the calendar opens no second one
        looked(people.viewer)
        assert count(wired, SurveyRoundRow) == 1
        with as_user(people.administrator):
            assert not ask.survey().may_open

    def test_by_nobody_else(self, people, as_user):
        for user_id in (people.manager, people.engineers[0], people.viewer):
            with as_user(user_id), pytest.raises(Forbidden):
                run(OpenSurvey())

    def test_the_database_knows_one_round_a_quarter_too(self, wired, clock, people, rows):
        looked(people.viewer)
        with pytest.raises(IntegrityError), rows() as session:
            session.add(
                SurveyRoundRow(
                    year=2025, number=4, opens_at=OPENED, closes_at=AFTER_CLOSING, opened_by_id=None, closed_at=None,
                    invited=None, answered=None, tidied_at=None,
                )
            )  # fmt: skip


class TestAnswering:
    def test_opens_the_round_if_nobody_has_looked(self, wired, clock, people):
        answered(people.engineers[:1])
        assert count(wired, SurveyAnswerRow) == 1

    def test_once_a_person(self, wired, clock, people, as_user):
        answered(people.engineers[:1])
        with as_user(people.engineers[0]), pytest.raises(AlreadyAnswered):
            run(answer(1))
        assert count(wired, SurveyAnswerRow) == 1

    def test_twice_at_once_is_once(self, wired, clock, people):
        def at_once(user_id):
            with acting.as_user(user_id):
                run(answer(2))

        looked(people.viewer)
        with ThreadPoolExecutor(6) as pool:
            both = [pool.submit(at_once, user_id) for user_id in people.engineers[:3] for _ in range(2)]
        assert sorted(str(type(one.exception()).__name__) for one in both) == ["AlreadyAnswered"] * 3 + ["NoneType"] * 3
        assert (count(wired, SurveyAnswerRow), count(wired, SurveyHeardRow)) == (3, 3)

    def test_is_for_all_but_viewers(self, people, as_user):
        with as_user(people.viewer):
            for command in (answer(), DeclineSurvey()):
                with pytest.raises(Forbidden):
                    run(command)

    def test_needs_every_question(self, wired, people, as_user):
        with as_user(people.engineers[0]), pytest.raises(Refusals):
            run(AnswerSurvey(scores={SurveyQuestion.SAFE: 3}, remarks={}))
        assert count(wired, SurveyAnswerRow) == 0

    def test_not_before_and_not_after(self, wired, clock, people, as_user):
        for now in (OPENED.replace(month=11), AFTER_CLOSING):
            clock.now = now
            with as_user(people.engineers[0]):
                for command in (answer(), DeclineSurvey()):
                    with pytest.raises(RoundIsOver):
                        run(command)

    def test_is_kept_whole_and_each_text_apart(self, wired, clock, people):
        answered(people.engineers[:2], lambda place: answer(None, safe=place + 1, keep=f"Keep {place}", mend=" "))
        with Session(wired) as session:
            assert sorted(row.safe for row in session.scalars(select(SurveyAnswerRow))) == [1, 2]
            assert {row.openly for row in session.scalars(select(SurveyAnswerRow))} == {None}
            texts = session.scalars(select(SurveyRemarkRow)).all()
            keys = {row.key for row in texts} | set(session.scalars(select(SurveyAnswerRow.key)))
        assert sorted((row.kind, row.text) for row in texts) == [("keep", "Keep 0"), ("keep", "Keep 1")]
        assert len(keys) == 4

    def test_declining_is_no_answer_and_may_be_followed_by_one(self, wired, clock, people, as_user):
        with as_user(people.engineers[0]):
            run(DeclineSurvey())
            assert ask.survey().open.has_declined
            assert count(wired, SurveyAnswerRow) == 0
            run(answer())
            mine = ask.survey().open
        assert (mine.has_answered, mine.has_declined) == (True, False)
        assert count(wired, SurveyHeardRow) == 1


class TestInbox:
    def test_holds_it_until_it_is_answered_or_declined(self, wired, clock, people, as_user):
        for user_id, command in ((people.engineers[0], answer()), (people.manager, DeclineSurvey())):
            with as_user(user_id):
                row = ask.inbox().survey
                assert (row.quarter, row.last_at.isoformat()) == (Q4, "2025-12-14T20:59:59+00:00")
                run(command)
                assert ask.inbox().survey is None
        with as_user(people.engineers[1]):
            assert ask.inbox().survey is not None
        with as_user(people.viewer):
            assert ask.inbox().survey is None

    def test_not_outside_of_its_time(self, wired, clock, people, as_user):
        looked(people.viewer)
        for now in (OPENED.replace(month=11), AFTER_CLOSING):
            clock.now = now
            with as_user(people.engineers[0]):
                assert ask.inbox().survey is None

    def test_says_when_something_is_due(self, clock, people, as_user):
        def is_due():
            with as_user(people.engineers[0]):
                return ask.inbox().survey_needs_keeping

        assert is_due()
        looked(people.viewer)
        assert not is_due()
        clock.now = AFTER_CLOSING
        assert is_due()
        looked(people.viewer)
        assert not is_due()

    def test_not_by_date_where_the_workspace_does_not_want_it(self, clock, people, rows, as_user):
        with rows() as session:
            session.get_one(WorkspaceRow, 1).survey_by_date = False
        with as_user(people.engineers[0]):
            inbox = ask.inbox()
        assert (inbox.survey, inbox.survey_needs_keeping) == (None, False)


class TestClosing:
    def test_counts_and_forgets_who_took_part(self, wired, clock, people, rows):
        answered(people.engineers[:5])
        with acting.as_user(people.engineers[5]):
            run(DeclineSurvey())
        with rows() as session:
            session.get_one(UserRow, people.engineers[0]).active = False  # answered, and left
            session.get_one(UserRow, people.engineers[4]).password_hash = None
        closed(clock, people)
        found = the_round(wired)
        assert (found.answered, found.invited) == (5, 8)
        assert found.closed_at == found.tidied_at == AFTER_CLOSING
        assert count(wired, SurveyHeardRow) == 0
        assert count(wired, SurveyAnswerRow) == 5

    def test_leaves_out_who_cannot_answer(self, wired, clock, people, rows):
        with rows() as session:
            session.get_one(UserRow, people.engineers[0]).active = False
            session.get_one(UserRow, people.engineers[1]).password_hash = None
        looked(people.viewer)
        closed(clock, people)
        assert the_round(wired).invited == 6  # four engineers, the manager, the administrator; no viewer

    def test_happens_once_however_many_look(self, wired, clock, people):
        answered(people.engineers)
        clock.now = AFTER_CLOSING
        with ThreadPoolExecutor(6) as pool:
            for done in [pool.submit(looked, user_id) for user_id in people.engineers]:
                done.result()
        with Session(wired) as session:
            assert session.scalars(select(AuditRow.did)).all() == ["open_survey", "close_survey"]
        assert the_round(wired).answered == 6

    def test_a_busy_database_is_cleaned_at_the_next_look(self, wired, clock, people, monkeypatch):
        tried = []
        with monkeypatch.context() as busy:
            busy.setattr(parts, "tidy", lambda: bool(tried.append(1)))
            answered(people.engineers)
            closed(clock, people)
        assert tried == [1]
        assert the_round(wired).closed_at is not None
        assert the_round(wired).tidied_at is None
        with acting.as_user(people.viewer):
            assert ask.survey().needs_keeping
            run(KeepSurvey())
            assert not ask.survey().needs_keeping
        assert the_round(wired).tidied_at is not None

    def test_two_rounds_do_not_touch_each_other(self, wired, clock, people):
        answered(people.engineers, lambda place: answer(2))
        closed(clock, people)
        clock.now = OPENED.replace(year=2026, month=3, day=3)
        answered(people.engineers[:5], lambda place: answer(5))
        with Session(wired) as session:
            assert sorted(session.scalars(select(SurveyAnswerRow.safe))) == [2] * 6 + [5] * 5
        with acting.as_user(people.manager):
            view = ask.survey()
        assert view.open.quarter == Quarter(year=2026, number=1)
        assert [past.quarter for past in view.past] == [Q4]
        assert view.past[0].scale(SurveyScale.BLAMELESS).questions[SurveyQuestion.SAFE].counts == (0, 6, 0, 0, 0)


class TestResults:
    def test_are_told_after_closing_only(self, wired, clock, people, as_user):
        answered(people.engineers, lambda place: answer(5, burden=1, culprit=1, keep="Stay"))
        with as_user(people.manager):
            assert ask.survey().past == ()
            with pytest.raises(NotFound):
                ask.survey_remarks(Q4)
        clock.now = AFTER_CLOSING
        with as_user(people.manager):
            assert ask.survey().past == ()  # nobody has looked yet
        closed(clock, people)
        with as_user(people.viewer):
            (past,) = ask.survey().past
        assert (past.answered, past.invited, past.response_rate) == (6, 8, 0.75)
        assert past.scale(SurveyScale.SATISFACTION).mean == 5
        assert past.scale(SurveyScale.BLAMELESS).meets
        with as_user(people.manager):
            assert [one.text for one in ask.survey_remarks(Q4)] == ["Stay"] * 6

    def test_four_answers_tell_the_response_rate_and_nothing_else(self, wired, clock, people, as_user):
        answered(people.engineers[:4], lambda place: answer(3, keep="Found out"))
        closed(clock, people)
        with as_user(people.manager):
            (past,) = ask.survey().past
            assert (past.answered, past.invited, past.results, past.is_told) == (4, 8, {}, False)
            assert ask.survey_remarks(Q4) == ()
        answers = [
            value for value in vars(type(past)).keys() | set(past.__slots__) if "score" in value or "answers" in value
        ]
        assert answers == []

    def test_texts_are_for_managers(self, wired, clock, people, as_user):
        answered(people.engineers, lambda place: answer(mend=f"Change {place}"))
        closed(clock, people)
        for user_id in (people.administrator, people.engineers[0], people.viewer):
            with as_user(user_id):
                assert not ask.survey().may_read_remarks
                with pytest.raises(Forbidden):
                    ask.survey_remarks(Q4)
        with as_user(people.manager):
            told = ask.survey_remarks(Q4)
        assert {one.text for one in told} == {f"Change {place}" for place in range(6)}
        assert {one.kind for one in told} == {RemarkKind.MEND}

    def test_the_next_round_is_announced(self, clock, people, as_user):
        looked(people.viewer)
        with as_user(people.viewer):
            assert ask.survey().next_on == date(2026, 3, 2)

    def test_before_set_up_there_is_nothing(self, wired, clock, rows):
        from pmcore.domain.vocabulary import Role
        from tests.factories import make_user

        with rows() as session:
            someone = make_user(session, "Someone", Role.ENGINEER).id
        with acting.as_user(someone):
            view = ask.survey()
        assert (view.open, view.past, view.needs_keeping, view.next_on) == (None, (), False, None)


def test_a_dump_carries_answers_without_their_order(wired, clock, people):
    """Sorted by random keys and by people: neither order is that of the answers."""
    order = people.engineers[::-1]
    answered(order, lambda place: answer(keep=f"Said {place:02}"))
    lines = "".join(dump(wired))
    places = sorted(range(6), key=lambda place: lines.index(f"Said {place:02}"))
    keys = sorted(range(6), key=lambda place: _key_of(wired, f"Said {place:02}"))
    assert places == keys
    heard = [f'"user_id":{user_id}}},"table":"survey_heard"' in lines for user_id in order]
    tables = set(Base.metadata.tables) & {"survey_round", "survey_heard", "survey_answer", "survey_remark"}
    assert len(tables) == 4
    assert all(heard)


def _key_of(engine, text):
    with Session(engine) as session:
        return session.scalar(select(SurveyRemarkRow.key).filter_by(text=text))
