"""The meeting for a calendar: asked as the person of the session, so that nobody is told of what they may not see."""

import re

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pmcore.domain.errors import NotFound, PmError
from pmcore.readmodels.people import SessionFound
from pmcore.words import _, say, speaking
from web.gate import found
from web.plain import show
from web.print import number
from wiring import acting, ask


async def calendar_file(request: Request) -> Response:
    session = found(request)
    if session is None:  # the gate has turned away whoever is signed out; this is the second lock
        return PlainTextResponse(say(acting.SignedOut()), status_code=401)
    return await to_thread.run_sync(_made, session, request.path_params["id"])


def _made(session: SessionFound, typed: str) -> Response:
    with acting.as_user(session.user_id), speaking(session.language):
        try:
            public_id, entry = ask.invitation(number(typed))
        except PmError as refusal:
            return show(
                "notice.html", status=404 if isinstance(refusal, NotFound) else 403, speak=session.language,
                title=_("Nothing to show"), sentence=say(refusal), link="/", label=_("Home"),
            )  # fmt: skip
    name = re.sub(r"[^A-Za-z0-9-]", "", public_id)
    return Response(
        entry,
        media_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}-meeting.ics"'},
    )


ROUTES = [Route("/download/meeting/{id}.ics", calendar_file)]
