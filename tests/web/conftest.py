"""The routes and the gate as `app.py` serves them, with a small stand-in where Streamlit would be."""

import secrets
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import bcrypt
import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from pmcore.domain.vocabulary import Role
from pmcore.usecases.identity import OpenSession
from tests import forked
from tests.factories import make_policy, make_user, make_workspace
from web import downloads, gate, serving
from web.browser import cookie_name
from wiring import passwords, run

ORIGIN = "http://localhost:8501"
STREAM = "ws://localhost:8501/_stcore/stream"
PASSWORD = "кошка на мосту 7"


async def streamlit(request: Request) -> JSONResponse:
    """Says who it was told is there."""
    return JSONResponse({"path": request.url.path, "user": request.headers.getlist("x-pm-user")})


async def stream(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_bytes(b"seen " + await websocket.receive_bytes())
    except WebSocketDisconnect:
        pass


@pytest.fixture
def quick_exports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their process does not import everything first; that one starts from nothing is tested in `test_downloads`."""
    monkeypatch.setattr(downloads.sys, "executable", forked.python())


@pytest.fixture
def app(wired: Engine) -> Starlette:
    gate.door.__init__()
    return Starlette(
        routes=[
            *serving.routes(),
            WebSocketRoute("/_stcore/stream", stream),
            Route("/{path:path}", streamlit, methods=["GET", "POST", "PUT"]),
        ],
        middleware=serving.middleware(),
    )


@pytest.fixture
def client(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app, base_url=ORIGIN, headers={"Origin": ORIGIN}, follow_redirects=False) as client:
        yield client


@pytest.fixture
def person(wired: Engine, rows: Any) -> Callable[..., int]:
    """`person("Anna Petrova", Role.ENGINEER)` can sign in with PASSWORD; the id comes back."""

    def made(name: str = "Anna Petrova", *roles: Role, **changes: Any) -> int:
        with rows() as session:
            return make_user(session, name, *(roles or (Role.ENGINEER,)), password_hash=_hash(), **changes).id

    return made


@pytest.fixture
def workspace(rows: Any) -> None:
    with rows() as session:
        make_workspace(session)
        make_policy(session)


@pytest.fixture
def session_of(client: TestClient) -> Callable[[int], str]:
    """`session_of(user_id)` signs the client's browser in; the token comes back."""

    def signed_in(user_id: int) -> str:
        token = run(OpenSession(user_id=user_id)).token
        client.cookies.set(cookie_name(), token)
        return token

    return signed_in


_few_rounds = partial(bcrypt.gensalt, 4)
_nobodys = bcrypt.hashpw(secrets.token_bytes(16), _few_rounds()).decode()
_hashes: dict[object, str] = {}


@pytest.fixture
def all_rounds() -> None:
    """For tests of how long a check of a password takes."""


@pytest.fixture(autouse=True)
def few_rounds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """bcrypt is there to be slow; 2^4 rounds instead of 2^12 are enough to compare."""
    if "all_rounds" not in request.fixturenames:
        monkeypatch.setattr(bcrypt, "gensalt", _few_rounds)
        monkeypatch.setattr(passwords, "NOBODYS", _nobodys)


def _hash() -> str:
    """Of PASSWORD, made once for each number of rounds."""
    if bcrypt.gensalt not in _hashes:
        _hashes[bcrypt.gensalt] = passwords.hashed(PASSWORD)
    return _hashes[bcrypt.gensalt]
