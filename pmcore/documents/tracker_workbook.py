"""An old tracker in an XLSX workbook, read row by row; nothing in it is calculated, run or followed."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from pmcore.documents.cells import from_excel
from pmcore.documents.tracker_line import MAX_COLUMNS, Line, TrackerFileRefused, damaged, too_large
from pmcore.domain.errors import N_, PmError
from pmcore.domain.old_tracker import Cell

MAX_UNPACKED = 150_000_000  #: bytes of all parts together, as the archive declares; it cannot give more
MAX_STRINGS = 40_000_000  #: bytes of the shared strings, which are held in memory
MAX_PARTS = 2_000

_HYPERLINK = re.compile(rb"<(?:\w+:)?hyperlink\s([^>]*)>")
_REF = re.compile(rb'\bref="([A-Z]{1,3})(\d{1,7})"')
_REL = re.compile(rb'\b\w+:id="([^"]+)"')


def is_archive(data: bytes) -> bool:
    return data.startswith(b"PK")


def is_old_binary(data: bytes) -> bool:
    """Excel's format before 2007, or any workbook behind a password."""
    return data.startswith(b"\xd0\xcf\x11\xe0")


def lines(data: bytes) -> Iterator[Line]:
    """The rows of the sheet "Tracker", or of the first one. Raises TrackerFileRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _guard(archive)
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            sheet: Any = next((page for page in book.worksheets if page.title.casefold() == "tracker"), None)
            sheet = sheet or book.worksheets[0]
            links = _links(archive, sheet._worksheet_path)
            sheet.reset_dimensions()  # what the file says of its size is not believed
            for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
                yield _line(number, row, links)
    except PmError:
        raise
    except (
        zipfile.BadZipFile, InvalidFileException, ElementTree.ParseError, SyntaxError, ArithmeticError, LookupError,
        TypeError, ValueError, AttributeError, NotImplementedError, EOFError, OSError, RuntimeError,
    ) as error:  # fmt: skip
        raise damaged() from error


def _guard(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise too_large(MAX_UNPACKED // 1_000_000)
    if any(part.file_size > MAX_STRINGS for part in parts if part.filename.endswith("sharedStrings.xml")):
        raise too_large(MAX_UNPACKED // 1_000_000)
    names = {part.filename.casefold() for part in parts}
    kinds = archive.read("[Content_Types].xml") if "[content_types].xml" in names else b""
    if b"macroEnabled" in kinds or any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise TrackerFileRefused(
            N_("This workbook contains macros, so it is not opened. Save it as XLSX without macros, or as CSV.")
        )
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as file:
                if b"<!DOCTYPE" in file.read(4_096):
                    raise damaged()


def _line(number: int, row: tuple[Any, ...], links: dict[tuple[int, int], str]) -> Line:
    cells: list[Cell] = []
    formulas = set()
    for place, cell in enumerate(row):
        if cell.data_type == "f":
            formulas.add(place)
        cells.append(links.get((number, place)) or _value(cell))
    while cells and cells[-1] is None:
        cells.pop()
    return Line(number=number, cells=tuple(cells), formulas=frozenset(formulas))


def _value(cell: Any) -> Cell:
    value = cell.value
    if value is None or isinstance(value, bool | date | datetime):
        return value
    if isinstance(value, str):
        return from_excel(value)
    if isinstance(value, int | float):
        if "%" in (cell.number_format or ""):
            return f"{(Decimal(repr(value)) * 100).normalize():f}%"
        return value
    return str(value)


def _links(archive: zipfile.ZipFile, part: str) -> dict[tuple[int, int], str]:
    """Where each cell's hyperlink leads: a cell may show "Document" and mean an address. (row, place) -> address."""
    part = part.lstrip("/")
    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in archive.namelist():
        return {}
    root = ElementTree.fromstring(archive.read(relations))
    targets = {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in root
        if relation.get("TargetMode") == "External" and relation.get("Type", "").endswith("/hyperlink")
    }
    if not targets:
        return {}
    xml = archive.read(part)
    found = {}
    for match in _HYPERLINK.finditer(xml, max(0, xml.rfind(b"sheetData>"))):
        ref, relation_id = _REF.search(match[1]), _REL.search(match[1])
        if ref and relation_id and (target := targets.get(relation_id[1].decode(errors="replace"))):
            found[int(ref[2]), _place(ref[1].decode())] = target
    return found


def _place(letters: str) -> int:
    """ "A" is 0, "K" is 10."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1
