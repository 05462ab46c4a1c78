"""Where the demo is played: one transaction, a clock that moves from event to event, and everybody's next step.

A play is a generator: it yields the moment of its next step and goes on when that moment has come. Plays are merged by
time, so that ids, numbers and the audit trail stand in the order in which things happened. What lies after now is not
played; that is how some stories are still going on.
"""

import heapq
import inspect
import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import Role
from pmcore.ports import InstalledProcess, UnitOfWork
from pmcore.usecases.demo.cast import ZONE
from pmcore.words import speaking

Play: TypeAlias = Iterator[datetime]
DAYS = 365
SEED = 2026
_HOURS = (
    9,
    10,
    10,
    11,
    11,
    12,
    13,
    14,
    14,
    15,
    16,
    16,
    17,
    18,
    19,
    21,
    23,
    2,
    4,
    7,
)  #: of day: mostly when there is load


class Stage:
    def __init__(self, work: UnitOfWork, *, now: datetime, process: InstalledProcess) -> None:
        self.work, self.process = work, process
        self.now = now.replace(microsecond=0)
        self.at = self.now - timedelta(days=DAYS)
        self.actors: dict[str, Actor] = {}
        self.incidents: dict[str, int] = {}  #: ids by the key of what was told
        self.postmortems: dict[str, int] = {}
        self._ids = random.Random(SEED)
        self._waiting: list[tuple[datetime, int, Play]] = []
        self._entered = 0

    def enter(self, play: Play) -> None:
        """Let a play begin; it may enter others."""
        self._entered += 1
        self._wait(play, self._entered)

    def play(self, progress: Callable[[int, int], None]) -> None:
        """Until nothing is left that happens before now. `progress` is told days done and days in all."""
        begun = self.at
        while self._waiting and self._waiting[0][0] <= self.now:
            self.at, number, play = heapq.heappop(self._waiting)
            progress((self.at - begun).days, DAYS)
            self._wait(play, number)
        self.at = self.now
        progress(DAYS, DAYS)

    def _wait(self, play: Play, number: int) -> None:
        following = next(play, None)
        if following is not None:
            heapq.heappush(self._waiting, (max(following, self.at), number, play))

    def do(self, handler: Callable[..., Any], command: Any, *, by: str, as_role: Role | None = None) -> Any:
        """Give a command at this moment; `as_role` adds a role that the person is deputy in."""
        actor = self.actors[by]
        if as_role is not None:
            actor = replace(actor, roles=actor.roles | {as_role})
        offered: dict[str, Any] = {
            "actor": actor, "begin": self.begin, "clock": self.clock, "new_id": self.new_id, "process": self.process,
        }  # fmt: skip
        wanted = inspect.signature(handler).parameters
        with speaking(actor.language):
            return handler(command, **{name: part for name, part in offered.items() if name in wanted})

    def begin(self) -> nullcontext[UnitOfWork]:
        """Every command joins the one transaction."""
        return nullcontext(self.work)

    def clock(self) -> datetime:
        return self.at

    def new_id(self) -> str:
        return str(uuid.UUID(int=self._ids.getrandbits(128), version=4))

    def day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(ZONE)).date()

    def start_of(self, days: float, rng: random.Random) -> datetime:
        """So many days ago, at an hour at which things break; the last days are counted from now to the hour."""
        start = self.now - timedelta(days=days)
        if days < 10:
            return start.replace(second=rng.randrange(60))
        local = start.astimezone(ZoneInfo(ZONE))
        local = local.replace(hour=rng.choice(_HOURS), minute=rng.randrange(60), second=rng.randrange(60))
        return local.astimezone(start.tzinfo)
