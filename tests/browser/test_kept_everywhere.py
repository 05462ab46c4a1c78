"""Every form that waits for its button: what is typed into it survives a reload, a closed tab and a killed server, and
is over once it was sent.
"""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ActionItemRow, IncidentRow
from pmcore.domain.action_item import Progress
from pmcore.domain.vocabulary import MemberRole, Role, SectionKey, Severity
from pmcore.usecases.comments import WriteComment
from pmcore.usecases.dry_run import AskForFeedback
from pmcore.usecases.incidents import MoreFacts, ReportIncident
from pmcore.usecases.item_progress import ReportProgress, Update
from pmcore.usecases.meeting import BeginMeeting
from pmcore.usecases.members import AddMember
from pmcore.usecases.retrospective import Escalate
from tests import reviewed
from tests.browser.forms import Form, chosen, clicked, named, survive, tapped, unfolded
from tests.browser.test_kept import press
from tests.browser.watch import settled
from tests.factories import NOON, make_user
from tests.rail import scheduled
from wiring import acting, run


def filed(page: Page) -> None:
    """What else a report needs."""
    chosen("P2")(page)
    page.get_by_role("combobox", name="Service").click()
    page.get_by_role("option").first.click()


def handed(page: Page) -> None:
    page.get_by_role("combobox", name="To whom?").click()
    page.get_by_role("option").first.click()
    settled(page)


def extended(page: Page) -> None:
    """The first item is chosen, and the form opened."""
    if not page.locator(".st-key-actions-one").is_visible():
        at = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
        page.mouse.click(at["x"] + 15, at["y"] + 53)  # the grid is a picture
        settled(page)
    press(page, "Extend")


def in_review(engine) -> list[Form]:
    """Each by somebody who has no other form of the same page open."""
    story = reviewed.submitted(engine)
    with acting.as_user(story.author):
        run(AddMember(postmortem_id=story.id, user_id=story.bystander, role=MemberRole.CO_AUTHOR))
        run(WriteComment(postmortem_id=story.id, section=SectionKey.RESOLUTION, text="Is that all?"))
    scheduled(engine, story=story, days=0.01)
    with acting.as_user(story.bystander):
        run(BeginMeeting(postmortem_id=story.id))
        start = NOON - timedelta(hours=3)
        stuck = run(
            ReportIncident(
                title="The queue is stuck", severity=Severity.P1, service="email-service", started_at=start,
                facts=MoreFacts(resolved_at=start + timedelta(minutes=45)),
            )
        )  # fmt: skip
    write, comments = f"/write?id={story.id}&section=", ".st-key-comments-resolution"
    pasted, log, panel = named("Text"), f"/log?id={story.incident_id}", ".st-key-log-panel"
    return [
        Form(
            name="timeline", who=story.author, address=f"{write}timeline", box=named("Event"), send="Save",
            open=clicked("Add a row"), finish=lambda page: named("Time")(page).fill("10:05"),
        ),
        Form(
            name="pasted block", who=story.bystander, address=f"{write}timeline", box=pasted, send="Take over 1 row",
            open=unfolded(".st-key-timeline-1-paste"),  text="10:07:00 Nobody was",
        ),
        Form(
            name="action item", who=story.author, address=f"{write}action_items", box=named("What will be done"),
            send="Keep as a proposal", open=clicked("Add an action item"),
        ),
        Form(
            name="comment", who=story.author, address=f"{write}resolution", send="Comment",
            box=lambda page: page.locator(comments).get_by_role("textbox", name="New comment"), open=unfolded(comments),
        ),
        Form(
            name="reply", who=story.lead, address=f"{write}resolution", send="Reply",
            box=lambda page: page.locator(comments).get_by_role("textbox", name="Reply"), open=unfolded(comments),
        ),
        Form(
            name="reasons of a return", who=story.manager, address=f"/read?id={story.id}",
            box=named("What should change?"), send="Return as Engineering Manager",
            open=unfolded(".st-key-return-open-engineering_manager"),
        ),
        Form(
            name="notes of a meeting", who=story.bystander, address=f"/meeting?id={story.id}", box=named("Notes"),
            send="Save the notes",
        ),
        Form(
            name="item of a meeting", who=story.author, address=f"/meeting?id={story.id}",
            box=named("What will be done"), send="Propose",
        ),
        Form(
            name="waiver", is_like_others=True, who=story.manager, address=f"/incidents?open={stuck}", send="Waive",
            box=named("Why is no post-mortem needed?"), open=tapped(".st-key-incident-panel", "Waive"),
            is_opened_again=True, shown_at=f"/incidents?open={stuck}",
        ),
        Form(
            name="line of the log", is_like_others=True, who=story.bystander, address=log, send="Send message",
            box=lambda page: page.get_by_test_id("stChatInput").locator("textarea"),
        ),
        Form(
            name="facts", who=story.author, address=log, box=named("Alert name"), send="Save the facts",
            is_like_others=True,
            open=tapped(panel, "Edit the facts"), is_opened_again=True, shown_at=f"{write}details",
        ),
        Form(
            name="severity", is_like_others=True, who=story.manager, address=log, box=named("Why does it change?"),
            send="Change the severity", open=tapped(panel, "Severity, access, delete"), is_opened_again=True,
            finish=tapped(".st-key-severity-new", "P1"),
        ),
        Form(
            name="hand-over", who=story.author, address=f"{write}sign_off", box=named("A note for that person"),
            is_like_others=True,
            send="Hand over", open=clicked("Hand over"), is_opened_again=True, finish=handed, shown_at="/",
        ),
    ]  # fmt: skip


