"""The tracker as CSV: UTF-8 with a mark by which Excel knows it, ISO dates, plain numbers."""

import csv
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from pmcore.documents.cells import for_csv
from pmcore.documents.tracker_sheet import Sheet, Value, columns, tracker_values
from pmcore.domain.tracker import TrackerColumn

_SHARE = list(TrackerColumn).index(TrackerColumn.ITEMS_DONE)


def write(sheet: Sheet, path: Path) -> int:
    """Returns the number of post-mortems."""
    return _write((tracker_values(row, sheet.address) for row in sheet.rows), path)


def write_template(path: Path) -> None:
    _write((), path)


def _write(rows: Iterable[tuple[Value, ...]], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        out = csv.writer(file)
        out.writerow(columns())
        for row in rows:
            out.writerow([_cell(place, value) for place, value in enumerate(row)])
            count += 1
    return count


def _cell(place: int, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return for_csv(value)
    if isinstance(value, date):
        return value.isoformat()
    if place == _SHARE:
        return f"{(Decimal(value) * 100).normalize():f}"  # the heading says %
    return f"{value}"
