"""The whole way of a post-mortem, from the report to the tracker, with everybody in a browser of their own.

One of the two ways on each engine: what the commands and questions say on both is told in `tests/db`.
"""

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from db.unit_of_work import unit_of_work
from pmcore.domain.sections import FACTS
from pmcore.domain.vocabulary import Role, SectionKey
from pmcore.usecases.writing import SaveSection
from tests.browser.watch import is_saved, settled, visit
from tests.factories import make_policy, make_service, make_user, make_workspace
from wiring import run

MOSCOW = ZoneInfo("Europe/Moscow")
SUMMARY = {
    "Incident": "Mail could not be sent.",
    "Impact": "500 customers for twelve minutes.",
    "Root Cause": "The connection pool was too small.",
    "Resolution": "A larger pool ended it.",
    "Prevention": "The pool is watched from now on.",
}


@dataclass(frozen=True)
class Team:
    author: int
    lead: int
    manager: int
    chief: int


@pytest.fixture
def team(rows) -> Team:
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        make_service(session)
        return Team(
            author=make_user(session, "Anna Petrova", Role.ENGINEER).id,
            lead=make_user(session, "Boris Lead", Role.TECH_LEAD).id,
            manager=make_user(session, "Mira Manager", Role.ENGINEERING_MANAGER).id,
            chief=make_user(session, "Clara Chief", Role.CTO).id,
        )


@pytest.fixture
def save(wired, as_user, team):
    """Save a section by the command itself, as its author; fields that are not named stay."""

    def saved(postmortem_id: int, key: SectionKey, **content: object) -> None:
        with unit_of_work(wired)() as work:
            stored = work.sections.get(postmortem_id, key)
        kept = {name: value for name, value in stored.content.items() if name != FACTS}
        with as_user(team.author):
            run(
                SaveSection(
                    postmortem_id=postmortem_id, key=key, base_version=stored.version, content={**kept, **content}
                )
            )

    return saved


@pytest.fixture
def page_of(context_for):
    """`page_of(user_id)` is the one page of that person's browser."""
    return lambda user_id: context_for(user_id).new_page()


def test_a_p0_from_the_report_to_the_tracker(team, server, page_of, save):
    anna, boris, mira, clara = (page_of(who) for who in (team.author, team.lead, team.manager, team.chief))
    start = report(anna, "P0")
    owed = anna.locator(".st-key-reported")
    expect(owed.get_by_text("A post-mortem is required")).to_be_visible()
    expect(owed.get_by_text("P0-001")).to_be_visible()
    visit(anna, "/incidents?open=1")
    expect(anna.locator(".st-key-incident-panel").get_by_text("A post-mortem is required")).to_be_visible()
    press(anna, "Start the post-mortem")
    number = opened(anna)

    visit(boris, f"/read?id={number}")
    expect(boris.get_by_text("Anna Petrova has not shared this draft yet.")).to_be_visible()
    press(anna, "Share the draft")
    expect(anna.get_by_role("button", name="Share the draft")).to_have_count(0)
    visit(boris, f"/read?id={number}")
    expect(boris.get_by_text("has not shared this draft yet")).to_have_count(0)

    write_summary(anna)
    lacks(
        anna, "Describe what happened, with the numbers that show it.", "Describe what people saw during the incident.",
        "Propose an action item, or say why none is needed.",
    )  # fmt: skip
    ask_why(anna)
    paste_timeline(anna, start)
    section(anna, SectionKey.RESOLUTION)
    fill(anna, "Immediate Fix", "```bash\nkubectl set env DB_POOL_SIZE=50\n```")
    fill(anna, "Validation", "Mails went out again.")
    press(anna, "Save now")
    is_saved(anna)
    promise(anna)
    save(number, SectionKey.IMPACT, user_share="25 %", user_experience="An error page.")
    save(number, SectionKey.LESSONS, lessons=[{"id": "l1", "kind": "went_well", "text": "The alert fired."}])
    save(number, SectionKey.PREVENTION, measures=[{"id": "m1", "horizon": "immediate", "text": "A larger pool."}])

    visit(anna, f"/write?id={number}")
    submit(anna, "Boris Lead", "Mira Manager", "Clara Chief")
    expect(anna.locator(".stMarkdownBadge", has_text=re.compile("in review", re.I)).first).to_be_visible()

    sign(boris, "Tech Lead")
    from_inbox(mira, "Read and sign")
    mira.locator(".st-key-return-open-engineering_manager summary").click()
    reasons = mira.locator(".st-key-return-reasons-engineering_manager textarea")
    reasons.fill("Say with a number that it was over.")
    reasons.blur()
    settled(mira)
    press(mira, "Return as Engineering Manager")
    expect(mira.get_by_role("button", name="Sign as Engineering Manager")).to_have_count(0)

    visit(anna, "/")
    returned = anna.locator(".st-key-box-returned")
    expect(returned.get_by_role("link", name="Say with a number that it was over.")).to_be_visible()
    returned.get_by_role("link", name="Answer").click()
    settled(anna)
    section(anna, SectionKey.RESOLUTION)
    fill(anna, "Validation", "99.9 % of mails went out again.")
    press(anna, "Save now")
    expect(anna.get_by_text("Not saved yet")).to_have_count(0)
    visit(anna, f"/write?id={number}")
    submit(anna, "Boris Lead", "Mira Manager", "Clara Chief")

    from_inbox(boris, "Read the changes")
    expect(boris.get_by_text("99.9 % of mails went out again.")).to_be_visible()
    press(boris, "Confirm again as Tech Lead")  # the first signature stood under another text
    sign(mira, "Engineering Manager")
    visit(anna, f"/read?id={number}")
    waits(anna, "The CTO has not signed yet.")
    sign(clara, "CTO")
    publish(anna, number)

    for reader in (anna, boris, mira, clara):
        is_read_as_published(reader, number)
    is_in_the_tracker(anna, server.url, "P0-001")


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_p1_needs_no_cto(team, server, page_of, save):
    anna, boris, mira = (page_of(who) for who in (team.author, team.lead, team.manager))
    start = report(anna, "P1")
    expect(anna.locator(".st-key-reported").get_by_text("A post-mortem is required")).to_be_visible()
    visit(anna, "/")
    anna.locator(".st-key-box-owed").get_by_role("button", name="Start writing").click()
    number = opened(anna)

    write_summary(anna)
    lacks(anna, "Describe what happened, with the numbers that show it.")
    ask_why(anna)
    paste_timeline(anna, start)
    promise(anna)
    save(number, SectionKey.IMPACT, user_share="25 %", user_experience="An error page.")
    visit(anna, f"/write?id={number}")
    submit(anna, "Boris Lead", "Mira Manager")

    sign(boris, "Tech Lead")
    visit(anna, f"/read?id={number}")
    waits(anna, "The Engineering Manager has not signed yet.")
    sign(mira, "Engineering Manager")
    publish(anna, number)

    for reader in (anna, boris, mira):
        is_read_as_published(reader, number)
        expect(reader.locator(".st-key-signature-cto")).to_have_count(0)
    is_in_the_tracker(anna, server.url, "P1-001")