def published(engine) -> list[Form]:
    story = reviewed.published(engine)
    with Session(engine.execution_options(writes=True)) as session:
        session.get(IncidentRow, story.incident_id).dry_run = True
        item = session.scalars(select(ActionItemRow)).one()
        item_id, known = item.id, {column.name: getattr(item, column.name) for column in item.__table__.columns}
        other = ActionItemRow(**known | {"id": None, "number": 2})
        session.add(other)
        session.flush()
        other_id, admin = other.id, make_user(session, "Adam", Role.ADMINISTRATOR).id
        session.commit()
    with acting.as_user(story.author):
        stuck = [Update(item_id=each, progress=Progress.BLOCKED, note="No access") for each in (item_id, other_id)]
        run(ReportProgress(updates=tuple(stuck)))
        run(AskForFeedback(postmortem_id=story.id, user_ids=(story.lead, story.cto, story.bystander)))
        run(Escalate(item_id=item_id, reason="Need access"))
    read = f"/read?id={story.id}"
    return [
        Form(
            name="report", who=story.bystander, address="/report", box=named("What do people see?"), send="Report",
            finish=filed,
        ),
        Form(
            name="feedback", who=story.bystander, address=f"/feedback?id={story.id}", box=named("What is missing?"),
            send="Send", finish=lambda page: [page.get_by_text("Yes", exact=True).nth(n).click() for n in (0, 1)],
        ),
        Form(
            name="verdict", who=story.lead, address=read, box=named("What does it rest on?"), send="Give the verdict",
            open=lambda page: press(page, "Give the verdict"), is_opened_again=True, finish=chosen("Not exercised"),
        ),
        Form(
            name="answer", who=story.manager, address="/", box=named("What will happen about AI-1?"), send="Answer",
            open=lambda page: press(page, "Answer"), is_opened_again=True, shown_at=read,
        ),
        Form(
            name="escalation", who=story.author, address=read, box=named("What do you need, and from whom?"),
            is_like_others=True,
            send="Escalate", open=clicked("AI-2 is blocked: escalate"), is_opened_again=True,
        ),
        Form(
            name="note of one's own item", is_like_others=True, who=story.author, address="/actions", send="Save all",
            box=named("Note on P0-001/AI-1"), open=tapped(f'[class*="st-key-mine-progress-{item_id}-"]', "On track"),
            finish=tapped(f'[class*="st-key-mine-progress-{item_id}-"]', "Blocked"),
            uncover=tapped(f'[class*="st-key-mine-progress-{item_id}-"]', "Blocked"),
        ),
        Form(
            name="extension", who=story.manager, address="/actions?dry_runs=1", send="Extend", open=extended,
            is_like_others=True,
            box=named("Why does it need more time?"), is_opened_again=True,
            uncover=lambda page: page.locator(".st-key-actions-history summary").click(),
        ),
        Form(
            name="invitations", who=admin, address="/settings", box=named("One person a line"), send="Invite",
            is_like_others=True,
            finish=lambda page: named("One person a line")(page).press_sequentially(" <vera@example.org>"),
        ),
    ]  # fmt: skip


@pytest.mark.timeout(600)
@pytest.mark.parametrize("scene", [in_review, published])
def test_survives_whatever_happens(scene, wired, clock, server, context_for, again, problems):
    forms = scene(wired)
    clock.now = datetime.now(UTC)
    survive(forms, context_for=context_for, server=server, again=again)
    problems.clear()  # the server was away
