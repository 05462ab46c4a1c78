"""What every workbook is made of: styles, cells with people's text that stays text, links, and the sheet "About"."""

from collections.abc import Sequence
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink

from pmcore.documents.cells import for_excel, is_formula_like

MAX_ROWS = 1_048_000  #: Excel's limit is a little above
MAX_LINKS = 65_000  #: Excel counts hyperlinks of a sheet up to 65,530; beyond, the address stands there as text

_DAY, _SHARE = "yyyy-mm-dd", "0%"


def styles_of(book: Any) -> dict[str, NamedStyle]:
    """Registered once: a style given cell by cell is looked up cell by cell."""
    found = {
        "header": NamedStyle("pm header", font=Font(bold=True), fill=PatternFill("solid", fgColor="FFE9EDF2")),
        "day": NamedStyle("pm day", number_format=_DAY),
        "share": NamedStyle("pm share", number_format=_SHARE),
        "link": NamedStyle("pm link", font=Font(color="FF164F9F", underline="single")),
        "wrapped": NamedStyle("pm wrapped", alignment=Alignment(wrap_text=True, vertical="top")),
    }
    found["header"].alignment = Alignment(wrap_text=True, vertical="center")
    for style in found.values():
        book.add_named_style(style)
    return found


def text(page: Any, value: str, style: NamedStyle | None = None) -> Any:
    """Text, also where it begins like a formula; the quote prefix keeps it so when somebody edits the cell."""
    cell = WriteOnlyCell(page, value=None)
    if style is not None:
        cell.style = style.name
    shown = for_excel(value)
    cell.value = shown or None
    if shown:
        cell.data_type = "s"
        if is_formula_like(shown):
            cell.quotePrefix = True
    return cell


def link(page: Any, address: str, styles: dict[str, NamedStyle], linked: bool) -> Any:
    if not linked or len(address) > 2_000:
        return text(page, address)
    cell = text(page, address, styles["link"])
    cell._hyperlink = Hyperlink(ref="A1", target=for_excel(address))  # the setter would look at the cell's place
    return cell


def about_page(book: Any, about: Sequence[tuple[str, str]], styles: dict[str, NamedStyle]) -> None:
    page = book.create_sheet("About")
    page.column_dimensions["A"].width = 30
    page.column_dimensions["B"].width = 90
    for name, said in about:
        page.append([text(page, name, styles["header"]), text(page, said, styles["wrapped"])])
