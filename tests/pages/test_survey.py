"""The page Survey: answering, what is promised, and what closed rounds tell to whom."""

import pytest

from db.models import SurveyAnswerRow, SurveyHeardRow
from pmcore.domain.survey_questions import QUESTIONS, SurveyQuestion
from pmcore.usecases.survey import DeclineSurvey
from tests import hostile
from tests.pages.texts import texts
from tests.surveyed import AFTER_CLOSING, OPENED, answer, answered, looked, past_round, staff
from wiring import acting, run


@pytest.fixture
def people(wired, clock, rows):
    clock.now = OPENED
    return staff(rows)


told = texts


def fill(shown, said=4, *, but=()):
    for question in QUESTIONS:
        if question.key not in but:
            shown.radio(key=f"survey-{question.key}").set_value(said)
    return shown


def sent(shown):
    return shown.button(key="survey-send").click().run()


class TestAnswering:
    def test_nothing_is_chosen_beforehand_and_saying_nothing_is_offered(self, page, people):
        shown = page("survey.py", people.engineers[0])
        assert [one.value for one in shown.radio] == [None] * 8
        assert {tuple(one.options) for one in shown.radio} == {
            ("1 – strongly disagree", "2", "3", "4", "5 – strongly agree", "prefer not to say")
        }
        assert [one.value for one in shown.text_area] == ["", ""]

    def test_says_what_is_promised_and_what_cannot_be(self, page, people):
        said = told(page("survey.py", people.engineers[0]))
        assert "without your name and without a time" in said
        assert "only when five people or more have answered" in said
        assert "**What we cannot promise:** whoever runs the database and copies it" in said
        assert "wording, language and details can tell who wrote them" in said
        assert "An answer cannot be changed" in said
        assert "14 Dec 2025" in said  # its last day, not the midnight after

    def test_is_sent_once_and_leaves_nothing_in_the_session(self, page, people, rows):
        shown = page("survey.py", people.engineers[0])
        shown.text_area(key="survey-keep").set_value("Words of mine")
        shown = sent(fill(shown, 5))
        assert "You have answered, thank you." in told(shown)
        assert shown.toast[0].value.startswith("Thank you.")
        assert not shown.radio
        state = shown.session_state._state.filtered_state
        assert not [key for key in state if "survey-" in key]
        assert "Words of mine" not in str(state)
        with rows() as session:
            assert [row.safe for row in session.query(SurveyAnswerRow)] == [5]

    def test_prefer_not_to_say_is_an_answer(self, page, people, rows):
        sent(fill(page("survey.py", people.engineers[0]), 0))
        with rows() as session:
            assert [row.safe for row in session.query(SurveyAnswerRow)] == [None]

    def test_what_is_missing_is_said_beside_it_and_the_rest_stays(self, page, people):
        shown = fill(page("survey.py", people.engineers[0]), but=(SurveyQuestion.SAFE,))
        shown.text_area(key="survey-mend").set_value("Words of mine")
        shown = sent(shown)
        assert [one.value for one in shown.error] == ["Question 7: choose an answer, or “prefer not to say”."]
        assert told(shown).count("Question 7: choose an answer") == 2
        assert shown.text_area(key="survey-mend").value == "Words of mine"
        assert shown.radio(key="survey-clear").value == 4

    def test_not_this_quarter_ends_the_reminder_only(self, page, people, rows):
        assert "Is our process useful and safe?" in told(page("", people.engineers[0]))
        shown = page("survey.py", people.engineers[0]).button(key="survey-decline").click().run()
        assert "You may still answer" in told(shown)
        assert len(shown.radio) == 8
        assert not [one for one in shown.button if one.key == "survey-decline"]
        assert "Is our process useful and safe?" not in told(page("", people.engineers[0]))
        sent(fill(shown))
        with rows() as session:
            assert [row.has_answered for row in session.query(SurveyHeardRow)] == [True]

    def test_sent_too_late_is_said_and_kept(self, page, people, clock):
        shown = fill(page("survey.py", people.engineers[0]))
        clock.now = AFTER_CLOSING
        shown = sent(shown)
        assert "No round is open." in told(shown)

    def test_a_viewer_reads(self, page, people):
        shown = page("survey.py", people.viewer)
        assert "your role only reads" in told(shown)
        assert not shown.radio

    def test_between_two_rounds_the_next_one_is_named(self, page, people, clock):
        clock.now = AFTER_CLOSING
        assert "The next one opens by itself on 2 Mar 2026" in told(page("survey.py", people.engineers[0]))


