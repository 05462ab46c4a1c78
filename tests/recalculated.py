"""A workbook as a spreadsheet program shows it: its formulas calculated, by a library that knows nothing of ours."""

from pathlib import Path
from typing import Any

import formulas
import numpy
from openpyxl import load_workbook


def cells(path: Path) -> dict[tuple[str, str], Any]:
    """By sheet and address ("Figures", "B2"): what stands there once it is calculated; None where nothing does."""
    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    titles = {title.upper(): title for title in load_workbook(path, read_only=True).sheetnames}
    found: dict[tuple[str, str], Any] = {}
    for key, value in solution.items():
        sheet, _, address = str(key).rpartition("!")
        if ":" in address or not sheet.endswith("'"):
            continue
        title = titles[sheet.strip("'").partition("]")[2].upper()]
        shown = numpy.asarray(value.value).ravel()[0]
        shown = shown.item() if isinstance(shown, numpy.generic) else shown
        found[title, address] = None if str(shown) in ("", "empty") else shown
    return found


def table(path: Path, sheet: str) -> list[list[Any]]:
    """The rows of a sheet with its formulas calculated; None for an empty cell."""
    known = cells(path)
    page = load_workbook(path)[sheet]
    return [[known.get((sheet, cell.coordinate), cell.value) for cell in row] for row in page.iter_rows()]
