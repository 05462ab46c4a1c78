"""The metrics of a period on one sheet, to print; as the person of the session sees them."""

import base64
import hashlib
from pathlib import Path
from urllib.parse import urlencode

from anyio import to_thread
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pmcore.documents.metrics_about import filter_words
from pmcore.documents.metrics_report import report
from pmcore.domain.errors import PmError
from pmcore.domain.metrics import DEFINITIONS, Metric
from pmcore.domain.permissions import Forbidden
from pmcore.readmodels.metrics import MetricsFilter
from pmcore.readmodels.people import SessionFound
from pmcore.words import _, say, speaking
from web.gate import found
from web.headers import PLAIN_POLICY
from web.plain import show
from wiring import acting, ask

STYLE = Path(__file__).with_name("metrics_report.css").read_text("utf-8")
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = PLAIN_POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{_DIGEST}'")


async def printable(request: Request) -> Response:
    session = found(request)
    if session is None:  # the gate has turned away whoever is signed out; this is the second lock
        return PlainTextResponse(say(acting.SignedOut()), status_code=401)
    return await to_thread.run_sync(_made, session, dict(request.query_params))


def _made(session: SessionFound, params: dict[str, str]) -> Response:
    with acting.as_user(session.user_id), speaking(session.language):
        try:
            filter = MetricsFilter.of(params, today=ask.metrics_today())
            view = ask.metrics(filter)
            service = next((one.name for one in ask.services(retired=True) if one.id == filter.service_id), "")
            return show(
                "metrics_report.html", speak=session.language, policy=POLICY, style=Markup(STYLE),
                page=report(view, period=filter_words(filter, service=service)), query=urlencode(filter.params()),
                workspace=ask.workspace().name, caution=_(DEFINITIONS[Metric.TIME_TO_DETECT].caution),
            )  # fmt: skip
        except PmError as refusal:
            return show(
                "notice.html", status=403 if isinstance(refusal, Forbidden) else 404, speak=session.language,
                title=_("Nothing to show"), sentence=say(refusal), link="/metrics", label=_("Metrics"),
            )  # fmt: skip


ROUTES = [Route("/print/metrics", printable)]
