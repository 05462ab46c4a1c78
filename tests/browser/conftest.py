"""A real Chromium before the real app; each test has its own database and server.

`context_for(user_id)` is a browser in which that person is signed in; nothing may go wrong behind any page (see
`problems`). On SQLite, unless the test asks for both:
`@pytest.mark.parametrize("database_url", BACKENDS, indirect=True)` with BACKENDS from `tests.conftest`.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from sqlalchemy import Engine

from pmcore.usecases.identity import OpenSession
from tests.browser import chromium
from tests.browser.nursery import Nursery
from tests.browser.server import AppServer, started
from tests.browser.watch import watch
from web.browser import cookie_name
from wiring import run

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}
WAITS_MS = 20_000  #: for what is to come; a machine with two cores may need that long
#: What Playwright switches off, since only the last list counts, and the address bar's suggestions: two more processes
#: for each context, of a bar that nobody sees.
_NOT_NEEDED = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
)  # fmt: skip
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    f"--disable-features={','.join(_NOT_NEEDED)}",
    "--js-flags=--no-opt --no-maglev",  # pages live for seconds: optimising costs more than it brings
]  # fmt: skip


expect.set_options(timeout=WAITS_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # On a machine short of processors a browser may be too late once; what is broken is broken twice.
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="package")  # while Playwright runs, nobody else has an event loop in this process
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, "No Chromium: run `make test`, or `python -m tests.browser.chromium --install`."
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def server(wired: Engine, database_url: str, tmp_path: Path, nursery: Nursery) -> Iterator[AppServer]:
    """The app on this test's database; the test itself is `wired` to the same one."""
    with started(database_url, tmp_path / "server.log", nursery=nursery) as running:
        yield running


@pytest.fixture
def again(server: AppServer, database_url: str, tmp_path: Path) -> Callable[[], AbstractContextManager[AppServer]]:
    """`with again():` the app at its old address, after the test has killed it; started from nothing."""
    return lambda: started(database_url, tmp_path / "again.log", port=urlsplit(server.url).port)


@pytest.fixture
def problems() -> Iterator[list[str]]:
    """What went wrong behind the pages; a test that provokes something clears or inspects it."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def context_for(server: AppServer, browser: Browser, problems: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """`context_for(user_id)` is that person's browser, `context_for()` an anonymous one, both at `server.url`."""
    opened: list[BrowserContext] = []

    def context_for(user_id: int | None = None, *, viewport: dict[str, int] = WIDE, **options: Any) -> BrowserContext:
        context = browser.new_context(viewport=viewport, base_url=server.url, **{"locale": "en-GB", **options})
        context.set_default_timeout(WAITS_MS)
        opened.append(context)
        watch(context, server.url, problems)
        if user_id is not None:
            token = run(OpenSession(user_id=user_id)).token
            context.add_cookies([{"name": cookie_name(), "value": token, "url": server.url, "httpOnly": True}])
        return context

    yield context_for
    for context in opened:
        context.close()
