"""The app as `app.py` serves it, with two things more: an empty page, and what it has used of SQL and processor.

The empty page passes through the same shell, gate, process and collector setting as every other page.
"""

import sys
import time
from pathlib import Path
from typing import Any

import streamlit as st
from sqlalchemy import Engine, event
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from web import serving  # noqa: E402

_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")
_counted = 0
_navigation = st.navigation


@event.listens_for(Engine, "before_cursor_execute")
def _count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    global _counted
    if not statement.startswith(_NOT_COUNTED):
        _counted += 1


async def used(_request: Request) -> JSONResponse:
    return JSONResponse([_counted, time.process_time()])


def _with_empty(pages: list[Any], **how: Any) -> Any:
    return _navigation([*pages, st.Page(_empty, title="Empty", url_path="empty", visibility="hidden")], **how)


def _empty() -> None:
    st.write("")


st.navigation = _with_empty

app = st.App(
    str(ROOT / "pages" / "_shell.py"),
    routes=[*serving.routes(), Route("/bench/used", used)],
    middleware=serving.middleware(),
    lifespan=serving.lifespan,
)
