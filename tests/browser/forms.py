"""Forms that wait for their button, and what a text that is typed into them has to survive."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.server import AppServer
from tests.browser.test_kept import copies, nothing_is_kept, press
from tests.browser.watch import settled, visit

Again = Callable[[], AbstractContextManager[AppServer]]
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
    is_there_again: bool = False  #: once it was sent, for the next one: empty
    known: str = ""  #: what its box says before anything is typed
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


def tapped(where: str, *names: str) -> Callable[[Page], None]:
    def tap(page: Page) -> None:
        for name in names:
            page.locator(where).get_by_text(name, exact=True).click()
            settled(page)

    return tap


def typed(form: Form, page: Page, text: str) -> None:
    while not page.evaluate("window.pmTypedHere?.size"):  # on a busy machine later than the boxes
        page.wait_for_timeout(100)
    form.box(page).focus()  # in a narrow box Streamlit's hint is where one would click
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def is_there(form: Form, page: Page, text: str) -> Page:
    if form.is_opened_again:
        form.open(page)
    expect(form.box(page), form.name).to_have_value(f"{form.known}{text}", timeout=30_000)
    return page


def settled_again(page: Page) -> None:
    """On a machine with four times the work that it can do, Streamlit once in ten restarts left a section's fragment
    empty that it had drawn. Whoever sees that loads the page anew."""
    page.reload()
    settled(page, timeout_ms=60_000)


def survive(
    forms: list[Form], *, context_for: Callable[[int], BrowserContext], server: AppServer, again: Again
) -> None:
    """Type into all, load them anew, kill the server; then send. `again()` starts another one at the same address."""
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
    with again():
        for form, page in zip(forms, pages, strict=True):
            settled(page, timeout_ms=60_000)
            if "section=timeline" in form.address and not page.locator('[class*="st-key-timeline-"]').count():
                settled_again(page)
            expect(form.box(page), form.name).to_have_value(f"{form.known}{form.text} called at night", timeout=30_000)
        for form, page in zip(forms, pages, strict=True):
            send(form, page)
            if form.is_there_again:
                expect(form.box(page), form.name).to_have_value("")
        for context in browsers.values():
            nothing_is_kept(context.pages[0])  # all pages of a browser have the same copies
            context.close()


def send(form: Form, page: Page) -> None:
    form.finish(page)
    kept = len(copies(page))
    page.get_by_role("button", name=form.send, exact=True).last.click()
    page.wait_for_function(FEWER, arg=kept)  # the browser heard of it
    settled(page)
    if form.shown_at:
        visit(page, form.shown_at)
    form.uncover(page)
    said = page.get_by_text("called at night").or_(page.locator('input[value*="called at night"]'))
    expect(said.filter(visible=True).first, form.name).to_be_visible()
