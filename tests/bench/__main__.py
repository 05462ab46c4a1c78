"""`python -m tests.bench`: prints the tables and ends with 1 when a bound is passed.

`--sizes 1000,10000` measures fewer sizes, `--quick` with fewer runs.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from streamlit import config

from tests.bench import bounds, databases, excel, measure, workspace
from tests.bench.bounds import Verdict
from tests.bench.measure import LISTS, Cost
from tests.bench.served import APP, EMPTY, served

PAGES = (*LISTS, "write", "read", "typing", "save", "metrics", "metrics, text", "metrics, item")
SIZES = (1_000, 10_000, 100_000)
SESSIONS = (1, 20)


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.bench")
    asked.add_argument("--sizes", default=",".join(map(str, SIZES)))
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--no-excel", action="store_true")
    said = asked.parse_args()
    sizes = [int(size) for size in said.sizes.split(",")]
    folder = Path(tempfile.mkdtemp(prefix="pm-bench-"))
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {sys.version.split()[0]}, runner.postScriptGC={config.get_option('runner.postScriptGC')}, SQLite"
    )
    try:
        verdicts = _all(sizes, folder, quick=said.quick, with_excel=not said.no_excel)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n## Bounds")
    print(*verdicts, sep="\n")
    return 0 if all(verdict.holds for verdict in verdicts) else 1


def _all(sizes: list[int], folder: Path, *, quick: bool, with_excel: bool) -> list[Verdict]:
    verdicts: list[Verdict] = []
    found: dict[tuple[int, int], dict[str, Cost]] = {}
    for size in sizes:
        database = databases.database(size, folder)
        log = folder / "server.log"
        with served(APP, database, log) as app:
            for sessions in SESSIONS:
                runs, rounds = (4 if quick else 10, 5) if sessions == 1 else (2 if quick else 5, 1 if quick else 3)
                costs = measure.costs(app, PAGES, sessions=sessions, runs=runs, rounds=rounds)
                found[size, sessions] = asyncio.run(costs)
                _table(size, sessions, found[size, sessions])
            if with_excel and size == 10_000:
                quiet, busy = asyncio.run(measure.beside_an_export(app, runs=20 if quick else 60))
                verdicts.append(
                    Verdict(
                        what="another session's p95 during an export",
                        is_at=busy.p95_ms / quiet.p95_ms,
                        may_be=bounds.MOST_BESIDE_EXPORT,
                    )
                )
        if with_excel:
            verdicts += _excel(size, database, folder)
        if size == sizes[0]:
            verdicts.append(_first_visit(database, folder))
        database.unlink()
    return _pages(found, sizes) + verdicts


def _table(size: int, sessions: int, found: dict[str, Cost]) -> None:
    print(f"\n## {size:,} post-mortems, {sessions} session{'s' if sessions > 1 else ''}")
    print(f"{'':14}{'CPU ms':>8}{'x empty':>9}{'p50 ms':>9}{'x empty':>9}{'p95 ms':>9}{'SQL':>5}")
    for name, cost in found.items():
        print(
            f"{name:14}{cost.processor_ms:8.1f}{cost.times_empty:9.2f}{cost.p50_ms:9.1f}"
            f"{cost.times_empty_p50:9.2f}{cost.p95_ms:9.1f}{cost.statements if sessions == 1 else '':>5}",
            flush=True,
        )


def _pages(found: dict[tuple[int, int], dict[str, Cost]], sizes: list[int]) -> list[Verdict]:
    verdicts = []
    for (size, sessions), costs in found.items():
        for name, most in bounds.MOST_TIMES_EMPTY.items():
            at = f"{name} at {size:,}, {sessions} session{'s' if sessions > 1 else ''}"
            verdicts += [
                Verdict(what=f"{at}, CPU", is_at=costs[name].times_empty, may_be=most),
                Verdict(what=f"{at}, p50", is_at=costs[name].times_empty_p50, may_be=most),
            ]
            if sessions == 1:
                count = float(costs[name].statements)
                if name not in ("save", "typing"):
                    verdicts.append(Verdict(what=f"{at}, statements", is_at=count, may_be=bounds.MOST_STATEMENTS))
    if len(sizes) > 1:
        small, large = found[sizes[0], 1], found[sizes[-1], 1]
        for name in LISTS:
            # In empty pages, so that a machine that was busier meanwhile does not count.
            growth = large[name].times_empty / small[name].times_empty
            what = f"{name} at {sizes[-1]:,} against {sizes[0]:,}, CPU"
            verdicts.append(Verdict(what=what, is_at=growth, may_be=bounds.MOST_GROWTH))
    return verdicts


def _excel(size: int, database: Path, folder: Path) -> list[Verdict]:
    file = folder / "tracker.xlsx"
    if size == 10_000:
        export, bare = excel.compared(database, file, rounds=3)
    else:
        export, bare = excel.cost("export", database, file), None
    verdicts = [
        Verdict(what=f"memory of the Excel export at {size:,}, MB", is_at=export.growth_mb, may_be=bounds.MOST_EXCEL_MB)
    ]
    print(f"\nExcel of {size:,} rows: {export.processor_seconds:.1f} s of CPU, {export.growth_mb:.1f} MB more memory")
    if bare is not None:
        ratio = export.processor_seconds / bare.processor_seconds
        print(f"bare openpyxl, the same cells: {bare.processor_seconds:.1f} s of CPU; {ratio:.2f} times that")
        verdicts.append(Verdict(what="Excel of 10,000 rows against openpyxl", is_at=ratio, may_be=bounds.MOST_EXCEL))
    return verdicts


def _first_visit(database: Path, folder: Path, starts: int = 5) -> Verdict:
    visitor = workspace.visitors(2)[1]  # for the first of all the server has drawn pages already
    waited: dict[Path, list[float]] = {APP: [], EMPTY: []}
    for _ in range(starts):
        for script, times in waited.items():
            with served(script, database, folder / "first.log") as app:
                times.append(asyncio.run(measure.first_visit(app, visitor)))
    first, empty = sorted(waited[APP])[starts // 2], sorted(waited[EMPTY])[starts // 2]
    print(
        f"\nFirst visit after the start: {first:.0f} ms, of an empty app {empty:.0f} ms; {first / empty:.2f} times that"
    )
    return Verdict(what="first visit after the start", is_at=first / empty, may_be=bounds.MOST_FIRST_VISIT)


if __name__ == "__main__":
    sys.exit(main())
