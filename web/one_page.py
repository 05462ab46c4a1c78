"""The page for executives: one sheet of A4, with roles in the place of names."""

import base64
import hashlib
from pathlib import Path

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from pmcore.domain.errors import NotFound
from pmcore.readmodels.people import SessionFound
from pmcore.readmodels.reading import ReadingView
from web.headers import PLAIN_POLICY
from web.plain import show
from wiring import ask

ASKED = "one-page"  #: the parameter of the printable page; it needs no value
STYLE = Path(__file__).with_name("one_page.css").read_text("utf-8")
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = PLAIN_POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{_DIGEST}'")


def answer(session: SessionFound, view: ReadingView, *, printed: str) -> Response:
    """`printed` is what the page says of the text that it was made from. Raises NotFound."""
    page = ask.one_page_of(view)
    if page is None:
        raise NotFound
    shown = show(
        "one_page.html", speak=session.language, id=view.writing.postmortem_id, page=page, style=Markup(STYLE),
        edition=f"&edition={view.edition or 'draft'}", printed=printed,
    )  # fmt: skip
    return HTMLResponse(shown.body, headers={"Cache-Control": "no-store", "Content-Security-Policy": POLICY})
