"""The app as `app.py` serves it, with three things more: an empty page, what it has used of SQL and
processor, and an action item that is reported on.

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

from pmcore.domain.action_item import Progress  # noqa: E402
from pmcore.usecases.item_progress import ReportProgress, Update  # noqa: E402
from tests.bench import workspace  # noqa: E402
from web import serving  # noqa: E402
from wiring import acting, run  # noqa: E402

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


def report(request: Request) -> JSONResponse:
    """An owner says how an item goes, in the way in which people's commands are run."""
    number = int(request.query_params["number"])
    postmortem_id = 1 + 10 * (number % 5)
    item_id, owner_id = (postmortem_id - 1) * workspace.ITEMS + 1, (postmortem_id + 1) % workspace.PEOPLE + 1
    progress = (Progress.BLOCKED, Progress.ON_TRACK)[number // 5 % 2]
    with acting.as_user(owner_id):
        run(ReportProgress(updates=(Update(item_id=item_id, progress=progress, note="It waits for a part"),)))
    return JSONResponse(None)


def _with_empty(pages: list[Any], **how: Any) -> Any:
    return _navigation([*pages, st.Page(_empty, title="Empty", url_path="empty", visibility="hidden")], **how)


def _empty() -> None:
    st.write("")


st.navigation = _with_empty

app = st.App(
    str(ROOT / "pages" / "_shell.py"),
    routes=[*serving.routes(), Route("/bench/used", used), Route("/bench/report", report)],
    middleware=serving.middleware(),
    lifespan=serving.lifespan,
)
