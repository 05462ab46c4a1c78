"""Every form that waits for its button: what is typed into it survives a reload, a closed tab and a killed server, and
is over once it was sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect
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
from tests.browser.server import started
from tests.browser.test_kept import copies, nothing_is_kept, press
from tests.browser.watch import settled, visit
from tests.factories import NOON, make_user
from tests.rail import scheduled
from wiring import acting, run

FEWER = "(kept) => Object.keys(localStorage).filter((name) => name.startsWith('pm-typed:')).length < kept"


@dataclass(frozen=True, kw_only=True)
class Form:
    """Where it is, how to open it, its box, and how to send it."""

    name: str
    who: int
    address: str
    box: Callable[[Page], Locator]
    send: str  #: the button's words
    open: Callable[[Page], None] = lambda page: None
    finish: Callable[[Page], None] = lambda page: None  #: what else it needs
    is_like_others: bool = False  #: a closed tab and a killed server say enough
    is_opened_again: bool = False  #: by a click; what was typed waits for it
    shown_at: str = ""  #: elsewhere than on the page that follows
    uncover: Callable[[Page], None] = lambda page: None  #: what was sent may be folded away
    text: str = "Nobody was"


def named(name: str) -> Callable[[Page], Locator]:
    return lambda page: page.get_by_role("textbox", name=name, exact=True)


def clicked(name: str) -> Callable[[Page], None]:
    return lambda page: press(page, name)


def unfolded(where: str) -> Callable[[Page], None]:
    def unfold(page: Page) -> None:
        box = page.locator(f"{where} textarea").first
        page.wait_for_timeout(500)
        while not box.is_visible():  # folded, or about to unfold
            page.locator(f"{where} summary").click()
            page.wait_for_timeout(1_000)

    return unfold


def chosen(*names: str) -> Callable[[Page], None]:
    def choose(page: Page) -> None:
        for name in names:
            page.get_by_text(name, exact=True).first.click()
        settled(page)

    return choose


def filed(page: Page) -> None:
    """What else a report needs."""
    chosen("P2")(page)
    page.get_by_role("combobox", name="Service").click()
    page.get_by_role("option").first.click()


def tapped(where: str, *names: str) -> Callable[[Page], None]:
    def tap(page: Page) -> None:
        for name in names:
            page.locator(where).get_by_text(name, exact=True).click()
            settled(page)

    return tap


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


def typed(form: Form, page: Page, text: str) -> None:
    while not page.evaluate("window.pmTypedHere?.size"):  # on a busy machine later than the boxes
        page.wait_for_timeout(100)
    form.box(page).focus()  # in a narrow box Streamlit's hint is where one would click
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def is_there(form: Form, page: Page, text: str) -> Page:
    if form.is_opened_again:
        form.open(page)
    expect(form.box(page), form.name).to_have_value(text, timeout=30_000)
    return page


def settled_again(page: Page) -> None:
    """On a machine with four times the work that it can do, Streamlit once in ten restarts left a section's fragment
    empty that it had drawn. Whoever sees that loads the page anew."""
    page.reload()
    settled(page, timeout_ms=60_000)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("scene", [in_review, published])
def test_survives_whatever_happens(scene, wired, clock, server, context_for, database_url, tmp_path, problems):
    forms = scene(wired)
    clock.now = datetime.now(UTC)
    browsers = {who: context_for(who) for who in {form.who for form in forms}}
    pages = []
    for form in forms:
        page = visit(browsers[form.who].new_page(), form.address)
        form.open(page)
        typed(form, page, form.text)
        if not form.is_like_others:
            page.reload()
            is_there(form, settled(page), form.text)
        typed(form, page, " called")
        page.close()
        page = visit(page.context.new_page(), form.address)
        pages.append(is_there(form, page, f"{form.text} called"))
        typed(form, page, " at night")
    server.process.kill()
    server.process.wait()
    with started(database_url, tmp_path / "again.log", port=urlsplit(server.url).port):
        for form, page in zip(forms, pages, strict=True):
            settled(page, timeout_ms=60_000)
            if "section=timeline" in form.address and not page.locator('[class*="st-key-timeline-"]').count():
                settled_again(page)
            expect(form.box(page), form.name).to_have_value(f"{form.text} called at night", timeout=30_000)
        for form, page in zip(forms, pages, strict=True):
            form.finish(page)
            kept = len(copies(page))
            page.get_by_role("button", name=form.send, exact=True).last.click()
            page.wait_for_function(FEWER, arg=kept)  # the browser heard of it
            settled(page)
            if form.shown_at:
                visit(page, form.shown_at)
            form.uncover(page)
            expect(page.get_by_text("called at night").filter(visible=True).first, form.name).to_be_visible()
        for context in browsers.values():
            nothing_is_kept(context.pages[0])  # all pages of a browser have the same copies
            context.close()
    problems.clear()  # the server was away
