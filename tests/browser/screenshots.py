"""Pictures of every page for the documents: `make screenshots` renews `docs/images`.

The app is the real one, on a database that is thrown away afterwards.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from db import upgrade
from pmcore.usecases.identity import Browser as From
from pmcore.usecases.identity import OpenSession
from tests.browser import chromium
from tests.browser.pictured import Pictured, tell
from tests.browser.server import ROOT, AppServer, started
from tests.browser.watch import settled
from web.browser import cookie_name
from wiring import parts, run
from wiring.settings import settings

IMAGES = ROOT / "docs" / "images"
WIDE, NARROW = 1440, 390
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
LOWEST, HIGHEST = 600, 2000  #: pixels; what is below is cut off
DARK = ("home", "tracker", "write-summary", "read")


def addresses(made: Pictured) -> dict[str, tuple[str, str]]:
    """The picture's name, whose page it is ("" for nobody's), and where."""
    sections = {
        f"write-{key.replace('_', '-')}": ("anna", f"/write?id={made.draft}&section={key}")
        for key in ("summary", "timeline", "root_cause", "impact", "action_items", "sign_off")
    }
    return {
        "login": ("", "/login"),
        "home": ("maria", "/"),
        "home-author": ("anna", "/"),
        "report": ("anna", "/report"),
        "log": ("anna", f"/log?id={made.ongoing}"),
        "incidents": ("maria", "/incidents"),
        "tracker": ("maria", "/tracker?dry_runs=1"),
        "actions": ("anna", "/actions"),
        **sections,
        "read": ("maria", f"/read?id={made.example}"),
        "print": ("maria", f"/print/{made.example}"),
        "settings": ("ada", "/settings"),
        "account": ("maria", "/account"),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as directory, wired_to(f"sqlite:///{directory}/pm.db") as database_url:
        made = tell()
        IMAGES.mkdir(parents=True, exist_ok=True)
        with started(database_url, Path(directory) / "server.log") as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.install(), args=FLAGS)
            for width in (WIDE, NARROW):
                picture(browser, server, made, width=width, dark=False)
            picture(browser, server, made, width=WIDE, dark=True)
            browser.close()


@contextmanager
def wired_to(database_url: str) -> Iterator[str]:
    os.environ["DATABASE_URL"] = database_url
    settings.cache_clear()
    parts.engine.cache_clear()
    upgrade.upgrade(parts.engine())
    try:
        yield database_url
    finally:
        parts.engine().dispose()


def picture(browser: Browser, server: AppServer, made: Pictured, *, width: int, dark: bool) -> None:
    for name, (username, address) in addresses(made).items():
        if dark and name not in DARK:
            continue
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=server.url, locale="en-GB",
            timezone_id="Europe/Moscow", color_scheme="dark" if dark else "light", reduced_motion="reduce",
        )  # fmt: skip
        sign_in(context, server, made.people.get(username))
        page = context.new_page()
        page.goto(address)
        save(page, IMAGES / f"{name}-{width}{'-dark' if dark else ''}.png", width)
        context.close()


def sign_in(context: BrowserContext, server: AppServer, user_id: int | None) -> None:
    if user_id is not None:
        token = run(OpenSession(user_id=user_id, browser=From(address="192.0.2.17", agent="Chromium"))).token
        context.add_cookies([{"name": cookie_name(), "value": token, "url": server.url, "httpOnly": True}])


def save(page: Page, file: Path, width: int) -> None:
    """The whole page: Streamlit scrolls within its window, so the window is made as high as what it holds."""
    is_app = "/login" not in page.url and "/print/" not in page.url
    measure = "document.querySelector('[data-testid=stMain]')?.scrollHeight ?? document.documentElement.scrollHeight"
    for _ in range(2 if is_app else 1):  # a higher window may show more
        if is_app:
            settled(page)
            page.wait_for_timeout(600)
        height = min(max(int(page.evaluate(measure)), LOWEST), HIGHEST)
        page.set_viewport_size({"width": width, "height": height})
    if is_app:
        settled(page)
        page.wait_for_timeout(400)
        page.evaluate("document.activeElement?.blur()")
    page.screenshot(path=file)
    print(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
