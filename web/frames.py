"""One open websocket: every frame in either direction passes only while its session is good."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pmcore.domain.sessions import token_hash
from pmcore.readmodels.people import SessionFound
from web.batches import Batches
from web.door import Door
from web.messages import go_to, is_by_a_person, tab_named


def tab_named_in(scope: Scope) -> str | None:
    """The tab that reconnects: Streamlit's page names it third among its subprotocols."""
    offered = scope.get("subprotocols") or []
    return offered[2] if len(offered) > 2 else None


class Frames:
    """One open websocket; every frame in either direction passes only while the session is good."""

    def __init__(self, app: ASGIApp, door: Door, token: str, receive: Receive, send: Send) -> None:
        self._app, self._door, self._token, self._receive, self._send = app, door, token, receive, send
        self._key = token_hash(token)
        self._batches = Batches()
        self._user_id = 0
        self._closed = False
        self._first = True
        self._named = False
        self._coming: asyncio.Task[Message] | None = None

    async def load_anew(self, scope: Scope) -> None:
        """The tab shows what another person saw and typed, who has signed out since: begin on a fresh page."""
        await self._receive()
        offered = scope.get("subprotocols") or [None]
        await self._send({"type": "websocket.accept", "subprotocol": offered[0]})
        await self._send({"type": "websocket.send", "bytes": go_to("/")})
        while (await self._receive())["type"] != "websocket.disconnect":
            pass

    async def carry(self, scope: Scope, user_id: int) -> None:
        self._user_id = user_id
        self._ended = self._door.enter(self._token)
        try:
            await self._app(scope, self._next, self._pass_on)
        finally:
            self._door.leave(self._token, self._ended)
            if self._coming is not None:
                self._coming.cancel()

    async def _next(self) -> Message:
        """The next frame of the browser, or the end of the session, whichever is first."""
        if self._coming is None:
            self._coming = asyncio.ensure_future(self._receive())
        ended = asyncio.ensure_future(self._ended.wait())
        await asyncio.wait({self._coming, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if self._ended.is_set():
            return await self._close()
        message = await self._coming
        self._coming = None
        if message["type"] != "websocket.receive":
            return message
        session = await self._session()
        if session is None:
            return await self._close()
        # The first frame of a connection is sent by the browser itself, also when it reconnects after a pause.
        if not self._first and is_by_a_person(message.get("bytes")):
            await self._door.keep(self._token, session)
        self._first = False
        return {**message, "bytes": self._batches.widened(message.get("bytes"))}

    async def _pass_on(self, message: MutableMapping[str, Any]) -> None:
        if self._closed:
            return
        if message["type"] == "websocket.send" and await self._session() is None:
            await self._close()
            return
        if not self._named and (tab := tab_named(message.get("bytes"))):
            self._door.remember_tab(tab, self._user_id)
            self._named = True
        self._batches.came(message.get("bytes"))
        await self._send(message)

    async def _session(self) -> SessionFound | None:
        try:
            return await self._door.find_key(self._key)
        except Exception:  # a database that does not answer lets nobody through
            return None

    async def _close(self) -> Message:
        if not self._closed:
            self._closed = True
            await self._send({"type": "websocket.close", "code": 1008})
        return {"type": "websocket.disconnect", "code": 1008}
