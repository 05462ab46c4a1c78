"""Runs of pages, each after as many runs of the empty page, so that a busy machine is busy for both."""

import asyncio
import statistics
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from tests.bench import workspace
from tests.bench.protocol import Tab
from tests.bench.served import Served
from tests.bench.workspace import Visitor

WARM_UP = 3
LISTS = ("tracker", "incidents", "home", "actions")


@dataclass
class Cost:
    """Of one page with so many sessions, and of the empty page just before."""

    processor: list[float] = field(default_factory=list)  #: milliseconds of the server a run, a figure a round
    waited: list[float] = field(default_factory=list)  #: milliseconds until it was finished, a figure a run
    statements: int = 0
    empty: "Cost | None" = None  #: as many rounds and runs

    @property
    def times_empty(self) -> float:
        """Of the processor. Round by round, because within one run of this program a machine may change its pace."""
        pairs = zip(self.processor, self.empty.processor, strict=True) if self.empty else ()
        return statistics.median([page / empty for page, empty in pairs] or [1.0])

    @property
    def times_empty_p50(self) -> float:
        return self.p50_ms / self.empty.p50_ms if self.empty else 1.0

    @property
    def processor_ms(self) -> float:
        return statistics.median(self.processor)

    @property
    def p50_ms(self) -> float:
        return statistics.median(self.waited)

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.waited, n=20)[-1]


def cookie(visitor: Visitor) -> str:
    return f"pm={visitor.token}"


def tab(app: Served, name: str, visitor: Visitor) -> Tab:
    """On the page of that name; "write", "save" and "typing" are this person's own draft."""
    draft = f"id={workspace.draft_of(visitor)}&section=summary"
    page, query = {
        "home": ("", ""), "write": ("write", draft), "save": ("write", draft),
        "typing": ("write", draft.replace("summary", "resolution")),
        "read": ("read", f"id={workspace.published_number()}"),
        "metrics, text": ("metrics", ""), "metrics, item": ("metrics", ""),
    }.get(name, (name, ""))  # fmt: skip
    return Tab(app.url, cookie(visitor), page=page, query=query)


async def save(tab: Tab, number: int) -> float:
    """Type another sentence and press Save; seconds until the saved section is shown."""
    tab.type_into("-incident", f"Messages were late, sentence {number}.")
    return (await tab.run(press="-save", typed=True)).seconds


async def type_on(tab: Tab, number: int) -> float:
    """Type another sentence and pause; seconds until it is saved."""
    tab.type_into("-immediate_fix", f"Messages were late, sentence {number}.")
    return (await tab.run(typed=True)).seconds


async def look(tab: Tab, _number: int) -> float:
    return (await tab.run()).seconds


async def text_saved(app: Served, number: int) -> None:
    """By somebody else, in another text."""
    async with tab(app, "save", workspace.visitors(workspace.PEOPLE // 2 + 1)[-1]) as other:
        await other.run()
        await save(other, number)


async def item_reported(app: Served, number: int) -> None:
    """By its owner, as blocked or going on: something that every figure of its part is counted anew for."""
    await asyncio.to_thread(app.get, f"/bench/report?number={number}", cookie(workspace.visitors(1)[0]))


_ACTS = {"save": save, "typing": type_on}
#: What happens before each run, and is not measured.
_BEFORE = {"metrics, text": text_saved, "metrics, item": item_reported}


async def costs(app: Served, names: Sequence[str], *, sessions: int, runs: int, rounds: int) -> dict[str, Cost]:
    """Of the empty page and of each page named, by so many people at once."""
    people = workspace.visitors(sessions)
    found = {"empty": Cost()} | {name: Cost(empty=Cost()) for name in names}
    async with AsyncExitStack() as open_tabs:
        tabs = {name: [await open_tabs.enter_async_context(tab(app, name, who)) for who in people] for name in found}
        number = 0
        for name, of_page in tabs.items():
            act = _ACTS.get(name, look)
            for each in of_page:
                await each.run()
            for _ in range(WARM_UP):
                number += 1
                await asyncio.gather(*(act(each, number) for each in of_page))
            if happens := _BEFORE.get(name):
                await happens(app, number)
            said, _ = app.used(cookie(people[0]))
            await act(of_page[0], number + 1)
            found[name].statements = app.used(cookie(people[0]))[0] - said
        for _ in range(rounds):
            for name in names:
                before = found[name].empty or found["empty"]
                number = await _round(app, "empty", tabs["empty"], before, number, runs)
                number = await _round(app, name, tabs[name], found[name], number, runs)
                found["empty"].processor.append(before.processor[-1])
                found["empty"].waited += before.waited[-runs * sessions :]
    return found


async def _round(app: Served, name: str, tabs: list[Tab], into: Cost, number: int, runs: int) -> int:
    """So many runs of a page in each tab; returns the number that the next round begins with."""
    act, spent, happens = _ACTS.get(name, look), 0.0, _BEFORE.get(name)
    asked_as = cookie(workspace.visitors(1)[0])
    if not happens:  # what the round before wrote is asked anew here, so that one page does not pay for another
        number += 1
        await asyncio.gather(*(act(each, number) for each in tabs))
    for _ in range(runs if happens else 1):
        if happens:
            await happens(app, number)
        _, used = app.used(asked_as)
        at_once = 1 if happens else runs
        waited = await asyncio.gather(*(_several(act, each, number, at_once) for each in tabs))
        number += at_once
        spent += app.used(asked_as)[1] - used
        into.waited += [seconds * 1000 for mine in waited for seconds in mine]
    into.processor.append(spent * 1000 / (runs * len(tabs)))
    return number


async def _several(act: Callable[[Tab, int], Awaitable[float]], tab: Tab, number: int, runs: int) -> list[float]:
    return [await act(tab, number + 2 + run) for run in range(runs)]


async def first_visit(app: Served, visitor: Visitor) -> float:
    """Milliseconds of the first tab after the start, connection included."""
    began = asyncio.get_running_loop().time()
    async with Tab(app.url, cookie(visitor)) as first:
        await first.run()
    return (asyncio.get_running_loop().time() - began) * 1000


async def beside_an_export(app: Served, *, runs: int) -> tuple[Cost, Cost]:
    """The tracker for another person, now and then: without an export, and while one is made.

    Half of the quiet runs come before it and half after it, so that a machine that gets busier counts for both.
    """
    mine, other = workspace.visitors(2)
    quiet, busy = Cost(), Cost()
    async with tab(app, "tracker", other) as tracker:
        for _ in range(WARM_UP):
            await tracker.run()
        quiet.waited = [await _after_a_pause(tracker) for _ in range(runs // 2)]
        export = asyncio.create_task(asyncio.to_thread(app.get, "/download/tracker.xlsx", cookie(mine)))
        await asyncio.sleep(0.5)
        while len(busy.waited) < runs and (not export.done() or len(busy.waited) < 2):
            busy.waited.append(await _after_a_pause(tracker))
        await export
        quiet.waited += [await _after_a_pause(tracker) for _ in range(runs - runs // 2)]
    return quiet, busy


async def _after_a_pause(tab: Tab) -> float:
    """Milliseconds of a look; the pause spreads the looks over the whole of the export."""
    await asyncio.sleep(0.1)
    return (await tab.run()).seconds * 1000
