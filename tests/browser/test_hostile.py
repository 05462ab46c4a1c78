"""Text that tries to be more than text, before a real browser: nothing runs, nothing is fetched, no link of script."""

from datetime import UTC, datetime

from playwright.sync_api import Page

from pmcore.domain.vocabulary import SectionKey
from tests import hostile
from tests.browser.watch import visit

#: What ran, handlers and links of script among the attributes, pictures of another host.
_CAME_ALIVE = """() => [
  window.ran && `ran: ${window.ran}`,
  ...[...document.querySelectorAll("*")].filter(one => [...one.attributes].some(({name, value}) =>
    /^on/i.test(name) || (/^(src|href|xlink:href|action)$/i.test(name) && /^\\s*javascript:/i.test(value)))),
  ...[...document.images].filter(one => new URL(one.src).host && new URL(one.src).host !== location.host),
].filter(Boolean).map(one => one.outerHTML?.slice(0, 200) ?? one)"""


def addresses(postmortem_id: int) -> list[str]:
    lists = [
        "/",
        "/report",
        "/incidents?open=1",
        "/incidents?open=2",
        "/tracker",
        "/actions",
        "/settings",
        "/account",
        "/metrics",
        "/metrics?metric=p0_completion",
    ]
    sections = [f"/write?id={postmortem_id}&section={key}" for key in SectionKey]
    return [*lists, "/process?part=checklist", "/log?id=2", *sections, f"/read?id={postmortem_id}"]


def alive(page: Page, address: str, problems: list[str]) -> list[str]:
    found = [*page.evaluate(_CAME_ALIVE), *problems]
    problems.clear()
    return [f"{address}: {one}" for one in found]


def test_nothing_in_it_runs(wired, clock, server, context_for, problems):
    story = hostile.planted(wired)
    hostile.publish(wired, story)
    clock.now = datetime.now(UTC)  # for the session; the server has its own clock
    wrong: list[str] = []
    page = context_for(story.manager).new_page()
    page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    for address in addresses(story.id):
        visit(page, address).wait_for_load_state("networkidle")  # diagrams and tables are drawn by what comes late
        wrong += alive(page, address, problems)
    for address in (f"/print/{story.id}?edition=1", f"/print/{story.id}?edition=draft", "/print/metrics"):
        page.goto(address)
        wrong += alive(page, address, problems)
    visit(page, f"/write?id={story.id}&section=summary")
    assert not wrong, "\n".join(wrong)
    assert "evil.example" in page.inner_text("body")  # it is there, as text
