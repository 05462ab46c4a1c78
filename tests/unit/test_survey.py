"""The rules of the survey: when a round is open, one answer a person, nothing told that could be subtracted."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcore.domain import survey as rules
from pmcore.domain.content import BadText
from pmcore.domain.errors import Refusals
from pmcore.domain.survey import (
    AlreadyAnswered,
    Answer,
    CannotOpenRound,
    Heard,
    Quarter,
    Remark,
    Round,
    RoundIsOver,
)
from pmcore.domain.survey_questions import OF_SCALE, QUESTIONS, RemarkKind, SurveyQuestion, SurveyScale
from pmcore.domain.survey_results import LEAST_ANSWERS, results

ZONE = "Europe/Moscow"
NOW = datetime(2025, 12, 5, 12, tzinfo=UTC)
Q4 = Quarter(year=2025, number=4)
OPEN = Round(id=1, quarter=Q4, opens_at=NOW, closes_at=NOW + timedelta(days=14))
SATISFACTION = OF_SCALE[SurveyScale.SATISFACTION]


def closed(found=OPEN):
    at = found.closes_at
    return Round(
        id=found.id, quarter=found.quarter, opens_at=found.opens_at, closes_at=at, closed_at=at, invited=9, answered=6
    )


def said(*scores, rest=None):
    """An answer to the first scale; the second one is `rest` throughout."""
    given = dict.fromkeys(SurveyQuestion, rest)
    return Answer(scores=given | {one.key: score for one, score in zip(SATISFACTION, scores, strict=True)})


class TestQuarter:
    @pytest.mark.parametrize(
        ("quarter", "first"),
        [
            ((2025, 1), date(2025, 3, 3)),  # the first is a Saturday
            ((2025, 2), date(2025, 6, 2)),  # a Sunday
            ((2025, 3), date(2025, 9, 1)),
            ((2025, 4), date(2025, 12, 1)),
            ((2026, 4), date(2026, 12, 1)),
        ],
    )
    def test_opens_on_the_first_weekday_of_its_last_month(self, quarter, first):
        assert rules.opening_day(Quarter(year=quarter[0], number=quarter[1])) == first

    @given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
    def test_of_every_day(self, day):
        quarter = rules.quarter_of(day)
        first = rules.opening_day(quarter)
        assert (day.year, (day.month - 1) // 3 + 1) == (quarter.year, quarter.number)
        assert first.weekday() < 5
        assert first.day <= 3
        assert all(date(first.year, first.month, early).weekday() > 4 for early in range(1, first.day))
        assert rules.quarter_named(str(quarter)) == quarter

    def test_is_named_in_one_way(self):
        assert str(Q4) == "2025-Q4"
        assert rules.quarter_named("2025-Q5") is None
        assert rules.quarter_named("2025-q4 ") is None


class TestByDate:
    def test_a_round_lasts_two_weeks_of_local_days(self):
        opens = datetime(2025, 11, 30, 21, tzinfo=UTC)  # midnight in Moscow
        found = rules.by_date(opens, ZONE)
        assert found is not None
        assert (found.quarter, found.opens_at, found.closes_at) == (Q4, opens, opens + timedelta(days=14))
        assert rules.by_date(opens - timedelta(seconds=1), ZONE) is None
        assert rules.by_date(found.closes_at, ZONE) is None
        assert rules.by_date(found.closes_at - timedelta(seconds=1), ZONE) == found

    def test_its_last_day_is_the_one_before_the_midnight_on_which_it_closes(self):
        found = rules.by_date(NOW, ZONE)
        assert found.last_at.astimezone(ZoneInfo(ZONE)).date() == date(2025, 12, 14)
        assert rules.is_open(found, found.last_at)

    def test_it_does_not_depend_on_who_looks_when(self):
        looks = [NOW + timedelta(hours=hours) for hours in range(0, 200, 7)]
        assert len({rules.by_date(at, ZONE) for at in looks}) == 1

    def test_is_not_opened_when_the_quarter_has_had_one_or_another_is_open(self):
        assert rules.to_open([], NOW, ZONE) is not None
        assert rules.to_open([closed()], NOW, ZONE) is None
        earlier = Round(id=2, quarter=Quarter(year=2025, number=3), opens_at=NOW, closes_at=NOW + timedelta(days=1))
        assert rules.to_open([earlier], NOW, ZONE) is None
        assert rules.to_open([], NOW + timedelta(days=20), ZONE) is None

    def test_the_next_one_is_announced(self):
        assert rules.next_opening(NOW, ZONE, has_had=Q4) == date(2026, 3, 2)
        assert rules.next_opening(NOW, ZONE, has_had=None) == date(2026, 3, 2)
        early = datetime(2025, 11, 1, tzinfo=UTC)
        assert rules.next_opening(early, ZONE, has_had=None) == date(2025, 12, 1)
        assert rules.next_opening(early, ZONE, has_had=Quarter(year=2025, number=3)) == date(2025, 12, 1)
        assert rules.next_opening(early, ZONE, has_had=Q4) == date(2026, 3, 2)
        assert rules.next_opening(datetime(2025, 8, 1, tzinfo=UTC), ZONE, has_had=Quarter(year=2025, number=3)) == (
            date(2025, 12, 1)
        )


class TestByHand:
    def test_it_begins_now_and_ends_with_a_day_two_weeks_later(self):
        found = rules.by_hand([], by_id=7, now=NOW, zone=ZONE)
        assert (found.quarter, found.opens_at, found.opened_by_id) == (Q4, NOW, 7)
        assert found.closes_at == datetime(2025, 12, 19, 21, tzinfo=UTC)

    def test_one_a_quarter_and_one_at_a_time(self):
        with pytest.raises(CannotOpenRound, match="quarter has had"):
            rules.by_hand([closed()], by_id=7, now=NOW + timedelta(days=15), zone=ZONE)
        with pytest.raises(CannotOpenRound, match="open already"):
            rules.by_hand([OPEN], by_id=7, now=NOW, zone=ZONE)
        assert rules.by_hand([closed()], by_id=7, now=NOW + timedelta(days=40), zone=ZONE).quarter.number == 1


class TestKeeping:
    @pytest.mark.parametrize(
        ("rounds", "days", "opens_by_date", "is_due"),
        [
            ([], 0, True, True),
            ([], 0, False, False),
            ([], 20, True, False),
            ([OPEN], 0, True, False),
            ([OPEN], 13.9, True, False),
            ([OPEN], 14, False, True),  # to be closed
            ([closed()], 14, True, True),  # to be cleaned up after
        ],
    )
    def test_is_due(self, rounds, days, opens_by_date, is_due):
        now = NOW + timedelta(days=days)
        assert rules.needs_keeping(rounds, now, ZONE, opens_by_date=opens_by_date) is is_due

    def test_a_round_is_over_once_its_time_has_passed_until_it_is_closed(self):
        assert not rules.is_over(OPEN, OPEN.closes_at - timedelta(seconds=1))
        assert rules.is_over(OPEN, OPEN.closes_at)
        assert not rules.is_over(closed(), OPEN.closes_at)


class TestHeard:
    def test_one_answer_per_person(self):
        heard = rules.answered_by(3, [Heard(user_id=5, has_answered=True)], OPEN, now=NOW)
        assert heard == (Heard(user_id=3, has_answered=True), Heard(user_id=5, has_answered=True))
        for again in (rules.answered_by, rules.declined_by):
            with pytest.raises(AlreadyAnswered):
                again(3, heard, OPEN, now=NOW)

    def test_their_order_is_that_of_the_people_whenever_they_came(self):
        for order in itertools.permutations((1, 2, 3)):
            heard = ()
            for user_id in order:
                heard = rules.answered_by(user_id, heard, OPEN, now=NOW)
            assert [one.user_id for one in heard] == [1, 2, 3]

    def test_not_this_quarter_may_be_followed_by_an_answer(self):
        heard = rules.declined_by(3, rules.declined_by(3, (), OPEN, now=NOW), OPEN, now=NOW)
        assert heard == (Heard(user_id=3, has_answered=False),)
        assert rules.answered_by(3, heard, OPEN, now=NOW) == (Heard(user_id=3, has_answered=True),)

    def test_nothing_after_its_time(self):
        for late in (rules.answered_by, rules.declined_by):
            with pytest.raises(RoundIsOver):
                late(3, (), OPEN, now=OPEN.closes_at)
            with pytest.raises(RoundIsOver):
                late(3, (), closed(), now=NOW)


class TestAnswer:
    def test_takes_every_question_and_none_is_an_answer(self):
        scores = dict.fromkeys(SurveyQuestion, None) | {SurveyQuestion.SAFE: 5}
        assert rules.answer(scores).scores == scores

    def test_what_was_not_looked_at_is_named(self):
        with pytest.raises(Refusals) as refused:
            rules.answer({one: 3 for one in SurveyQuestion if one is not SurveyQuestion.SAFE})
        assert [problem.field for problem in refused.value.problems] == ["safe"]

    @pytest.mark.parametrize("score", [0, 6, -1])
    def test_no_other_number(self, score):
        with pytest.raises(Refusals):
            rules.answer(dict.fromkeys(SurveyQuestion, 3) | {SurveyQuestion.SAFE: score})

    def test_remarks_that_say_nothing_are_left_out(self):
        assert rules.remarks({RemarkKind.KEEP: " \n", RemarkKind.MEND: " Less \0work "}) == (
            Remark(kind=RemarkKind.MEND, text="Less work"),
        )
        with pytest.raises(BadText):
            rules.remarks({RemarkKind.KEEP: "x" * (rules.MAX_REMARK + 1)})

    def test_shuffled_rows_stand_in_the_order_of_fresh_keys(self):
        keys = iter(["c", "a", "b"])
        assert rules.shuffled(["first", "second", "third"], lambda: next(keys)) == (
            ("a", "second"), ("b", "third"), ("c", "first")
        )  # fmt: skip


class TestQuestions:
    def test_four_a_scale_of_which_one_is_reversed(self):
        assert [one.key for one in QUESTIONS] == list(SurveyQuestion)
        for scale in SurveyScale:
            assert len(OF_SCALE[scale]) == 4
            assert sum(one.is_reversed for one in OF_SCALE[scale]) == 1

    def test_a_reversed_one_is_turned(self):
        assert [one.favourable(2) for one in SATISFACTION] == [2, 4, 2, 2]


class TestResults:
    def test_are_the_mean_of_the_peoples_means(self):
        """Burden is turned: 4, 4, 4, 4 means 4, 2, 4, 4."""
        found = results([said(4, 4, 4, 4)] * 4 + [said(5, 1, 5, 5)])[SurveyScale.SATISFACTION]
        assert found.mean == pytest.approx((4 * 3.5 + 5) / 5)
        assert found.favourable == pytest.approx((4 * 3 + 4) / 20)
        assert (found.people, found.left_out) == (5, 0)
        assert found.questions[SurveyQuestion.BURDEN].counts == (0, 4, 0, 0, 1)
        assert found.questions[SurveyQuestion.BURDEN].favourable == pytest.approx(0.2)
        assert found.questions[SurveyQuestion.UNDERSTAND].counts == (0, 0, 0, 4, 1)

    def test_the_target_is_to_be_passed_not_met(self):
        assert not results([said(4, 2, 4, 4)] * 5)[SurveyScale.SATISFACTION].meets
        assert results([*[said(4, 2, 4, 4)] * 200, said(5, 2, 4, 4)])[SurveyScale.SATISFACTION].meets

    def test_nothing_under_five(self):
        assert results([said(4, 4, 4, 4, rest=4)] * (LEAST_ANSWERS - 1)) == {}
        assert set(results([said(4, 4, 4, 4, rest=4)] * LEAST_ANSWERS)) == set(SurveyScale)

    def test_nor_of_a_scale_that_fewer_answered(self):
        answers = [said(4, 4, 4, 4, rest=4)] * 4 + [said(4, 4, 4, 4)]
        assert set(results(answers)) == {SurveyScale.SATISFACTION}

    def test_a_few_who_left_something_out_are_not_counted(self):
        answers = [said(4, 4, 4, 4)] * 6 + [said(1, None, None, None)]
        found = results(answers)[SurveyScale.SATISFACTION]
        assert (found.people, found.left_out) == (6, 1)
        assert found.questions[SurveyQuestion.UNDERSTAND].counts == (0, 0, 0, 6, 0)

    def test_when_they_are_many_they_are(self):
        answers = [said(4, 4, 4, 4)] * 6 + [said(1, None, 1, 1)] * 5
        found = results(answers)[SurveyScale.SATISFACTION]
        assert (found.people, found.left_out) == (11, 0)
        assert found.mean == pytest.approx((6 * 3.5 + 5) / 11)
        assert found.questions[SurveyQuestion.BURDEN].people == 6

    def test_not_if_a_question_then_had_too_few(self):
        answers = [said(4, 4, 4, 4)] * 4 + [said(1, None, 1, 1)] * 5
        assert results(answers) == {}

    @given(
        st.lists(st.tuples(*[st.integers(1, 5)] * 4), min_size=5, max_size=9),
        st.lists(st.tuples(*[st.none() | st.integers(1, 5)] * 4).filter(lambda row: None in row), max_size=4),
        st.data(),
    )
    def test_the_few_who_left_something_out_can_be_found_by_no_subtraction(self, whole, part, data):
        """Whatever they said instead, every figure is the same."""
        other = [
            tuple(score and data.draw(st.integers(1, 5)) for score in row) for row in part
        ]  # fmt: skip
        told, instead = (results([said(*row) for row in (*whole, *rows)]) for rows in (part, other))
        assert told == instead
        counted = told[SurveyScale.SATISFACTION]
        by_hand = sum(
            place * count for one in counted.questions.values() for place, count in enumerate(one.counts, start=1)
        )
        assert counted.mean == pytest.approx(by_hand / 4 / counted.people)  # the mean adds nothing to the questions
