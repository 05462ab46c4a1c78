"""What a browser test looks at: a settled page, and everything that went wrong behind it."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect

_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


_PROBES = ("/_stcore/health", "/_stcore/host-config")  #: Streamlit looks for them below a page's own address first


def watch(context: BrowserContext, own_url: str, problems: list[str]) -> None:
    """Collect console errors, uncaught exceptions, policy violations and requests to any other host."""
    own_host = urlsplit(own_url).netloc

    def on_console(message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if message.type == "error" and not where.endswith(_PROBES):
            problems.append(f"console: {message.text} ({where})")

    def on_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about") and address.netloc != own_host:
            problems.append(f"another host: {request.url}")

    context.add_init_script(_REPORT_VIOLATIONS)
    context.on("console", on_console)
    context.on("request", on_request)
    context.on("weberror", lambda error: problems.append(f"exception: {error.error}"))


def settled(page: Page, *, timeout_ms: float = 30_000) -> Page:
    """Wait until the script has run and the page shows what it said."""
    page.wait_for_timeout(150)  # a click becomes a rerun a moment later
    page.wait_for_selector(
        '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]',
        timeout=timeout_ms,
    )
    expect(page.locator('[data-stale="true"]')).to_have_count(0, timeout=timeout_ms)
    return page


def is_saved(page: Page) -> None:
    """The writing page says so: in its line below the section, and in a toast that another run may take away."""
    expect(page.get_by_text(re.compile(r"^Saved[ .,]")).first).to_be_visible()
    settled(page)


def visit(page: Page, url: str) -> Page:
    """Open an address and wait for it."""
    page.goto(url)
    return settled(page)


def violations(page: Page, *, but: Iterable[str] = (), only: Iterable[str] = ()) -> list[str]:
    """What axe finds, a line each; `but` names rules that Streamlit itself breaks, with a reason beside the call.

    `only` these rules: on the same page in another colour scheme all others say the same again.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = {"type": "rule", "values": [*only]}
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {one['nodes'][0]['html'][:200]}"
        for one in Axe().run(page, options=options).response["violations"]
        if one["id"] not in set(but)
    ]


def assert_accessible(page: Page, *, but: Iterable[str] = ()) -> None:
    assert violations(page, but=but) == []
