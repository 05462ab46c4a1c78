"""One attached file, for somebody who may read the text that it belongs to.

A browser is told one type out of six and to believe it; nothing in a file can run, whatever else it is. Only pictures
are shown in place, everything else is saved.
"""

import re
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pmcore.domain.attachment import PICTURES, FileType
from pmcore.domain.errors import NotFound, PmError
from pmcore.readmodels.attachments import FileView
from pmcore.readmodels.people import SessionFound
from pmcore.words import say, speaking
from web.gate import found
from wiring import acting, ask

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_CHARSET = {FileType.CSV: "; charset=utf-8", FileType.TEXT: "; charset=utf-8"}


async def file(request: Request) -> Response:
    session = found(request)
    if session is None:  # the gate has turned away whoever is signed out; this is the second lock
        return PlainTextResponse(say(acting.SignedOut()), status_code=401)
    return await to_thread.run_sync(
        _answer, session, request.path_params["id"], request.headers.get("if-none-match", "")
    )


def _answer(session: SessionFound, typed: str, known: str) -> Response:
    with acting.as_user(session.user_id), speaking(session.language):
        try:
            if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
                raise NotFound
            asked = ask.file(int(typed))
            headers = _headers(asked)
            if headers["ETag"] in known:
                return Response(status_code=304, headers=headers)
            return Response(
                ask.file_data(asked.id),
                media_type=None,
                headers={**headers, "Content-Type": asked.type.value + _CHARSET.get(asked.type, "")},
            )
        except PmError as refusal:
            status = 404 if isinstance(refusal, NotFound) else 403
            return PlainTextResponse(say(refusal), status_code=status, headers={"Cache-Control": "no-store"})


def _headers(asked: FileView) -> dict[str, str]:
    return {
        "Cache-Control": "private, no-cache",  # who may read it is asked each time
        "Content-Disposition": disposition(asked.name, inline=asked.type in PICTURES),
        "Content-Security-Policy": POLICY,
        "ETag": f'"{asked.sha256}"',
        "X-Content-Type-Options": "nosniff",
    }


def disposition(name: str, *, inline: bool) -> str:
    """RFC 6266: an ASCII stand-in, then the name itself; nothing of a name gets out of its quotes."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


ROUTES = [Route("/file/{id}", file, methods=["GET"])]
