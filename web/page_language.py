"""The language of Streamlit's own page: its `<html lang>` is always English, and a screen reader would read so."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pmcore.readmodels.people import SessionFound

_WRITTEN = b'<html lang="en"'
_STREAMLITS = b"<title>Streamlit</title>"
_ASKED = (b"if-none-match", b"if-modified-since", b"accept-encoding")  #: the page as it is, whole and plain
_ROUTES = ("/print/", "/download/", "/file/", "/api/", "/media/", "/component/", "/static/", "/assets/")
_KEPT = ("etag", "last-modified")  #: a copy would outlive a change of language


class PageLanguage:
    """Inside the gate, which says who looks. Both languages have two letters, so no length changes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        session: SessionFound | None = scope.get("pm.session")
        if scope["type"] != "http" or session is None or not _is_navigation(scope):
            await self.app(scope, receive, send)
            return
        wanted = _WRITTEN.replace(b"en", session.language.encode())

        async def spoken(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in _KEPT:
                    del headers[name]
            elif message["type"] == "http.response.body":
                body = message.get("body", b"")
                if _STREAMLITS in body:  # pages of our own say their language themselves
                    message = {**message, "body": body.replace(_WRITTEN, wanted, 1)}
            await send(message)

        asked = [(name, value) for name, value in scope["headers"] if name.lower() not in _ASKED]
        await self.app({**scope, "headers": asked}, receive, spoken)


def _is_navigation(scope: Scope) -> bool:
    """A page of the app: its last step is no file, and no route of ours has an address below it."""
    path = scope["path"]
    below = path.startswith(_ROUTES)
    return not below and "/_stcore/" not in path and "." not in path.rsplit("/", 1)[-1]
