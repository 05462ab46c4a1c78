"""Signing in and out, the password, the language: forms that work without script."""

from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pmcore.domain.errors import N_, PmError, Refusals
from pmcore.domain.vocabulary import Language
from pmcore.usecases.account import ChangePassword, ChangeProfile
from pmcore.usecases.identity import SignedIn, SignIn, SignInLocked, SignOut
from pmcore.words import LANGUAGES, say, speaking
from web.browser import LEFT, browser_of, give_cookie, take_cookie, tell_who_left
from web.gate import door, found, next_page, token_in
from web.headers import FORGETTING_POLICY, PLAIN_POLICY
from web.plain import language_for, show
from wiring import acting, run

_hashing: list[CapacityLimiter] = []
SLOW_AT_ONCE = 4  #: bcrypt takes a core for a quarter of a second


class NotTwice(PmError):
    """The two passwords differ."""

    def __init__(self) -> None:
        super().__init__(N_("The two passwords differ. Type them again."), field="again")


async def slowly(command: object, *, user_id: int | None = None) -> SignedIn:
    """A command that hashes passwords: off the event loop, and only a few at a time."""
    if not _hashing:
        _hashing.append(CapacityLimiter(SLOW_AT_ONCE))

    def as_whom() -> SignedIn:
        if user_id is None:
            return run(command)
        with acting.as_user(user_id):
            return run(command)

    return await to_thread.run_sync(as_whom, limiter=_hashing[0])


def by_field(refusal: PmError, fields: tuple[str, ...]) -> dict[str, str]:
    """Sentences beside their inputs; what belongs to none stands above the form, under ""."""
    told: dict[str, list[str]] = {}
    for problem in refusal.problems if isinstance(refusal, Refusals) else (refusal,):
        told.setdefault(problem.field if problem.field in fields else "", []).append(say(problem))
    return {field: " ".join(sentences) for field, sentences in told.items()}


def text_of(form: object, name: str) -> str:
    value = form.get(name) if hasattr(form, "get") else None
    return value if isinstance(value, str) else ""


def signed_in(answer: SignedIn, *, to: str) -> Response:
    response = RedirectResponse(to, status_code=303)
    give_cookie(response, answer.token)
    return response


async def sign_in(request: Request) -> Response:
    form = await request.form() if request.method == "POST" else request.query_params
    to = next_page(text_of(form, "next"))
    speak = language_for(request, text_of(form, "lang"))
    if request.method != "POST":
        if found(request):
            return RedirectResponse(to, status_code=303)
        left = LEFT in request.cookies
        policy = FORGETTING_POLICY if left else PLAIN_POLICY
        return show("sign_in.html", speak=speak, policy=policy, problems={}, typed={"username": ""}, next=to, left=left)
    username = text_of(form, "username")
    try:
        answer = await slowly(
            SignIn(username=username, password=text_of(form, "password"), browser=browser_of(request))
        )
    except PmError as refusal:
        with speaking(speak):
            problems = by_field(refusal, ())
        status = 429 if isinstance(refusal, SignInLocked) else 403
        page = show(
            "sign_in.html", status=status, speak=speak, problems=problems, typed={"username": username}, next=to,
            left=False,
        )  # fmt: skip
        if isinstance(refusal, SignInLocked):
            page.headers["Retry-After"] = str(refusal.seconds)
        return page
    return signed_in(answer, to=to)


async def sign_out(request: Request) -> Response:
    response = RedirectResponse("/login", status_code=303)
    if token := token_in(request.headers):
        await to_thread.run_sync(run, SignOut(token=token))
        door.forget(token)
    take_cookie(response)
    if session := found(request):
        tell_who_left(response, session.user_id)
    return response


async def change_password(request: Request) -> Response:
    session = found(request)
    if session is None:
        return RedirectResponse("/login?next=%2Fpassword", status_code=303)
    speak = language_for(request)
    if request.method != "POST":
        return show("password.html", speak=speak, problems={})
    form = await request.form()
    try:
        if text_of(form, "password") != text_of(form, "again"):
            raise NotTwice
        answer = await slowly(
            ChangePassword(
                current=text_of(form, "current"), new=text_of(form, "password"), browser=browser_of(request)
            ),
            user_id=session.user_id,
        )
    except PmError as refusal:
        with speaking(speak):
            problems = by_field(refusal, ("password", "again"))
        return show("password.html", status=403, speak=speak, problems=problems)
    if token := token_in(request.headers):
        door.forget(token)
    return signed_in(answer, to="/account")


async def change_language(request: Request) -> Response:
    """A route and not a widget: the page is loaded anew, so that no chosen value meets options in another language."""
    session = found(request)
    form = await request.form()
    asked = text_of(form, "language")
    if session is not None and asked in LANGUAGES:

        def change() -> None:
            with acting.as_user(session.user_id):
                run(ChangeProfile(language=Language(asked)))

        await to_thread.run_sync(change)
        if token := token_in(request.headers):
            door.forget(token)  # the next page asks for the language at once
    return RedirectResponse(next_page(text_of(form, "next") or _came_from(request)), status_code=303)


def _came_from(request: Request) -> str:
    """The page with its filters, as the address bar names it; the gate has refused forms of other sites."""
    page = urlsplit(request.headers.get("referer", ""))
    return f"{page.path}?{page.query}" if page.query else page.path


ROUTES = [
    Route("/login", sign_in, methods=["GET", "POST"]),
    Route("/logout", sign_out, methods=["POST"]),
    Route("/password", change_password, methods=["GET", "POST"]),
    Route("/language", change_language, methods=["POST"]),
]
