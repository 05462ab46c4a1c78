"""The hyperlinks of one sheet: openpyxl's own take two kilobytes each until the workbook is saved.

Kept are two numbers a link, and each address once; many cells lead to the same one.
"""

from array import array
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from openpyxl.utils import get_column_letter
from openpyxl.xml.constants import PKG_REL_NS, REL_NS

MAX_LINKS = 65_000  #: Excel counts hyperlinks of a sheet up to 65,530; beyond, the address stands there as text
MAX_ADDRESSES = 5_000  #: as many as fit into some megabytes
_LONGEST = 2_000
_COLUMNS = 64


class Links:
    """Of one sheet; in the end it stands in for the list of the sheet's relations, too."""

    def __init__(self) -> None:
        self._cells, self._numbers = array("L"), array("L")
        self._addresses: dict[str, int] = {}

    def add(self, row: int, column: int, address: str) -> bool:
        """Whether the cell becomes a link; both are counted from 1."""
        if len(address) > _LONGEST or len(self._cells) == MAX_LINKS:
            return False
        if address not in self._addresses and len(self._addresses) == MAX_ADDRESSES:
            return False
        self._cells.append(row * _COLUMNS + column)
        self._numbers.append(self._addresses.setdefault(address, len(self._addresses) + 1))
        return True

    def put_into(self, page: Any) -> None:
        """A sheet that has its first row: they are written when it is closed."""
        page._writer.write_hyperlinks = lambda: self._write(page._writer)
        page._writer._rels = self

    def _write(self, writer: Any) -> None:
        if not self._cells:
            return
        file = writer.xf.send(True)
        with file.element("hyperlinks", nsmap={"r": REL_NS}):
            for cell, number in zip(self._cells, self._numbers, strict=True):
                row, column = divmod(cell, _COLUMNS)
                named = {"ref": f"{get_column_letter(column)}{row}", f"{{{REL_NS}}}id": f"rId{number}"}
                file.write(Element("hyperlink", named))
        writer.xf.send(None)

    def __len__(self) -> int:
        return len(self._addresses)

    def __iter__(self) -> Iterator[Any]:
        """What openpyxl looks through for drawings."""
        return iter(())

    def to_tree(self) -> Element:
        tree = Element("Relationships", xmlns=PKG_REL_NS)
        for address, number in self._addresses.items():
            SubElement(
                tree, "Relationship", Type=f"{REL_NS}/hyperlink", Target=address, TargetMode="External",
                Id=f"rId{number}",
            )  # fmt: skip
        return tree
