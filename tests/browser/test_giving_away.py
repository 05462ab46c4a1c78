"""The page for executives is one sheet of paper, and the summary gets onto the clipboard."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from db.models import EditionRow
from pmcore.domain.vocabulary import ImpactFigure, Role, SectionKey
from pmcore.usecases.example import LoadExample
from tests import reviewed
from tests.browser.conftest import NARROW, WIDE
from tests.browser.watch import assert_accessible, visit
from tests.factories import make_policy, make_user, make_workspace
from wiring import acting, run

LONG = {
    "words": "The connection pool ran out, and what depended on it waited until it gave up. " * 25,
    "wide": "ЩЖМ ШИРОКИЕ БУКВЫ WWW MMM " * 70,
    "ideographs": "数据库连接池耗尽" * 240,
    "one word": "x" * 1_900,
    "pictures": "🟡👩‍💻" * 400,
}


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page(?![a-zA-Z])", pdf))


@pytest.fixture
def example(rows, wired):
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        manager = make_user(session, "Maria Sokolova", Role.ADMINISTRATOR, Role.ENGINEERING_MANAGER).id
    with acting.as_user(manager):
        return manager, run(LoadExample())


def lengthen(rows, text):
    """Everything that the page may show says as much as there is room for in the form."""
    with rows() as session:
        edition = session.scalars(select(EditionRow)).one()
        content = dict(edition.content)
        content["header"] = {**content["header"], "title": text[:200]}
        sections = {key: dict(section) for key, section in content["sections"].items()}
        sections[SectionKey.SUMMARY] |= {
            "confirmed": [{"id": figure, "figure": figure} for figure in ImpactFigure], "data_loss": text,
            "can_recur": text, "protection": text, "happened_before": text, "decision": text, "communication": text,
            "root_cause": text,
        }  # fmt: skip
        sections[SectionKey.IMPACT] |= {"user_experience": text, "revenue_basis": text, "user_share": text}
        facts = {**sections[SectionKey.IMPACT]["facts"], "unknown_because": {"complaints": text}, "complaints": ""}
        sections[SectionKey.IMPACT]["facts"] = facts
        sections[SectionKey.DETAILS]["facts"] = {
            **sections[SectionKey.DETAILS]["facts"], "service": text[:200], "alert_name": text,
        }  # fmt: skip
        sections[SectionKey.ROOT_CAUSE]["factors"] = [{"id": str(number), "text": text} for number in range(5)]
        content["items"] = [{**item, "title": text, "state": "blocked"} for item in content["items"]]
        edition.content = {**content, "sections": sections}


def test_one_sheet_for_the_example_and_for_a_long_one(example, rows, context_for):
    manager, postmortem_id = example
    page = context_for(manager, viewport=WIDE).new_page()
    page.goto(f"/print/{postmortem_id}?one-page")
    expect(page.get_by_role("heading", level=1)).to_have_text("email-service: database connection pool exhausted")
    expect(page.get_by_text("were too long for this page")).to_have_count(0)
    assert_accessible(page)
    assert sheets(page.pdf(prefer_css_page_size=True)) == 1
    page.emulate_media(media="print")
    assert page.evaluate(_CUT) == []
    for text in LONG.values():
        lengthen(rows, text)
        page.reload()
        expect(page.get_by_text("were too long for this page")).to_have_count(1)
        assert sheets(page.pdf(prefer_css_page_size=True)) == 1
        assert page.evaluate(_HEIGHT_MM) <= 273
        assert page.evaluate(_CUT) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


#: Nothing is hidden without an ellipsis of ours: neither the end of the sheet nor a third line of a text.
_CUT = """() => [...document.querySelectorAll(".sheet, .two")].filter(one => one.scrollHeight > one.clientHeight + 2)
  .map(one => `${one.className} ${one.clientHeight} of ${one.scrollHeight}: ${one.innerText.slice(0, 60)}`)"""
_HEIGHT_MM = "document.querySelector('.sheet').scrollHeight * 25.4 / 96"


def test_on_a_phone_everything_is_readable(example, rows, context_for):
    manager, postmortem_id = example
    lengthen(rows, LONG["words"])
    page = context_for(manager, viewport=NARROW).new_page()
    page.goto(f"/print/{postmortem_id}?one-page")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(_CUT) == []
    assert_accessible(page)


def test_the_summary_is_copied_for_jira(example, context_for):
    manager, postmortem_id = example
    context = context_for(manager, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    visit(page, f"/read?id={postmortem_id}")
    page.get_by_role("button", name="Copy the summary").click()
    page.get_by_role("tab", name="Jira").click()
    block = page.locator(".st-key-copy-jira")
    block.locator("[data-testid=stCode]").hover()
    block.get_by_role("button", name="Copy to clipboard").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("h3. Post-mortem P0-001 email-service: database")


def test_an_author_marks_a_figure_and_the_page_says_confirmed(wired, clock, server, context_for):
    story = reviewed.drafted(wired)
    clock.now = datetime.now(UTC)  # the server has the real time, and so must the session
    page = context_for(story.author).new_page()
    visit(page, f"/write?id={story.id}&section=summary")
    page.get_by_text("For the one-page summary").click()
    page.get_by_role("button", name="Revenue", exact=True).click()
    page.get_by_role("textbox", name="Decision Needed").fill("Buy a second database.")
    page.get_by_role("textbox", name="Decision Needed").press("Control+Enter")
    expect(page.get_by_text(re.compile("^Saved "))).to_be_visible()
    page.goto(f"/print/{story.id}?one-page&edition=draft")
    expect(page.locator("tr", has_text="Revenue")).to_contain_text("confirmed")
    expect(page.locator("tr", has_text="Customers")).to_contain_text("estimated")
    expect(page.get_by_text("Buy a second database.")).to_be_visible()
