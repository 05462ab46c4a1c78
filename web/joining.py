"""The one-time links: set-up of an empty workspace, and invitations."""

import importlib
import logging

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pmcore.domain.errors import PmError
from pmcore.domain.sessions import LinkIsDead, LinkKind, token_hash
from pmcore.domain.vocabulary import Language
from pmcore.domain.workspace import zones
from pmcore.readmodels.people import LinkFound
from pmcore.usecases.joining import Join, SetUp
from pmcore.words import LANGUAGES, _, say, speaking
from web.browser import browser_of
from web.plain import language_for, show
from web.sign_in import NotTwice, by_field, signed_in, slowly, text_of
from wiring import acting, run
from wiring.ask import sessions as ask_sessions

log = logging.getLogger(__name__)

SET_UP_FIELDS = ("name", "username", "password", "again", "workspace_name", "zone")
JOIN_FIELDS = ("name", "password", "again")


async def set_up(request: Request) -> Response:
    token = request.path_params["token"]
    if await _link(token, LinkKind.SET_UP) is None:
        return _dead(request)
    form = await request.form() if request.method == "POST" else {}
    typed = {
        name: text_of(form, name) for name in ("name", "username", "workspace_name", "zone", "language", "example")
    }
    speak = language_for(request, typed["language"])
    if request.method != "POST":
        typed |= {"zone": "Europe/Moscow", "language": speak, "example": "yes"}
        return show("set_up.html", speak=speak, problems={}, typed=typed, token=token, zones=zones())
    try:
        if text_of(form, "password") != text_of(form, "again"):
            raise NotTwice
        answer = await slowly(
            SetUp(
                token=token,
                name=typed["name"],
                username=typed["username"],
                password=text_of(form, "password"),
                workspace_name=typed["workspace_name"],
                zone=typed["zone"].strip(),
                language=Language(speak),
                browser=browser_of(request),
            )
        )
    except LinkIsDead:
        return _dead(request)
    except PmError as refusal:
        with speaking(speak):
            problems = by_field(refusal, SET_UP_FIELDS)
        return show("set_up.html", status=422, speak=speak, problems=problems, typed=typed, token=token, zones=zones())
    if typed["example"]:
        await to_thread.run_sync(_load_example, answer.user_id)
    return signed_in(answer, to="/")


def _load_example(user_id: int) -> None:
    """The workspace stands even when the example does not load."""
    try:
        example = importlib.import_module("pmcore.usecases.example")
        with acting.as_user(user_id):
            run(example.LoadExample())
    except Exception:
        log.exception("The worked example was not loaded; try again with: python manage.py example")


async def invitation(request: Request) -> Response:
    token = request.path_params["token"]
    link = await _link(token, LinkKind.INVITATION)
    if link is None:
        return _dead(request)
    form = await request.form() if request.method == "POST" else {}
    speak = language_for(request, text_of(form, "language"))
    typed = {"name": text_of(form, "name") or link.name, "language": speak}
    if request.method != "POST":
        return show("invitation.html", speak=speak, problems={}, typed=typed, token=token, username=link.username)
    try:
        if text_of(form, "password") != text_of(form, "again"):
            raise NotTwice
        answer = await slowly(
            Join(
                token=token,
                name=text_of(form, "name"),
                password=text_of(form, "password"),
                language=Language(speak if speak in LANGUAGES else "en"),
                browser=browser_of(request),
            )
        )
    except LinkIsDead:
        return _dead(request)
    except PmError as refusal:
        with speaking(speak):
            problems = by_field(refusal, JOIN_FIELDS)
        return show(
            "invitation.html", status=422, speak=speak, problems=problems, typed=typed, token=token,
            username=link.username,
        )  # fmt: skip
    return signed_in(answer, to="/")


async def _link(token: str, kind: LinkKind) -> LinkFound | None:
    link = await to_thread.run_sync(ask_sessions.link_behind, token_hash(token))
    return link if link is not None and link.kind is kind else None


def _dead(request: Request) -> Response:
    speak = language_for(request)
    with speaking(speak):
        return show(
            "notice.html", status=410, speak=speak, title=_("This link no longer works"), sentence=say(LinkIsDead()),
            link="/login", label=_("Sign in"),
        )  # fmt: skip


ROUTES = [
    Route("/setup/{token}", set_up, methods=["GET", "POST"]),
    Route("/invite/{token}", invitation, methods=["GET", "POST"]),
]
