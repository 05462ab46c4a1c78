"""Plain HTML pages beside Streamlit: rendered from `web/templates`, in the reader's language, without script."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from pmcore import words
from web.browser import language_of
from web.gate import found
from web.headers import PLAIN_POLICY

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals |= {"_": words._, "language": words.language}


def language_for(request: Request, asked: str = "") -> str:
    """As asked for on this page, else the signed-in person's, else the browser's."""
    if asked in words.LANGUAGES:
        return asked
    session = found(request)
    return session.language if session else language_of(request.headers)


def show(template: str, /, *, status: int = 200, speak: str, policy: str = PLAIN_POLICY, **values: Any) -> HTMLResponse:
    """The page; never kept by a cache."""
    with words.speaking(speak):
        body = _templates.get_template(template).render(**values)
    return HTMLResponse(
        body, status_code=status, headers={"Cache-Control": "no-store", "Content-Security-Policy": policy}
    )
