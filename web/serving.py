"""What `app.py` hands to Streamlit: the routes beside the pages, what stands in front, and what happens at start."""

import gc
import importlib
import inspect
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from anyio import to_thread
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from streamlit import config

from db.upgrade import upgrade
from pmcore.usecases.joining import OfferSetUp
from pmcore.words import LANGUAGES, _, speaking, times
from web import downloads, files, health, invitation, joining, metrics_report, session_values, sign_in, warming
from web import print as printing
from web.browser import hosts
from web.gate import Gate
from web.headers import SecurityHeaders
from web.page_language import PageLanguage
from wiring import parts, run
from wiring.settings import settings

PAGES = Path(__file__).parents[1] / "pages"
STATIC = Path(__file__).parents[1] / "static"


def routes() -> list[BaseRoute]:
    return [
        *health.ROUTES,
        *sign_in.ROUTES,
        *joining.ROUTES,
        *downloads.ROUTES,
        *metrics_report.ROUTES,  # before what takes any word for an id
        *printing.ROUTES,
        *files.ROUTES,
        *invitation.ROUTES,
        Mount("/assets", StaticFiles(directory=STATIC), name="assets"),
    ]


def middleware() -> list[Middleware]:
    """Outermost first."""
    return [
        Middleware(SecurityHeaders),
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts(), www_redirect=False),
        Middleware(Gate),
        Middleware(PageLanguage),
    ]


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Bring the database up to date, offer set-up while nobody can sign in, do what is slow for the first time."""
    session_values.look_up()
    await to_thread.run_sync(_prepare)
    await warming.visit()
    await to_thread.run_sync(_settle)
    yield {}


def _prepare() -> None:
    if "public_url" not in settings().model_fields_set:
        settings().public_url = f"http://localhost:{config.get_option('server.port')}"
    upgrade(parts.engine())
    token = run(OfferSetUp())
    warm()
    address = settings().public_url.rstrip("/")
    print(f"\n  Post-mortems: {address}", flush=True)  # noqa: T201 - the console is where the set-up link belongs
    if token is not None:
        print(f"  Set up (this link works once, within a day): {address}/setup/{token}\n", flush=True)  # noqa: T201


def warm() -> None:
    """Import, and read, what the first visitor would wait for."""
    import altair  # noqa: F401
    import pandas  # noqa: F401
    import pyarrow  # noqa: F401

    for code in LANGUAGES:
        with speaking(code):
            _("Post-mortems")
            times.moment(parts.clock(), "UTC")
            times.relative(parts.clock(), parts.clock())
            times.number(1)
    for module in pkgutil.walk_packages([str(PAGES)], "pages."):
        if module.name.startswith("pages._") and module.name != "pages._shell":
            importlib.import_module(module.name)
    inspect.stack()  # Streamlit asks at its first element, and then each file of each module is looked for


def _settle() -> None:
    """Tell the collector that nothing that is there now is garbage, ever."""
    gc.collect()
    gc.freeze()
