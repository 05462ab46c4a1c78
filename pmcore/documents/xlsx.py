"""The tracker as an Excel workbook, written row by row so that its size costs no memory."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter

from pmcore.documents.tracker_sheet import ITEM_HEADINGS, Sheet, Value, columns, item_values, tracker_values
from pmcore.documents.workbook import MAX_ROWS, about_page, styles_of, text
from pmcore.documents.xlsx_cells import Cells
from pmcore.documents.xlsx_links import Links
from pmcore.domain.tracker import STATUS_WORDS
from pmcore.domain.vocabulary import PostmortemStatus
from pmcore.words import _

_TRACKER = "Tracker"
_TRACKER_WIDTHS = (13, 12, 24, 12, 26, 24, 12, 12, 14, 14, 46)
_ITEM_WIDTHS = (14, 46, 15, 16, 24, 14, 13, 13, 13, 40, 30, 30, 40)
_SHARE_COLUMN = 9
_STATUS_COLUMN = "G"

#: Fill and font, readable in print without colour too: the word stands beside.
_STATUS_COLOURS = {
    PostmortemStatus.DRAFT: ("FFE9EDF2", "FF434D5A"),
    PostmortemStatus.IN_REVIEW: ("FFFDEED8", "FF8A3F04"),
    PostmortemStatus.PUBLISHED: ("FFDFF5E6", "FF0F5C2D"),
    PostmortemStatus.CLOSED: ("FFEEE7FB", "FF54309A"),
}


def write(sheet: Sheet, path: Path) -> int:
    """Write the three sheets; returns the number of post-mortems."""
    book = Workbook(write_only=True)
    styles = styles_of(book)
    written = _table(
        book, _TRACKER, columns(), _TRACKER_WIDTHS, (tracker_values(row, sheet.address) for row in sheet.rows), styles
    )
    _table(
        book, "Action items", ITEM_HEADINGS, _ITEM_WIDTHS,
        (item_values(item, sheet.address) for item in sheet.items()), styles,
    )  # fmt: skip
    about_page(book, (*sheet.about, (_("Rows"), str(written))), styles)
    book.save(path)
    return written


def write_template(path: Path, about: Sequence[tuple[str, str]]) -> None:
    """An empty tracker with its header, to be filled and imported."""
    book = Workbook(write_only=True)
    styles = styles_of(book)
    _table(book, _TRACKER, columns(), _TRACKER_WIDTHS, (), styles)
    about_page(book, about, styles)
    book.save(path)


def _table(
    book: Any,
    title: str,
    headings: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[Value]],
    styles: dict[str, NamedStyle],
) -> int:
    page = book.create_sheet(title)
    for place, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.freeze_panes = "B2"
    if title == _TRACKER:
        for status, (fill, ink) in _STATUS_COLOURS.items():
            rule = CellIsRule(
                operator="equal", formula=[f'"{STATUS_WORDS[status]}"'],
                fill=PatternFill("solid", bgColor=fill), font=Font(color=ink),
            )  # fmt: skip
            page.conditional_formatting.add(f"{_STATUS_COLUMN}2:{_STATUS_COLUMN}{MAX_ROWS}", rule)
    page.append([text(page, heading, styles["header"]) for heading in headings])
    links = Links()
    links.put_into(page)
    cells = Cells(page, styles, links, share_column=_SHARE_COLUMN if title == _TRACKER else 0)
    count = 0
    for row in rows:
        if count == MAX_ROWS:
            break
        page.append(cells.row(count + 2, row))
        count += 1
    page.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{count + 1}"
    return count
