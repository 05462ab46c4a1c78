"""What managers write beside a decision survives like every other form: notes of editions, of the policy and of new
owners, reasons for giving up and for taking up again, how incidents are settled.
"""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from pmcore.domain.action_item import Progress
from pmcore.domain.item_terms import Terms
from pmcore.domain.vocabulary import ActionKind, ActionPriority, Role, Severity, SignRole
from pmcore.usecases.action_items import ProposeItem
from pmcore.usecases.amending import StartAmendment
from pmcore.usecases.incidents import MoreFacts, ReportIncident
from pmcore.usecases.item_progress import ReportProgress, Update
from pmcore.usecases.publishing import Publish
from pmcore.usecases.review import SubmitForReview
from tests import reviewed
from tests.browser.forms import Form, clicked, named, survive, tapped
from tests.browser.test_kept import press
from tests.browser.watch import settled
from tests.factories import NOON, make_user
from wiring import acting, run

MINE = '[class*="st-key-mine-progress-"]'
LAST = "Page the owner"  #: the only promise of its owner
TITLES = ("Watch the pool", "Empty the queue", "Stop the mailer", LAST)


def row_chosen(page: Page) -> None:
    """The first item, unless it is chosen still."""
    if not page.locator(".st-key-actions-one").is_visible():
        at = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
        page.mouse.click(at["x"] + 15, at["y"] + 53)  # the grid is a picture
        settled(page)


def asked(name: str):
    def ask(page: Page) -> None:
        row_chosen(page)
        press(page, name)

    return ask


def told(page: Page) -> None:
    row_chosen(page)
    page.locator(".st-key-actions-history summary").click()


def picked(question: str, option: str):
    def pick(page: Page) -> None:
        page.get_by_role("combobox", name=question).click()
        page.get_by_role("option").filter(has_text=option).click()
        settled(page)

    return pick


def tab(name: str):
    def turn(page: Page) -> None:
        page.get_by_role("tab", name=name, exact=True).click()
        settled(page)

    return turn


def amended(engine) -> reviewed.Story:
    """In review again; of the promises of its first edition the third one is done."""
    story = reviewed.drafted(engine)
    with acting.as_user(story.author):
        ids = []
        for title in TITLES[1:]:
            terms = Terms(
                title=title, kind=ActionKind.DETECTION, priority=ActionPriority.HIGH,
                owner_id=story.bystander if title == LAST else story.author,
                due_on=NOON.date() + timedelta(days=7), criterion="It is empty",
            )  # fmt: skip
            ids.append(run(ProposeItem(postmortem_id=story.id, terms=terms)))
    agreed(engine, story)
    with acting.as_user(story.author):
        run(Publish(postmortem_id=story.id))
        run(ReportProgress(updates=(Update(item_id=ids[1], progress=Progress.DONE, note="Merged"),)))
        run(StartAmendment(postmortem_id=story.id))
    agreed(engine, story)
    return story


def agreed(engine, story) -> None:
    with acting.as_user(story.author):
        run(SubmitForReview(postmortem_id=story.id, reviewer_ids=story.reviewers))
    for role in SignRole:
        reviewed.sign(engine, story, role)


def stuck(story) -> list[int]:
    """Incidents that nobody has written about."""
    start = NOON - timedelta(hours=3)
    with acting.as_user(story.bystander):
        return [
            run(
                ReportIncident(
                    title=f"The queue is stuck {n}", severity=Severity.P1, service="email-service", started_at=start,
                    facts=MoreFacts(resolved_at=start + timedelta(minutes=45)),
                )
            )
            for n in range(4)
        ]  # fmt: skip


def decided(engine) -> list[Form]:
    story = amended(engine)
    with Session(engine.execution_options(writes=True)) as session:
        admin = make_user(session, "Adam", Role.ADMINISTRATOR).id
        session.commit()
    watch, queue, mailer = (f"/actions?text={title.split()[-1]}" for title in TITLES[:3])
    panel = ".st-key-incident-panel"

    def settling(number: int, name: str, question: str, send: str, **more) -> Form:
        at = f"/incidents?open={number}"
        return Form(
            name=name, who=story.manager, address=at, box=named(question), open=tapped(panel, name), send=send,
            is_like_others=True, is_opened_again=True, shown_at=at, **more,
        )  # fmt: skip

    covered, doubled, nothing, handed = stuck(story)
    return [
        Form(
            name="edition", who=story.author, address=f"/read?id={story.id}", open=clicked("Publish"),
            box=named("What does this edition change?"), send="Publish", is_like_others=True, is_opened_again=True,
            shown_at=f"/read?id={story.id}",
        ),
        Form(
            name="policy", who=story.manager, address="/settings", open=tab("Policy"), box=named("Why does it change?"),
            send="Make it the policy", is_like_others=True, is_opened_again=True, is_there_again=True,
            finish=lambda page: page.get_by_role("spinbutton").first.fill("25"),
            uncover=lambda page: page.get_by_text("Versions so far").click(),
        ),
        Form(
            name="new owner", who=story.lead, address=f"{watch}&owner={story.author}", open=row_chosen,
            box=named("Note"), send="Re-assign", is_like_others=True, is_opened_again=True, shown_at=watch,
            finish=picked("New owner of 1 item", "Egor"), uncover=told,
        ),
        Form(
            name="given up", who=story.manager, address=queue, open=asked("Won't do"), is_like_others=True,
            box=named("Why will it not be done?"), send="Approve giving it up", is_opened_again=True,
            shown_at=f"{queue}&state=wont_do", uncover=row_chosen,
        ),
        Form(
            name="taken up again", who=story.manager, address=f"{mailer}&state=done", open=asked("Not done yet"),
            is_like_others=True, box=named("What is left to do?"), send="Reopen", is_opened_again=True,
            shown_at=mailer, uncover=told,
        ),
        settling(
            covered, "Covered by another one", "Why do both belong together?", "Cover it",
            finish=picked("Which post-mortem covers it?", "P0-001"),
        ),
        settling(
            doubled, "Duplicate", "How do you know?", "It is a duplicate",
            finish=picked("Which incident is the same one?", "P0-001"),
        ),
        settling(nothing, "Not an incident", "What was it instead?", "It is not an incident"),
        settling(
            handed, "Hand over", "A note for that person", "Hand over",
            finish=picked("Who owes it from now on?", "Anna"),
        ),
        Form(
            name="last of one's own items", who=story.bystander, address="/actions", is_like_others=True,
            send="Save all", box=named("Note on P0-001/AI-4"), open=tapped(MINE, "On track"),
            finish=tapped(MINE, "Done"), shown_at="/actions?text=owner&state=done", uncover=row_chosen,
        ),
        Form(
            name="workspace", who=admin, address="/settings", open=tab("Workspace"), is_like_others=True,
            box=named("Who gets a published document"), known="Engineering team", send="Save", is_opened_again=True,
            shown_at="/settings", uncover=tab("Workspace"),
        ),
    ]  # fmt: skip


@pytest.mark.timeout(600)
def test_survives_whatever_happens(wired, clock, server, context_for, again, problems):
    forms = decided(wired)
    clock.now = datetime.now(UTC)
    survive(forms, context_for=context_for, server=server, again=again)
    problems.clear()  # the server was away
