"""Pictures of every page of the demo year: wide and narrow, light and dark, in both languages.

`make screenshots` puts them all into `tests/browser/pictures`, which git ignores, and renews the six of the README in
`docs/images`. The app is the real one, on databases that are thrown away afterwards. Words after the command choose
by a part of the name: `python -m tests.browser.screenshots home tracker`.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from db import upgrade
from pmcore.domain.vocabulary import Language
from pmcore.usecases.identity import Browser as From
from pmcore.usecases.identity import OpenSession
from tests.browser import chromium, pictured
from tests.browser.pictured import Scene
from tests.browser.server import ROOT, started
from tests.browser.watch import settled
from web.browser import cookie_name
from wiring import parts, run
from wiring.settings import settings

PICTURES = ROOT / "tests" / "browser" / "pictures"
IMAGES = ROOT / "docs" / "images"
#: The README's, by the picture's name.
CHOSEN = (
    "tracker-1440-light-en", "home-author-1440-light-en", "incidents-1440-light-en", "write-root-cause-1440-dark-en",
    "read-1440-light-en", "log-390-light-ru",
)  # fmt: skip
WIDTHS = {1440: 900, 390: 844}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
LOWEST, HIGHEST = 600, 4000  #: pixels; what is below is cut off
SHOWN = 1500  #: pixels, in the README
COLOURS = 128
AT_ONCE = max(2, min(4, (os.cpu_count() or 2) - 1))
_LOCALES = {Language.ENGLISH: "en-GB", Language.RUSSIAN: "ru-RU"}


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """What one process pictures: all scenes at one width, in one theme and language."""

    url: str
    language: Language
    width: int
    theme: str
    scenes: tuple[tuple[Scene, str], ...]  #: each with a session's token, "" for nobody's


def main(wanted: list[str]) -> None:
    began = time.time()
    PICTURES.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PM_CHROMIUM", chromium.install())
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        first, sittings = None, []
        for language in Language:
            database = Path(directory) / f"{language.value}.db"
            if first is not None:
                pictured.copied(first, database)
            with wired_to(f"sqlite:///{database}") as url:
                if first is None:
                    pictured.tell()
                    first = database
                pictured.translate(language)
                server = stack.enter_context(started(url, Path(directory) / f"{language.value}.log"))
                seated = tuple(_seated(scene) for scene in pictured.scenes(language) if _is_wanted(scene.name, wanted))
                sittings += [
                    Sitting(url=server.url, language=language, width=width, theme=theme, scenes=seated)
                    for width, theme in product(WIDTHS, ("light", "dark"))
                ]
        if not any(sitting.scenes for sitting in sittings):
            sys.exit(f"No scene has any of these in its name: {', '.join(wanted)}.")
        with ProcessPoolExecutor(AT_ONCE) as pool:
            for told in pool.map(picture, sittings):
                print(told, flush=True)
    for name in CHOSEN:  # of this run; others may lie there from long ago
        if (made := PICTURES / f"{name}.png").exists() and made.stat().st_mtime >= began:
            with Image.open(made) as whole:
                whole.crop((0, 0, whole.width, min(whole.height, SHOWN))).save(IMAGES / made.name, optimize=True)


def _is_wanted(name: str, wanted: list[str]) -> bool:
    return not wanted or any(part in name for part in wanted)


def _seated(scene: Scene) -> tuple[Scene, str]:
    user_id = pictured.people().get(scene.username)
    if user_id is None:
        return scene, ""
    return scene, run(OpenSession(user_id=user_id, browser=From(address="192.0.2.17", agent="Chromium"))).token


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


def picture(sitting: Sitting) -> str:
    size = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        for scene, token in sitting.scenes:
            file = PICTURES / f"{scene.name}-{sitting.width}-{sitting.theme}-{sitting.language.value}.png"
            _take(browser, sitting, scene, token, file)
            size += file.stat().st_size
        browser.close()
    return (
        f"{sitting.width} {sitting.theme} {sitting.language.value}: {len(sitting.scenes)} pictures, {size // 1024} KB"
    )


def _take(browser: Browser, sitting: Sitting, scene: Scene, token: str, file: Path) -> None:
    context = browser.new_context(
        viewport={"width": sitting.width, "height": WIDTHS[sitting.width]}, base_url=sitting.url,
        locale=_LOCALES[sitting.language], timezone_id="Europe/Moscow", color_scheme=sitting.theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )  # fmt: skip
    if token:
        context.add_cookies([{"name": cookie_name(), "value": token, "url": sitting.url, "httpOnly": True}])
    page = context.new_page()
    page.goto(scene.address)
    if scene.tab:
        page.get_by_role("tab").nth(scene.tab).click()
    _save(page, file, sitting.width)
    context.close()


def _save(page: Page, file: Path, width: int) -> None:
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
        if page.get_by_test_id("stException").count():
            raise RuntimeError(f"{page.url} shows an error instead of itself")
    page.screenshot(path=file)
    Image.open(file).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