def fill(page: Page, name: str, text: str) -> None:
    box = page.get_by_role("textbox", name=name, exact=True)
    box.fill(text)
    box.blur()
    settled(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settled(page)


def section(page: Page, key: SectionKey) -> None:
    button = page.locator(f".st-key-open-{key} button")
    expect(page.locator(".st-key-open-summary button")).to_be_visible()
    if not button.is_visible():
        page.locator(".st-key-optional-sections summary").click()
    button.click()
    settled(page)


def opened(page: Page) -> int:
    """The number of the post-mortem that has just been started."""
    expect(page).to_have_url(re.compile(r"/write\?id=\d+"))
    settled(page)
    found = re.search(r"id=(\d+)", page.url)
    assert found
    return int(found[1])


def report(page: Page, severity: str) -> datetime:
    """An incident of yesterday, two hours long, as a form; its start."""
    start = (datetime.now(UTC) - timedelta(hours=20)).astimezone(MOSCOW).replace(microsecond=0)
    visit(page, "/report")
    page.get_by_label("What do people see?").fill("Sending mail fails")
    page.locator(".st-key-report-severity").get_by_text(severity, exact=True).click()
    page.get_by_role("combobox", name="Service").click()
    page.get_by_role("option", name="email-service").click()
    page.get_by_label("Started (Europe/Moscow)", exact=True).fill(stamp(start))
    page.get_by_text("Id, what is known already, dry run").click()
    page.get_by_label("Detected", exact=True).fill(stamp(start + timedelta(minutes=2)))
    page.get_by_label("Resolved", exact=True).fill(stamp(start + timedelta(hours=2)))
    page.get_by_label("Customers affected", exact=True).fill("500")
    page.get_by_role("button", name="Report", exact=True).click()
    expect(page).to_have_url(re.compile(r"reported=\d+"))
    settled(page)
    return start


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def write_summary(page: Page) -> None:
    section(page, SectionKey.SUMMARY)
    for name, text in SUMMARY.items():
        fill(page, name, text)
    press(page, "Save now")
    expect(page.get_by_text("Not saved yet")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Prevention", exact=True)).to_have_value(SUMMARY["Prevention"])


def lacks(page: Page, *sentences: str) -> None:
    """Submitting is refused with all that is missing; the first of it leads to its section."""
    press(page, "Submit for review")
    missing = page.locator(".st-key-submit-missing")
    for sentence in sentences:
        expect(missing.get_by_role("button", name=sentence)).to_be_visible()
    expect(page.get_by_label("Who reviews it?")).to_have_count(0)
    missing.get_by_role("button", name=sentences[0]).click()
    settled(page)
    expect(page).to_have_url(re.compile("section=root_cause"))
    expect(page.get_by_role("heading", name="Root Cause Analysis")).to_be_visible()


def waits(page: Page, sentence: str) -> None:
    """Publishing is refused with what it waits for."""
    press(page, "Publish")
    expect(page.locator(".st-key-publish-missing").get_by_text(sentence)).to_be_visible()
    page.keyboard.press("Escape")


def paste_timeline(page: Page, start: datetime) -> None:
    section(page, SectionKey.TIMELINE)
    page.get_by_text("Paste a block").click()
    box = page.get_by_placeholder("Paste here, then press Ctrl+Enter")
    lines = ((0, "500s from the service"), (2, "Monitor saw the queue grow"), (120, "Mail goes out again"))
    box.fill("\n".join(f"{start + timedelta(minutes=after):%H:%M:%S} {event}" for after, event in lines))
    box.press("Control+Enter")
    settled(page)
    expect(page.get_by_test_id("stDataFrame").locator("canvas").first).to_be_visible()  # looked at, and in its place
    press(page, "Take over 3 rows")
    for _after, event in lines:
        expect(page.locator(".st-key-timeline-rows").get_by_text(event)).to_be_visible()


def ask_why(page: Page) -> None:
    page.keyboard.press("Escape")  # what is missing stays in sight until it is closed
    fill(page, "What Happened?", "The pool of 20 connections ran dry.")
    press(page, "Ask the first why")
    fill(page, "Why 1", "Why did the pool run dry?")
    fill(page, "Answer", "It was sized for half of today's load.")
    press(page, "Done")
    fill(page, "Root Cause", "A pool that nobody sized again.")
    press(page, "Save now")
    expect(page.get_by_text("Not saved yet")).to_have_count(0)
    expect(page.get_by_text("It was sized for half of today's load.").first).to_be_visible()


def promise(page: Page) -> None:
    section(page, SectionKey.ACTION_ITEMS)
    press(page, "Add an action item")
    fill(page, "What will be done", "Watch the pool")
    page.get_by_role("combobox", name="Owner").click()
    page.get_by_role("option", name="Anna Petrova").click()
    settled(page)
    fill(page, "Success criterion", "An alert fires at 80 %.")
    press(page, "Commit")
    item = page.get_by_text("AI-1").first
    expect(item).to_be_visible()
    expect(page.get_by_text("Committed").first).to_be_visible()


def submit(page: Page, *reviewers: str) -> None:
    press(page, "Submit for review")
    form = page.get_by_test_id("stForm")
    for name in reviewers:
        expect(form.get_by_text(name)).to_be_visible()  # each the only one who can sign so, and proposed therefore
    form.get_by_role("button", name="Submit for review").click()
    settled(page)
    expect(page.locator(".st-key-submit-reviewers")).to_be_hidden()  # the popover is done with and closes
    expect(page.get_by_text("Collect the signatures, then publish.").first).to_be_visible()


def from_inbox(page: Page, link: str) -> None:
    visit(page, "/")
    page.locator(".st-key-box-to-sign").get_by_role("link", name=link).click()
    expect(page).to_have_url(re.compile(r"/read\?id=\d+"))
    settled(page)


def sign(page: Page, role: str) -> None:
    from_inbox(page, "Read and sign")
    expect(page.get_by_text("The connection pool was too small.")).to_be_visible()
    press(page, f"Sign as {role}")
    expect(page.get_by_role("button", name="Take my signature back")).to_be_visible()


def publish(page: Page, number: int) -> None:
    visit(page, f"/read?id={number}")
    press(page, "Publish")
    page.get_by_test_id("stForm").get_by_role("button", name="Publish").click()
    settled(page)
    expect(page.get_by_text("It is published. Keep its action items moving.")).to_be_visible()


def is_read_as_published(page: Page, number: int) -> None:
    visit(page, f"/read?id={number}")
    expect(page.locator(".stMarkdownBadge", has_text="Published").first).to_be_visible()
    expect(page.get_by_text(re.compile("Edition 1, published .* by Anna Petrova"))).to_be_visible()
    for said in (
        SUMMARY["Incident"],
        "Monitor saw the queue grow",
        "It was sized for half of today's load.",
        "Watch the pool",
    ):
        expect(page.get_by_text(said).first).to_be_visible()


def is_in_the_tracker(page: Page, address: str, public_id: str) -> None:
    visit(page, "/tracker")
    cells = page.locator("[data-testid=stDataFrame] [role=gridcell]")
    for said in (public_id, "Published", "email-service"):
        expect(cells.filter(has_text=said).first).to_be_attached()
    answer = page.context.request.get(f"{address}/download/tracker.xlsx")
    assert answer.ok
    book = load_workbook(io.BytesIO(answer.body()))
    said = {cell.value for sheet in book for row in sheet for cell in row}
    assert {public_id, "Published", "Watch the pool"} <= said
