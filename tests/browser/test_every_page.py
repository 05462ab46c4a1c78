"""Every page, with the worked example in it: nothing breaks, nothing is fetched elsewhere, everybody can use it."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from pmcore.domain.vocabulary import Language, Role, SectionKey, Severity
from pmcore.usecases.example import LoadExample
from pmcore.usecases.incidents import MoreFacts, ReportIncident
from pmcore.usecases.survey import OpenSurvey
from tests.browser.conftest import NARROW, WIDE
from tests.browser.watch import assert_accessible, settled, violations, visit
from tests.factories import make_policy, make_user, make_workspace
from tests.surveyed import answer, past_round
from wiring import parts, run

CODES = {Language.ENGLISH: "en", Language.RUSSIAN: "ru"}
#: Tables scroll by themselves; the kinds of a log's line are a strip to swipe, so that the log stays in sight.
_CUT_OFF = """() => [...document.querySelectorAll(
    "[data-testid=stMain] :is(button, a, [role=radio]), [data-testid=stMain] [data-testid=stWidgetLabel]"
  )].filter(one => {
    const box = one.getBoundingClientRect();
    if (!box.width || !box.height || one.closest("[data-testid=stDataFrame], .st-key-log-kind")) return false;
    const folded = [one, ...one.querySelectorAll("p, span, div")].some(part =>
      part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== "visible");
    const frame = one.closest("[role=radiogroup]")?.getBoundingClientRect();
    return folded || box.right > window.innerWidth + 1 || box.left < -1 || (frame && box.right > frame.right + 1);
  }).map(one => one.innerText || one.ariaLabel || one.outerHTML.slice(0, 120))"""
#: All that axe asks of colours, of what it asks at all.
OF_COLOURS = ("color-contrast", "link-in-text-block")
ROLES = (Role.ADMINISTRATOR, Role.ENGINEERING_MANAGER, Role.ENGINEER)


def addresses(postmortem_id: int) -> list[str]:
    sections = [f"/write?id={postmortem_id}&section={key}" for key in SectionKey]
    pages = [
        "/",
        "/report",
        "/incidents",
        "/tracker?dry_runs=1",
        "/actions",
        "/survey",
        "/survey?round=2025-Q1",
        "/survey?round=2025-Q2",
        "/metrics",
        "/metrics?metric=p0_completion",
        "/process",
        "/settings",
        "/account",
        "/log?id=1",
        "/log?id=3",
        "/report?reported=3",
        "/incidents?open=2",
    ]
    of_one = [f"/{page}?id={postmortem_id}" for page in ("read", "meeting", "feedback")]
    return [*pages, *sections, *of_one]


@pytest.mark.parametrize(
    ("viewport", "language"),
    [
        pytest.param(WIDE, Language.ENGLISH, id="wide"),
        pytest.param(NARROW, Language.RUSSIAN, id="narrow"),
    ],
)
def test_every_page(viewport, language, rows, as_user, server, context_for, problems):
    """In both schemes: every other page is loaded in the dark, and each is then looked at in the other one."""
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        manager = make_user(session, "Maria Sokolova", *ROLES, language=language).id
        past_round(session, *[answer(5, burden=2, keep="The meeting.")] * 5, answer(None, safe=1), number=1)
        past_round(session, *[answer(2)] * 4, number=2)
        past_round(session, *[answer(3)] * 4, answer(1), answer(5), number=3)
    with as_user(manager):
        postmortem_id = run(LoadExample())
        run(OpenSurvey())
        for days in (40, 9):  # the second one seems to repeat the first one
            start = parts.clock() - timedelta(days=days)
            facts = MoreFacts(resolved_at=start + timedelta(minutes=9))
            what = {"title": "Connection pool exhausted", "severity": Severity.P1, "service": "email-service"}
            run(ReportIncident(**what, started_at=start, facts=facts))
    page = context_for(manager, viewport=viewport).new_page()
    wrong: list[str] = []
    for number, address in enumerate(addresses(postmortem_id)):
        schemes = ("light", "dark") if number % 2 else ("dark", "light")
        page.emulate_media(color_scheme=schemes[0])
        visit(page, address)
        found = complaints(page)
        if page.locator("html").get_attribute("lang") != CODES[language]:
            found.append("another language in <html lang>")
        repaint(page, schemes[1])
        found += [f"{schemes[1]}: {one}" for one in (*violations(page, only=OF_COLOURS), *cut_off(page))]
        wrong += [f"{address}: {complaint}" for complaint in (*found, *problems)]
        problems.clear()
    assert not wrong, "\n".join(wrong)


def repaint(page: Page, scheme: str) -> None:
    """As when the system changes from day to night while the page is open."""
    background = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    before = page.evaluate(background)
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(f"before => {background} !== before", arg=before)
    settled(page)


def complaints(page: Page) -> list[str]:
    found = violations(page)
    if (headings := page.get_by_role("heading", level=1).count()) != 1:
        found.append(f"{headings} main headings")
    if page.get_by_test_id("stException").count():
        found.append("an exception is shown")
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("wider than the window")
    return found + cut_off(page)


def cut_off(page: Page) -> list[str]:
    return [f"cut off: {name}" for name in page.evaluate(_CUT_OFF)]


def test_the_pages_without_a_sign_in(rows, server, context_for, problems):
    with rows() as session:
        make_workspace(session)
        make_policy(session)
        make_user(session, "Maria Sokolova", Role.ADMINISTRATOR)
    page = context_for(viewport=NARROW).new_page()
    for address in ("/login", "/login?lang=ru", "/setup/nonsense", "/invite/nonsense"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert_accessible(page)
    problems[:] = [problem for problem in problems if "404" not in problem and "410" not in problem]
