"""Day 10, day 30 and the feedback on a dry run, opened as far as they go: everybody can use them, in both languages."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ActionItemRow, IncidentRow, UserRow
from pmcore.domain.action_item import Progress
from pmcore.domain.rail_vocabulary import Opinion, TimeKind, Verdict
from pmcore.domain.vocabulary import Language
from pmcore.usecases.dry_run import AskForFeedback, GiveFeedback, NoteTime
from pmcore.usecases.item_progress import ReportProgress, Update
from pmcore.usecases.retrospective import AnswerEscalation, Escalate, GiveVerdict
from tests import reviewed
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_every_page import complaints
from tests.browser.watch import assert_accessible, settled, visit
from wiring import acting, run

FORMS = ("judge", "note-time", "ask-feedback")  #: on the page of who signed it and did not write it, or of who wrote it


@pytest.fixture
def story(wired, clock):
    """Published, with a dry run's feedback, a blocked item that was escalated, and a verdict."""
    story = reviewed.published(wired)
    with Session(wired.execution_options(writes=True)) as session:
        session.get(IncidentRow, story.incident_id).dry_run = True
        item_id = session.scalars(select(ActionItemRow.id)).one()
        session.commit()
    with acting.as_user(story.author):
        run(ReportProgress(updates=(Update(item_id=item_id, progress=Progress.BLOCKED, note="No access"),)))
        run(AskForFeedback(postmortem_id=story.id, user_ids=(story.lead, story.cto, story.bystander)))
        run(NoteTime(postmortem_id=story.id, kind=TimeKind.WRITING, minutes=90))
        escalated = run(Escalate(item_id=item_id, reason="Need access"))
    with acting.as_user(story.manager):
        run(AnswerEscalation(escalation_id=escalated, answer="Granted"))
    with acting.as_user(story.author):
        run(Escalate(item_id=item_id, reason="Still none"))
    with acting.as_user(story.lead):
        run(GiveVerdict(postmortem_id=story.id, verdict=Verdict.NOT_EXERCISED, reason="No such load since"))
        run(GiveFeedback(postmortem_id=story.id, easy=Opinion.YES, clear=Opinion.NO, missing="A field"))
    clock.now = datetime.now(UTC)
    return story


@pytest.mark.parametrize(
    ("viewport", "scheme", "language"),
    [
        pytest.param(WIDE, "light", Language.ENGLISH, id="wide"),
        pytest.param(NARROW, "dark", Language.RUSSIAN, id="narrow-dark"),
    ],
)
def test_everybody_can_use_it(viewport, scheme, language, wired, story, server, context_for, problems):
    with Session(wired.execution_options(writes=True)) as session:
        for user in session.scalars(select(UserRow)):
            user.language = language
        session.commit()
    wrong: list[str] = []
    opened = set()
    for who in (story.author, story.manager):
        page = context_for(who, viewport=viewport, color_scheme=scheme).new_page()
        visit(page, "/")
        wrong += [f"/: {each}" for each in complaints(page)]
        visit(page, f"/read?id={story.id}")
        for key in FORMS:
            button = page.locator(f".st-key-{key} button").first
            if button.count():
                button.click()
                settled(page)
                opened.add(key)
                wrong += [f"{key}: {each}" for each in complaints(page)]
                page.keyboard.press("Escape")
    assert opened == set(FORMS)
    page = context_for(story.bystander, viewport=viewport, color_scheme=scheme).new_page()
    visit(page, f"/feedback?id={story.id}")
    expect(page.locator("textarea")).to_have_count(1)
    wrong += [f"/feedback: {each}" for each in complaints(page)]
    assert not wrong, "\n".join(wrong)
    page.goto(f"/print/{story.id}?one-page")
    assert page.locator("html").get_attribute("lang")
    assert_accessible(page)
