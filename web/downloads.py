"""Files to take away: tracker, survey and metrics as Excel or CSV, and the empty file for an import.

Each is written by a process of its own and streamed from a file that has no name any more, so that neither a large
export nor somebody who walks off holds anything up.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from pmcore.domain.errors import N_
from pmcore.words import _, speaking
from web.gate import found
from wiring.exporting import FORMATS, Order, file_name
from wiring.settings import settings

AT_ONCE = 2  #: exports that run beside each other
MAX_WAITING = 8
MAX_SECONDS = 180.0
CHUNK = 256 * 1024

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
ROOT = Path(__file__).parents[1]

BUSY = N_("Several exports are being made already. Try again in a minute.")
TOO_LONG = N_("This export took too long and was stopped. Choose a shorter period and try again.")
BROKEN = N_("The file could not be made. Try again; if it happens again, tell an administrator.")
SIGNED_OUT = N_("You are signed out. Sign in and follow the link again.")


class _Queue:
    """At most so many at once and so many waiting; bound to the loop that runs."""

    def __init__(self) -> None:
        self._slots: asyncio.Semaphore | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.waiting = 0

    def slots(self) -> asyncio.Semaphore:
        loop = asyncio.get_running_loop()
        if self._slots is None or self._loop is not loop:
            self._slots, self._loop, self.waiting = asyncio.Semaphore(AT_ONCE), loop, 0
        return self._slots


_queue = _Queue()


async def tracker(request: Request) -> Response:
    return await _made(request, kind="tracker")


async def survey(request: Request) -> Response:
    return await _made(request, kind="survey")


async def template(request: Request) -> Response:
    return await _made(request, kind="template")


async def metrics(request: Request) -> Response:
    return await _made(request, kind="metrics")


async def _made(request: Request, *, kind: str) -> Response:
    session = found(request)
    if session is None:  # the gate has turned away whoever is signed out; this is the second lock
        return _said(401, SIGNED_OUT, "en")
    language, format = session.language, request.path_params["format"]
    if format not in (("xlsx",) if kind == "metrics" else FORMATS):
        return _said(404, N_("There is nothing under this address."), language)
    slots = _queue.slots()
    if slots.locked() and _queue.waiting >= MAX_WAITING:
        return _said(503, BUSY, language)
    handle, name = tempfile.mkstemp(prefix="pm-export-", suffix=f".{format}")
    os.close(handle)
    path = Path(name)
    order = Order(
        user_id=session.user_id, kind=kind, format=format, params=dict(request.query_params), path=name,
        address=settings().public_url, language=language,
    )  # fmt: skip
    try:
        _queue.waiting += 1
        try:
            await slots.acquire()
        finally:
            _queue.waiting -= 1
        try:
            answer = await _answered(order)
        finally:
            slots.release()
        if answer is None:
            return _said(504, TOO_LONG, language)
        if "refused" in answer:
            return PlainTextResponse(answer["refused"], status_code=403)
        file = path.open("rb")
    except OSError:
        return _said(500, BROKEN, language)
    finally:
        path.unlink(missing_ok=True)
    return StreamingResponse(
        _chunks(file),
        media_type=TYPES[format],
        headers={
            "content-disposition": f'attachment; filename="{file_name(kind, format)}"',
            "content-length": str(os.fstat(file.fileno()).st_size),
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
    )


async def _answered(order: Order) -> dict[str, str] | None:
    """What the process said; None when it took too long. Raises OSError when it broke. Never outlives the request."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "wiring.exporting", env=os.environ | _same_app(),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=None,
    )  # fmt: skip
    try:
        said, _rest = await asyncio.wait_for(process.communicate(order.as_json().encode()), MAX_SECONDS)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise OSError(f"the export ended with {process.returncode}")
    answer: dict[str, str] = json.loads(said)
    return answer


def _same_app() -> dict[str, str]:
    """The other process runs this code on this database, wherever either was started."""
    return {"DATABASE_URL": settings().database_url, "PYTHONPATH": str(ROOT)}


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def _said(status: int, sentence: str, language: str) -> Response:
    with speaking(language):
        return PlainTextResponse(_(sentence), status_code=status)


ROUTES = [
    Route("/download/tracker.{format}", tracker, methods=["GET"]),
    Route("/download/survey.{format}", survey, methods=["GET"]),
    Route("/download/metrics.{format}", metrics, methods=["GET"]),
    Route("/download/import-template.{format}", template, methods=["GET"]),
]
