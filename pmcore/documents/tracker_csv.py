"""An old tracker in a CSV file: whatever encoding and separator the spreadsheet chose."""

import codecs
import csv
import io
from collections.abc import Iterator

from pmcore.documents.cells import from_csv
from pmcore.documents.tracker_line import MAX_COLUMNS, Line, TrackerFileRefused
from pmcore.domain.errors import N_

_SEPARATORS = (",", ";", "\t")


def lines(data: bytes) -> Iterator[Line]:
    """Every record, blank ones too, so that the numbers are the spreadsheet's. Raises TrackerFileRefused."""
    text = _decoded(data)
    start = text.lstrip("\r\n").split("\n", 1)[0].strip()
    told = start[4:5] if start[:4].casefold() == "sep=" and len(start) == 5 else ""
    separator = told or max(_SEPARATORS, key=start.count)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, record in enumerate(records, start=1):
            if number == 1 and told:
                continue
            cells = tuple(from_csv(cell) for cell in record[:MAX_COLUMNS])
            calculated = frozenset(place for place, cell in enumerate(record[:MAX_COLUMNS]) if cell.startswith("="))
            yield Line(number=number, cells=cells, formulas=calculated)
    except csv.Error as error:
        raise TrackerFileRefused(
            N_("Line {line} of the file cannot be read as CSV. Save it from the spreadsheet again, as XLSX or CSV."),
            line=records.line_num,
        ) from error


def _decoded(data: bytes) -> str:
    """UTF-8, UTF-16 by its mark, else the code page in which Russian Excel saves CSV."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1251", errors="replace")
