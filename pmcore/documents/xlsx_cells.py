"""The cells of one sheet of a large workbook: plain values where no style is needed, else one cell for all of a style.

openpyxl writes each cell before it asks for the next, so a cell may be used again; making one, and looking up its style
by name, takes as long as writing it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.styles import NamedStyle
from openpyxl.utils.datetime import to_excel

from pmcore.documents.cells import for_excel
from pmcore.documents.tracker_sheet import Value
from pmcore.documents.workbook import text
from pmcore.documents.xlsx_links import Links

_ADDRESSES = ("http://", "https://")


class _Quiet(Cell):  # type: ignore[misc]  # openpyxl has no types
    """openpyxl tells a cell from a value by a refusal that names it, cell by cell; this name costs nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "cell"


class Cells:
    """`share_column`, from 1, holds a part of a whole."""

    def __init__(self, page: Any, styles: dict[str, NamedStyle], links: Links, *, share_column: int = 0) -> None:
        self._page, self._links, self._share_column = page, links, share_column
        self._day, self._share, self._link = (self._styled(styles[name]) for name in ("day", "share", "link"))

    def _styled(self, style: NamedStyle) -> Any:
        cell = _Quiet(self._page)
        cell.style = style.name
        return cell

    def row(self, number: int, values: Sequence[Value]) -> Iterator[Any]:
        """For `append`; each is to be written before the next is asked for."""
        for column, value in enumerate(values, start=1):
            if isinstance(value, str):
                yield self._text(number, column, value)
            elif isinstance(value, date):
                self._day.value = _serial(value)
                yield self._day
            elif isinstance(value, Decimal) and column == self._share_column:
                self._share.value = value
                yield self._share
            else:
                yield value

    def _text(self, number: int, column: int, value: str) -> Any:
        shown = for_excel(value)
        if not shown:
            return None
        if shown.startswith(_ADDRESSES) and self._links.add(number, column, shown):
            self._link.value = shown
            return self._link
        # What begins with a letter or a digit is neither a formula nor a spreadsheet's word for an error.
        return shown if shown[0].isalnum() else text(self._page, value)


@lru_cache(maxsize=4096)
def _serial(day: date) -> int:
    return int(to_excel(day))
