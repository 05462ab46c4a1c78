"""What the tracker's workbook costs beside writing the same cells with nothing but openpyxl.

A program of its own, so that its memory can be read: `python -m tests.bench.excel export|bare FILE`, with the database
in DATABASE_URL. It prints processor seconds and the growth of memory in megabytes.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Written:
    processor_seconds: float
    growth_mb: float


def cost(what: str, database: Path, file: Path) -> Written:
    """Of "export" into the file, or of "bare": the cells of that file once more."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.bench.excel", what, str(file)]
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    return Written(**json.loads(said.splitlines()[-1]))


def compared(database: Path, file: Path, *, rounds: int) -> tuple[Written, Written]:
    """Export and bare in turn; of each the fastest, which was disturbed least, and the most memory."""
    exports, bares = [], []
    for _ in range(rounds):
        exports.append(cost("export", database, file))
        bares.append(cost("bare", database, file))
    return _best(exports), _best(bares)


def _best(found: list[Written]) -> Written:
    return Written(
        processor_seconds=min(one.processor_seconds for one in found), growth_mb=max(one.growth_mb for one in found)
    )


def _export(file: Path) -> Callable[[], None]:
    from wiring import exporting

    order = exporting.Order(
        user_id=1, kind="tracker", format="xlsx", params={}, path=str(file), address="http://localhost:8501"
    )
    small = exporting.Order(
        user_id=1, kind="template", format="xlsx", params={}, path=f"{file}.template", address="http://localhost:8501"
    )
    exporting.fulfil(small)  # what is imported late is not growth
    return lambda: exporting.fulfil(order)


def _bare(file: Path) -> Callable[[], None]:
    from openpyxl import Workbook, load_workbook

    read = load_workbook(file, read_only=True)
    sheets = [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in read.worksheets]

    def write() -> None:
        book = Workbook(write_only=True)
        for rows in sheets:
            sheet = book.create_sheet()
            for row in rows:
                sheet.append(row)
        book.save(Path(tempfile.gettempdir()) / f"bare-{os.getpid()}.xlsx")

    return write


def main() -> None:
    what, file = sys.argv[1], Path(sys.argv[2])
    act = {"export": _export, "bare": _bare}[what](file)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    act()
    spent, after = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (Path(tempfile.gettempdir()) / f"bare-{os.getpid()}.xlsx").unlink(missing_ok=True)
    print(json.dumps({"processor_seconds": spent, "growth_mb": (after - before) / 1024}))


if __name__ == "__main__":
    main()
