"""Which tokens are good: asked of the database off the event loop, and remembered for a second at most."""

import asyncio
import logging
import time
from contextlib import suppress

from anyio import CapacityLimiter, to_thread

from pmcore.domain.sessions import token_hash
from pmcore.readmodels.people import SessionFound
from pmcore.usecases.identity import KeepSession
from wiring import parts, run
from wiring.ask import sessions as ask_sessions

REMEMBERED_SECONDS = 1.0
WATCHED_EVERY_SECONDS = 0.4  #: how often open websockets are looked after
KEPT_EVERY_SECONDS = 60.0  #: how exactly the last use is known
MOST_REMEMBERED = 10_000

log = logging.getLogger(__name__)


class Door:
    """One per process."""

    def __init__(self) -> None:
        self._remembered: dict[str, tuple[float, SessionFound | None]] = {}
        self._open: dict[str, set[asyncio.Event]] = {}
        self._tabs: dict[str, int] = {}
        self._watching: asyncio.Task[None] | None = None
        self._background: set[asyncio.Task[None]] = set()
        self._threads: CapacityLimiter | None = None

    async def find(self, token: str | None) -> SessionFound | None:
        """The session behind a token. Raises what the driver raises when the database does not answer."""
        return await self.find_key(token_hash(token)) if token else None

    async def find_key(self, key: str) -> SessionFound | None:
        """The same by the token's hash, which who asks for each frame has made once."""
        known = self._remembered.get(key)
        if known is not None and time.monotonic() - known[0] < REMEMBERED_SECONDS:
            return known[1]
        return (await self._look_up(frozenset({key})))[key]

    async def _look_up(self, keys: frozenset[str]) -> dict[str, SessionFound | None]:
        if self._threads is None:
            self._threads = CapacityLimiter(8)
        asked_at = time.monotonic()
        found = await to_thread.run_sync(ask_sessions.sessions_behind, keys, limiter=self._threads)
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.clear()
        answers = {key: found.get(key) for key in keys}
        self._remembered.update({key: (asked_at, answer) for key, answer in answers.items()})
        return answers

    def forget(self, token: str) -> None:
        """The session has just ended here: do not wait for the memory to fade."""
        key = token_hash(token)
        self._remembered.pop(key, None)
        for ended in self._open.get(key, ()):
            ended.set()

    async def keep(self, token: str, found: SessionFound) -> None:
        """A person used the session: note it, at most once a minute."""
        now = parts.clock()
        if (now - found.seen_at).total_seconds() < KEPT_EVERY_SECONDS:
            return
        key = token_hash(token)
        task = asyncio.create_task(self._keep(key))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _keep(self, key: str) -> None:
        with suppress(Exception):  # a busy database does not end a session
            await to_thread.run_sync(run, KeepSession(token_hash=key), limiter=self._threads)

    def remember_tab(self, tab: str, user_id: int) -> None:
        """Whose a tab is, as long as this process lives."""
        self._tabs.pop(tab, None)
        self._tabs[tab] = user_id
        while len(self._tabs) > MOST_REMEMBERED:
            del self._tabs[next(iter(self._tabs))]

    def is_of_another(self, tab: str | None, user_id: int) -> bool:
        return self._tabs.get(tab or "", user_id) != user_id

    def enter(self, token: str) -> asyncio.Event:
        """An open websocket: the event is set when its session ends."""
        ended = asyncio.Event()
        self._open.setdefault(token_hash(token), set()).add(ended)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        return ended

    def leave(self, token: str, ended: asyncio.Event) -> None:
        key = token_hash(token)
        waiting = self._open.get(key, set())
        waiting.discard(ended)
        if not waiting:
            self._open.pop(key, None)

    async def _watch(self) -> None:
        """One question for all open websockets, as long as there are any."""
        while self._open:
            await asyncio.sleep(WATCHED_EVERY_SECONDS)
            try:
                answers = await self._look_up(frozenset(self._open))
            except Exception:  # the next frame asks again and is refused if the database is still silent
                log.warning("The database does not say which sessions are good", exc_info=True)
                continue
            for key, answer in answers.items():
                if answer is None:
                    for ended in self._open.get(key, ()):
                        ended.set()
