"""What a browser tells of itself, and what it is given: address, language, cookie."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from pmcore.usecases.identity import Browser
from pmcore.words import LANGUAGES
from wiring import parts
from wiring.settings import settings


def is_https() -> bool:
    return urlsplit(settings().public_url).scheme == "https"


def cookie_name() -> str:
    return "__Host-pm" if is_https() else "pm"


def give_cookie(response: Response, token: str) -> None:
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(parts.lifetimes().absolute.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_https(),
    )


def take_cookie(response: Response) -> None:
    response.delete_cookie(cookie_name(), path="/", httponly=True, samesite="lax", secure=is_https())


LEFT = "pm-left"


def tell_who_left(response: Response, user_id: int) -> None:
    """The page after signing out drops what this browser kept of that person's unsaved text (`static/forget.js`)."""
    response.set_cookie(LEFT, str(user_id), max_age=86_400, path="/login", samesite="lax", secure=is_https())


def own_origin(scope: Scope) -> tuple[str, ...]:
    """The origins that this app answers to: as configured, and as it was called (the Host was checked before)."""
    public = urlsplit(settings().public_url)
    called = Headers(scope=scope).get("host", "")
    return (f"{public.scheme}://{public.netloc}", f"{'https' if is_https() else 'http'}://{called}")


def hosts() -> list[str]:
    """The names under which this app may be called."""
    return [urlsplit(settings().public_url).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]


def language_of(headers: Headers) -> str:
    """The first of our languages that the browser asks for."""
    for asked in headers.get("accept-language", "").split(","):
        language = asked.split(";")[0].split("-")[0].strip().lower()
        if language in LANGUAGES:
            return language
    return "en"


def browser_of(request: Request) -> Browser:
    return Browser(address=_address(request), agent=_told_agent(request.headers.get("user-agent", "")))


def _address(request: Request) -> str:
    """The peer's; behind the one proxy that is trusted, what that proxy saw."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "")
    if forwarded and peer and peer == settings().trusted_proxy:
        return forwarded.rsplit(",", 1)[-1].strip()[:64]
    return peer


def _told_agent(agent: str) -> str:
    """As "Firefox, Linux": enough to know a browser again."""
    names = (("Edg", "Edge"), ("OPR", "Opera"), ("YaBrowser", "Yandex"), ("Firefox", "Firefox"),
             ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
    systems = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
               ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip
    told = [next((name for sign, name in known if sign in agent), "") for known in (names, systems)]
    return ", ".join(part for part in told if part) or agent[:40]