class TestRounds:
    def test_an_administrator_opens_one(self, page, people, clock):
        clock.now = OPENED.replace(month=10)
        assert not [one for one in page("survey.py", people.manager).button if one.key == "survey-open"]
        shown = page("survey.py", people.administrator).button(key="survey-open").click().run()
        assert shown.toast[0].value.startswith("The round is open.")
        assert len(shown.radio) == 8

    def test_home_closes_what_is_over(self, page, people, clock, rows):
        answered(people.engineers)
        clock.now = AFTER_CLOSING
        assert not page("", people.viewer).exception
        with rows() as session:
            assert session.query(SurveyHeardRow).count() == 0


class TestResults:
    def test_are_not_there_while_it_is_open(self, page, people):
        answered(people.engineers)
        said = told(page("survey.py", people.manager))
        assert [one.value for one in page("survey.py", people.manager).header] == ["Round Q4 2025"]
        assert "6 of" not in said

    def test_of_a_closed_round(self, page, people, clock):
        answered(people.engineers, lambda place: answer(5, burden=1, culprit=2, openly=1, keep=f"Stay {place}"))
        clock.now = AFTER_CLOSING
        shown = page("survey.py", people.manager)
        said = told(shown)
        assert "## 5 of 5" in said or "## 5.00 of 5" in said
        assert "## 6 of 8 (75 %)" in said
        assert "target: above 4 · 100 % favourable" in said
        assert "misses" in said  # openly was answered with 1 throughout
        assert "Stay 3" in said
        tables = [each.value for each in shown.dataframe]
        assert [len(one) for one in tables] == [4, 4]
        assert tables[0].iloc[0, 0].startswith("1. Writing a post-mortem")
        assert "Stay" not in told(page("survey.py", people.engineers[0]))

    def test_of_four_say_the_response_rate_and_nothing_else(self, page, people, clock):
        answered(people.engineers[:4], lambda place: answer(3, keep="Found out"))
        clock.now = AFTER_CLOSING
        shown = page("survey.py", people.manager)
        said = told(shown)
        assert "## 4 of 8 (50 %)" in said
        assert "Fewer than 5 people answered" in said
        assert said.count("## too few answers") == 2
        assert "Found out" not in said
        assert "favourable" not in said
        assert not shown.dataframe
        assert not shown.get("vega_lite_chart")

    def test_what_few_left_out_is_said(self, page, people, clock):
        answered(people.engineers, lambda place: answer(None if not place else 4))
        answered([people.manager], lambda place: answer(4, safe=None))
        clock.now = AFTER_CLOSING
        said = told(page("survey.py", people.viewer))
        assert "1 answer left something out here and is not counted" in said
        assert "2 answers left something out here and are not counted" in said

    def test_of_earlier_rounds_by_address_and_choice(self, page, people, clock, rows):
        clock.now = AFTER_CLOSING
        with rows() as session:
            past_round(session, *[answer(5, burden=1, culprit=1)] * 6, number=1)
            past_round(session, *[answer(2)] * 4, number=2)
            past_round(session, *[answer(3)] * 7, number=3)
        shown = page("survey.py", people.manager)
        assert shown.selectbox(key="survey-round").value == "2025-Q3"
        assert "## 7 of 12 (58 %)" in told(shown)
        shown = shown.selectbox(key="survey-round").set_value("2025-Q2").run()
        assert "## 4 of 12 (33 %)" in told(shown)
        for asked, says in (("2025-Q1", "## 6 of 12 (50 %)"), ("2025-Q9", "## 7 of 12 (58 %)")):
            assert says in told(page("survey.py", people.manager, query={"round": asked}))
        trend = shown.dataframe[-1].value
        assert list(trend["Quarter"]) == ["Q3 2025", "Q2 2025", "Q1 2025"]
        assert list(trend["Satisfaction with the process"])[1] == "too few answers"


def test_words_of_people_stay_words(page, people, clock):
    answered(people.engineers, lambda place: answer(keep=hostile.TEXT[:1_900], mend=hostile.LINE))
    clock.now = AFTER_CLOSING
    from tests.pages.test_hostile import alive

    shown = page("survey.py", people.manager)
    assert "window.ran" in told(shown)
    assert alive(shown) == []


def test_declining_is_nobodys_business(page, people):
    """What others see is the same whether somebody answered, declined or did nothing."""
    looked(people.viewer)
    before = told(page("survey.py", people.manager))
    answered(people.engineers[:3])
    with acting.as_user(people.engineers[3]):
        run(DeclineSurvey())
    assert told(page("survey.py", people.manager)) == before
