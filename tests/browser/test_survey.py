"""Six people answer, the first two in a browser; the manager reads the results once the round has closed."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from db.models import SurveyAnswerRow, SurveyHeardRow, SurveyRemarkRow, SurveyRoundRow
from pmcore.domain.survey_questions import QUESTIONS
from pmcore.usecases.survey import OpenSurvey
from tests.browser.conftest import NARROW, WIDE
from tests.browser.watch import assert_accessible, settled, visit
from tests.surveyed import answer, answered, staff
from wiring import acting, run


@pytest.fixture
def people(wired, rows):
    """The real clock: an administrator has opened the round."""
    found = staff(rows, opens_by_date=False)
    with acting.as_user(found.administrator):
        run(OpenSurvey())
    return found


def let_it_end(rows):
    """Two weeks have passed."""
    with rows() as session:
        found = session.query(SurveyRoundRow).one()
        found.opens_at -= timedelta(days=20)
        found.closes_at = datetime.now(UTC) - timedelta(minutes=1)


def choose(page: Page, number: int, name: str) -> None:
    group = page.get_by_role("radiogroup", name=f"{number}. ")
    group.get_by_text(name, exact=True).click()


def test_six_people_answer_and_the_manager_reads(people, rows, server, context_for):
    for place, user_id in enumerate(people.engineers[:2]):
        page = context_for(user_id, viewport=NARROW if place % 2 else WIDE).new_page()
        visit(page, "/")
        page.locator(".st-key-box-survey").get_by_role("link", name="Answer").click()
        settled(page)
        expect(page.get_by_text("What we cannot promise:")).to_be_visible()
        assert page.locator("input[type=radio]:checked").count() == 0
        for number, question in enumerate(QUESTIONS, start=1):
            hopes = "1 – strongly disagree" if question.is_reversed else "5 – strongly agree"
            choose(page, number, "prefer not to say" if place == 0 and number == 7 else hopes)
        page.get_by_label("What should stay as it is?").fill(f"The meeting, says voice {place}")
        page.get_by_role("button", name="Send").click()
        settled(page)
        expect(page.get_by_text("You have answered, thank you.")).to_be_visible()
        visit(page, "/")
        expect(page.locator(".st-key-box-survey")).to_have_count(0)
        page.context.close()
    best = {one.key.value: 1 if one.is_reversed else 5 for one in QUESTIONS}
    answered(people.engineers[2:], lambda place: answer(**best, keep=f"The meeting, says voice {place + 2}"))

    manager = context_for(people.manager).new_page()
    visit(manager, "/survey")
    expect(manager.get_by_role("heading", name="Results")).to_have_count(0)
    let_it_end(rows)
    visit(manager, "/")  # whoever looks closes it
    visit(manager, "/survey")
    expect(manager.get_by_text("6 of 8 (75 %)").first).to_be_visible()
    expect(manager.locator(".st-key-survey-figure-satisfaction")).to_contain_text("5 of 5")
    expect(manager.locator(".st-key-survey-figure-blameless")).to_contain_text("meets")
    expect(manager.get_by_text("1 answer left something out here")).to_be_visible()
    for voice in range(6):
        expect(manager.get_by_text(f"The meeting, says voice {voice}")).to_be_visible()
    manager.locator(".st-key-survey-satisfaction").get_by_role("tab", name="Table").click()
    expect(manager.locator(".st-key-survey-satisfaction").get_by_test_id("stDataFrame")).to_be_visible()
    assert_accessible(manager)
    with rows() as session:
        counts = [session.query(row).count() for row in (SurveyAnswerRow, SurveyRemarkRow, SurveyHeardRow)]
    assert counts == [6, 6, 0]
    said = server.log()
    assert not [word for word in ("voice", "Engineer", "survey", "strongly") if word in said]


def test_of_four_answers_the_manager_reads_the_response_rate_only(people, rows, context_for):
    answered(people.engineers[:4], lambda place: answer(3, keep="Found out"))
    let_it_end(rows)
    page = context_for(people.manager).new_page()
    visit(page, "/survey")
    expect(page.get_by_text("4 of 8 (50 %)").first).to_be_visible()
    expect(page.get_by_text("Fewer than 5 people answered")).to_be_visible()
    expect(page.get_by_text("Found out")).to_have_count(0)
    expect(page.get_by_role("tab")).to_have_count(0)


def test_by_keyboard_and_what_is_missing_is_said(people, context_for):
    page = context_for(people.engineers[0]).new_page()
    visit(page, "/survey")
    first = page.get_by_role("radiogroup", name="1. ").get_by_role("radio").first
    first.focus()
    page.keyboard.press("Space")
    expect(first).to_be_checked()
    page.get_by_role("button", name="Send").focus()
    page.keyboard.press("Enter")
    settled(page)
    expect(page.get_by_text("Question 2: choose an answer").first).to_be_visible()
    expect(page.get_by_text("Question 1: choose an answer")).to_have_count(0)
    expect(first).to_be_checked()
    assert_accessible(page)
