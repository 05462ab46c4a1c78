"""The session gate: in front of pages, the websocket and its every frame, uploads, media and downloads.

It decides who somebody is and says so to Streamlit in a header that nobody outside can set; what they may do is decided
by each use case and query.
"""

import json
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pmcore.domain.errors import N_
from pmcore.readmodels.people import SessionFound
from pmcore.words import _, speaking
from web.browser import cookie_name, language_of, own_origin
from web.door import Door
from web.frames import Frames, tab_named_in

PUBLIC = ("/login", "/healthz", "/_stcore/health", "/favicon.png", "/manifest.json")
PUBLIC_BELOW = ("/assets/", "/static/")
LINKS = ("/setup/", "/invite/")  #: each with one token, and nothing below it
NOT_PAGES = ("/_stcore/", "/media/", "/component/", "/print/", "/download/", "/file/", "/api/")
USER, SESSION = b"x-pm-user", b"x-pm-session"
SAFE = ("GET", "HEAD", "OPTIONS")

SIGNED_OUT = N_("You are signed out. Sign in again in another tab of this browser; what you typed here is kept.")
NO_ANSWER = N_("The database does not answer. Nothing is lost; this page tries again by itself.")
FOREIGN = N_("This request came from another site and was refused. Open the app itself and try again.")
NOTHING_HERE = N_("There is nothing under this address.")

door = Door()


def found(request: Request) -> SessionFound | None:
    """Who is behind a request of a plain route."""
    return request.scope.get("pm.session")


def user_id(request: Request) -> int | None:
    session = found(request)
    return session and session.user_id


class Gate:
    def __init__(self, app: ASGIApp, door: Door = door) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, path = Headers(scope=scope), scope["path"]
        if scope["method"] not in SAFE and headers.get("origin") not in own_origin(scope):
            await _refused(scope, 403, FOREIGN)(scope, receive, send)
            return
        token = token_in(headers)
        try:
            session = None if _needs_nobody(path) else await self.door.find(token)
        except Exception:
            await _refused(scope, 503, NO_ANSWER)(scope, receive, send)
            return
        if session is None:
            if not _is_public(path):
                await _turned_away(scope)(scope, receive, send)
                return
        elif token and _is_page(path) and headers.get("sec-fetch-dest", "document") == "document":
            await self.door.keep(token, session)
        await self.app(_known(scope, session), receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        # Every browser names the origin. Streamlit lets any port of localhost in, and http beside https.
        if headers.get("origin", own_origin(scope)[0]) not in own_origin(scope):
            await _refuse_websocket(scope, receive, send, 403, FOREIGN)
            return
        token = token_in(headers)
        try:
            session = await self.door.find(token)
        except Exception:
            await _refuse_websocket(scope, receive, send, 503, NO_ANSWER)
            return
        if session is None or token is None:
            await _refuse_websocket(scope, receive, send, 401, SIGNED_OUT)
            return
        frames = Frames(self.app, self.door, token, receive, send)
        if self.door.is_of_another(tab_named_in(scope), session.user_id):
            await frames.load_anew(scope)
            return
        await frames.carry(_known(scope, session), session.user_id)


def token_in(headers: Headers) -> str | None:
    return cookie_parser(headers.get("cookie", "")).get(cookie_name())


def next_page(path: str | None) -> str:
    """Where to go after signing in: a path of this app, never another site."""
    path = path or "/"
    parts = urlsplit(path)
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if plain and not parts.scheme and not parts.netloc and not path.startswith("/login") else "/"


def _is_public(path: str) -> bool:
    if ".." in path.split("/"):
        return False
    return path in PUBLIC or path.startswith(PUBLIC_BELOW) or (path.startswith(LINKS) and path.count("/") == 2)


def _needs_nobody(path: str) -> bool:
    return (path.startswith(PUBLIC_BELOW) or path in PUBLIC[1:]) and _is_public(path)


def _is_page(path: str) -> bool:
    """A waiting page asks for `/_stcore/...` below its own address too, and must not be led to a form."""
    return not path.startswith(NOT_PAGES) and "/_stcore/" not in path and not _needs_nobody(path)


def _known(scope: Scope, session: SessionFound | None) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name.lower() not in (USER, SESSION)]
    if session is not None:
        headers += [(USER, str(session.user_id).encode()), (SESSION, str(session.session_id).encode())]
    return {**scope, "headers": headers, "pm.session": session}


def _turned_away(scope: Scope) -> Response:
    path = scope["path"]
    if path.startswith("/api/"):
        return _refused(scope, 404, NOTHING_HERE)
    if scope["method"] not in ("GET", "HEAD") or (not _is_page(path) and not path.startswith("/print/")):
        return _refused(scope, 401, SIGNED_OUT)
    query = scope.get("query_string", b"").decode("latin-1")
    asked = quote(path + (f"?{query}" if query else ""), safe="")
    return RedirectResponse("/login" if path == "/" and not query else f"/login?next={asked}", status_code=303)


def _refused(scope: Scope, status: int, sentence: str) -> Response:
    """A JSON string: of all bodies the only one that a waiting page shows as the sentence it is."""
    with speaking(language_of(Headers(scope=scope))):
        return JSONResponse(_(sentence), status_code=status, headers={"Cache-Control": "no-store"})


async def _refuse_websocket(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    body = json.dumps(sentence).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body})
