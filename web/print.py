"""A post-mortem outside the app: a clean page to print, and Markdown to take away.

Both ask the same question as the reading view, as the person of the session, so that nobody prints what they may not
read.
"""

import base64
import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from anyio import to_thread
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from pmcore.documents import beside, html, markdown
from pmcore.documents.blocks import Document
from pmcore.domain.errors import NotFound, PmError
from pmcore.readmodels.people import SessionFound
from pmcore.readmodels.reading import ReadingView
from pmcore.words import _, say, speaking, times
from web import one_page
from web.gate import found
from web.headers import PLAIN_POLICY
from web.plain import show
from wiring import acting, ask, parts

STYLE = Path(__file__).with_name("print.css").read_text("utf-8") + html.style()
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = PLAIN_POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{_DIGEST}'")
CHUNK = 256 * 1024
DRAFT = "draft"  #: of the parameter `edition`, for the working copy


async def printable(request: Request) -> Response:
    return await _answer(request, _one_page if one_page.ASKED in request.query_params else _page)


async def markdown_file(request: Request) -> Response:
    return await _answer(request, _file)


async def _answer(request: Request, made: Callable[[SessionFound, ReadingView, Document], Response]) -> Response:
    session = found(request)
    if session is None:  # the gate has turned away whoever is signed out; this is the second lock
        return PlainTextResponse(say(acting.SignedOut()), status_code=401)
    asked = request.path_params["id"], request.query_params.get("edition", "")
    return await to_thread.run_sync(_made, session, asked, made)


def _made(
    session: SessionFound,
    asked: tuple[str, str],
    made: Callable[[SessionFound, ReadingView, Document], Response],
) -> Response:
    with acting.as_user(session.user_id), speaking(session.language):
        try:
            view = ask.reading(number(asked[0]), _edition(asked[1]))
            document = ask.document_of(view)
            if document is None:
                raise NotFound
            return made(session, view, document)
        except PmError as refusal:
            return show(
                "notice.html", status=404 if isinstance(refusal, NotFound) else 403, speak=session.language,
                title=_("Nothing to show"), sentence=say(refusal), link="/", label=_("Home"),
            )  # fmt: skip


def number(typed: str) -> int:
    """An id of an address. Raises NotFound for anything else."""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise NotFound
    return int(typed)


def _edition(typed: str) -> int | None:
    """Raises NotFound for what is neither a number nor the draft."""
    if not typed:
        return None
    return ask.WORKING_COPY if typed == DRAFT else number(typed)


def _printed(view: ReadingView) -> str:
    at = times.moment(parts.clock(), view.writing.zone)
    if view.edition:
        return _("Edition {number}, as of {time}.").format(number=view.edition, time=at)
    return _("A draft, as of {time}; it is not published.").format(time=at)


def _one_page(session: SessionFound, view: ReadingView, _document: Document) -> Response:
    return one_page.answer(session, view, printed=_printed(view))


def _page(session: SessionFound, view: ReadingView, document: Document) -> Response:
    page = show(
        "print.html", speak=session.language, id=view.writing.postmortem_id,
        title=f"{view.writing.public_id} {view.writing.title}", style=Markup(STYLE),
        document=Markup(html.render(document)), printed=_printed(view),
    )  # fmt: skip
    return HTMLResponse(page.body, headers={"Cache-Control": "no-store", "Content-Security-Policy": POLICY})


def _file(_session: SessionFound, view: ReadingView, document: Document) -> Response:
    if document.files:
        return _archive(view, document)
    return Response(
        markdown.render(document),
        media_type="text/markdown; charset=utf-8",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{file_name(view)}"',
        },
    )


def _archive(view: ReadingView, document: Document) -> Response:
    """The same with the files beside it, streamed from a file that has no name any more."""
    made = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was sent
    try:
        beside.write(
            made, name=file_name(view), markdown=markdown.render(document), files=document.files,
            data_of=ask.file_data,
        )  # fmt: skip
        size = made.tell()
        made.seek(0)
    except BaseException:
        made.close()
        raise
    return StreamingResponse(
        _chunks(made),
        media_type="application/zip",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{file_name(view, "zip")}"',
            "Content-Length": str(size),
            "X-Content-Type-Options": "nosniff",
        },
    )


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def file_name(view: ReadingView, ending: str = "md") -> str:
    """ "P0-001.md", "P0-001-draft.md": the public id is ASCII by itself; nothing else gets into a header."""
    public_id = re.sub(r"[^A-Za-z0-9-]", "", view.writing.public_id)
    return f"{public_id}{'' if view.edition else '-draft'}.{ending}"


ROUTES = [
    Route("/print/{id}", printable),
    Route("/download/postmortem/{id}.md", markdown_file),
]
