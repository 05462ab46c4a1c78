"""An old tracker, read from a file that somebody uploads: header, types, formulas, size, each with its sentence."""

from collections.abc import Iterator
from dataclasses import dataclass

from pmcore.documents import tracker_csv, tracker_workbook
from pmcore.documents.tracker_line import MAX_BYTES, MAX_ROWS, Line, TrackerFileRefused, damaged, too_many_rows
from pmcore.domain.errors import N_
from pmcore.domain.old_tracker import Cell, CellProblem, OldPostmortem, read_row
from pmcore.domain.tracker import HEADINGS, TrackerColumn

MAX_PROBLEMS = 200  #: said; the rest are counted

#: Headings as teams write them, folded; the mission's own list explains two in brackets.
_KNOWN: dict[str, TrackerColumn] = {
    **{heading.casefold(): column for column, heading in HEADINGS.items()},
    "incident id (p0-xxx)": TrackerColumn.INCIDENT_ID,
    "status (draft/review/published)": TrackerColumn.STATUS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OldTracker:
    """What could be read. Where there are problems, nothing may be imported."""

    rows: tuple[OldPostmortem, ...]
    problems: tuple[CellProblem, ...]  #: in the order of the sheet, the first MAX_PROBLEMS
    problem_count: int


def read(data: bytes, *, name: str) -> OldTracker:
    """Read a workbook or a CSV file, whichever it is by its content.

    Raises TrackerFileRefused when the file as a whole cannot be one: too large, not readable, with macros, a wrong
    header. What is wrong in single cells comes back as problems, formulas included.
    """
    if len(data) > MAX_BYTES:
        raise TrackerFileRefused(
            N_("The file has {size} MB; at most {most} MB can be read. Split it by year and import the parts."),
            size=round(len(data) / 1_000_000), most=MAX_BYTES // 1_000_000,
        )  # fmt: skip
    if name.casefold().endswith((".xlsm", ".xltm", ".xlam")):
        raise TrackerFileRefused(
            N_("A workbook that may contain macros is not opened. Save it as XLSX without macros, or as CSV.")
        )
    if tracker_workbook.is_old_binary(data):
        raise TrackerFileRefused(
            N_("This is an old XLS workbook, or one with a password. Save it as XLSX without a password, or as CSV.")
        )
    if tracker_workbook.is_archive(data):
        return _read(tracker_workbook.lines(data))
    if name.casefold().endswith((".xlsx", ".xls", ".xlsb", ".ods")):
        raise damaged()
    return _read(tracker_csv.lines(data))


def _read(lines: Iterator[Line]) -> OldTracker:
    columns: dict[TrackerColumn, int] | None = None
    rows: list[OldPostmortem] = []
    problems: list[CellProblem] = []
    problem_count = line_count = 0
    for line in lines:
        if line.is_blank:
            continue
        if columns is None:
            columns = _columns(line)
            continue
        line_count += 1
        if line_count > MAX_ROWS:
            raise too_many_rows()
        row, wrong = _checked(line, columns)
        if row is not None:
            rows.append(row)
        problem_count += len(wrong)
        problems += wrong[: MAX_PROBLEMS - len(problems)]
    if columns is None:
        raise TrackerFileRefused(N_("The file is empty. Choose the tracker as XLSX or CSV."))
    if line_count == 0:
        raise TrackerFileRefused(N_("The file has a header, and no rows below it."))
    return OldTracker(rows=tuple(rows), problems=tuple(problems), problem_count=problem_count)


def _columns(header: Line) -> dict[TrackerColumn, int]:
    """Where each column stands; the order is the file's own. Raises TrackerFileRefused, naming every difference."""
    found: dict[TrackerColumn, int] = {}
    unknown: list[str] = []
    twice: list[str] = []
    for place, cell in enumerate(header.cells):
        words = " ".join(str(cell if cell is not None else "").split())
        column = _KNOWN.get(words.casefold())
        if column is None:
            unknown += [f"“{words[:60]}”"] if words else []
        elif column in found:
            twice.append(f"“{HEADINGS[column]}”")
        else:
            found[column] = place
    missing = [f"“{HEADINGS[column]}”" for column in TrackerColumn if column not in found]
    if not found:
        raise TrackerFileRefused(
            N_("Row {row} has none of the tracker's column names. Put the header above the rows, as in the template."),
            row=header.number,
        )
    if missing and unknown:
        raise TrackerFileRefused(
            N_("The header lacks {missing}, and {unknown} is not known. Rename the columns as in the template."),
            missing=", ".join(missing), unknown=", ".join(unknown[:11]),
        )  # fmt: skip
    if missing:
        raise TrackerFileRefused(
            N_("The header lacks {missing}. Add the columns as in the template; they may be empty."),
            missing=", ".join(missing),
        )
    if unknown:
        raise TrackerFileRefused(
            N_("The tracker has no column {unknown}. Remove it or rename it as in the template."),
            unknown=", ".join(unknown[:11]),
        )
    if twice:
        raise TrackerFileRefused(N_("{twice} stands twice in the header. Keep one."), twice=", ".join(twice))
    return found


def _checked(line: Line, columns: dict[TrackerColumn, int]) -> tuple[OldPostmortem | None, tuple[CellProblem, ...]]:
    calculated = tuple(
        CellProblem(N_("This is a formula. Replace it by its value."), row=line.number, column=column)
        for column, place in columns.items()
        if place in line.formulas
    )
    if calculated:
        return None, calculated
    cells: dict[TrackerColumn, Cell] = {
        column: line.cells[place] for column, place in columns.items() if place < len(line.cells)
    }
    return read_row(line.number, cells)
