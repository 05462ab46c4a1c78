"""An old tracker, read from a file that somebody uploads: header, types, formulas, size, each with its sentence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pmcore.documents import tracker_csv, tracker_workbook
from pmcore.documents.tracker_limits import MAX_BYTES, MAX_ROWS, TrackerFileRefused, too_many_rows
from pmcore.domain.errors import N_
from pmcore.domain.old_tracker import Cell, CellProblem, OldPostmortem, read_row
from pmcore.domain.tracker import HEADINGS, TrackerColumn

MAX_PROBLEMS = 200  #: said; the rest are counted

#: Headings as teams write them, folded; the mission's own list explains some in brackets.
_KNOWN: dict[str, TrackerColumn] = {
    **{" ".join(heading.casefold().split()): column for column, heading in HEADINGS.items()},
    "incident id (p0-xxx)": TrackerColumn.INCIDENT_ID,
    "status (draft/review/published)": TrackerColumn.STATUS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OldTracker:
    """What could be read. With problems there are rows too, but nothing may be imported."""

    rows: tuple[OldPostmortem, ...]
    problems: tuple[CellProblem, ...]  #: in the order of the sheet, at most MAX_PROBLEMS
    problem_count: int


def read(data: bytes, *, name: str) -> OldTracker:
    """Read a workbook or a CSV file, whichever it is by its content.

    Raises TrackerFileRefused when the file as a whole cannot be one: too large, not readable, with macros, a wrong
    header. What is wrong in single cells comes back as problems, formulas included.
    """
    if not data:
        raise TrackerFileRefused(N_("The file is empty. Choose the tracker as XLSX or CSV."))
    if len(data) > MAX_BYTES:
        raise TrackerFileRefused(
            N_("The file has {size} MB; at most {most} MB can be read. Split it by year and import the parts."),
            size=round(len(data) / 1_000_000), most=MAX_BYTES // 1_000_000,
        )  # fmt: skip
    is_workbook = tracker_workbook.is_workbook(data)
    if not is_workbook and name.casefold().endswith((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")):
        raise TrackerFileRefused(
            N_("This is no XLSX workbook, or it is damaged. Open it in Excel and save it as XLSX or CSV.")
        )
    return _read(tracker_workbook.lines(data) if is_workbook else tracker_csv.lines(data))


def _read(lines: Iterator[tuple[int, Sequence[Cell], Sequence[CellProblem | int]]]) -> OldTracker:
    found: list[OldPostmortem] = []
    problems: list[CellProblem] = []
    count = 0
    places: Mapping[TrackerColumn, int] = {}
    for number, cells, formulas in lines:
        if not places:
            places = _header(cells)
            continue
        if not any(cell not in (None, "") for cell in cells):
            continue
        if len(found) + count >= MAX_ROWS and len(found) + len({p.row for p in problems}) >= MAX_ROWS:
            raise too_many_rows()
        row, wrong = _checked(number, cells, formulas, places)
        if row is not None:
            found.append(row)
        count += len(wrong)
        problems += wrong[: MAX_PROBLEMS - len(problems)]
    if not places:
        raise TrackerFileRefused(N_("The file is empty. Choose the tracker as XLSX or CSV."))
    if not found and not count:
        raise TrackerFileRefused(N_("The file has a header and no rows."))
    return OldTracker(rows=tuple(found), problems=tuple(problems), problem_count=count)
