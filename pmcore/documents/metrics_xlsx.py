"""Writes the workbook of the metrics, row by row, with its formulas alive."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import NamedStyle
from openpyxl.utils import get_column_letter

from pmcore.documents.metrics_sheet import (
    FIGURES,
    FIRST,
    ROWS,
    Cell,
    Formula,
    MetricsSheet,
    Span,
    figure_cells,
    figure_headings,
    in_order,
    row_cells,
    row_headings,
)
from pmcore.documents.workbook import MAX_LINKS, MAX_ROWS, about_page, link, styles_of, text
from pmcore.domain.metrics import DEFINITIONS, Metric, Unit
from pmcore.words import _
from pmcore.words.metrics import has_rows

_FIGURE_WIDTHS = (24, 11, 9, 9, 10, 10, 10, 26, 30, 14, 30, 10, 26)
_ROW_WIDTHS = (22, 15, 12, 40, 10, 22, 7, 7, 34, 11, 12, 12, 12, 30, 40, 14, 40)
_SHARES = (5, 6, 7)  #: columns of the figures that are shares, whatever the unit
_VALUES = (2, 10)
_FORMATS = {Unit.SHARE: "0.0%", Unit.HOURS: "0", Unit.SECONDS: "0", Unit.PER_POSTMORTEM: "0.00", Unit.SCORE: "0.00"}


def write(sheet: MetricsSheet, path: Path) -> int:
    """Figures, rows, and what they mean; returns the number of rows."""
    book = Workbook(write_only=True)
    book.calculation.fullCalcOnLoad = True  # nothing is calculated here; whoever opens it does
    styles = styles_of(book)
    figures, rows = book.create_sheet(FIGURES), book.create_sheet(ROWS)
    _begin(rows, row_headings(), _ROW_WIDTHS, styles)
    spans: dict[Metric, Span] = {}
    at = FIRST
    for metric in Metric:
        if has_rows(metric):
            spans[metric], at = _rows(rows, sheet, metric, at, styles)
    rows.auto_filter.ref = f"A1:{get_column_letter(len(_ROW_WIDTHS))}{max(FIRST, at - 1)}"
    _figures(figures, sheet, spans, styles)
    about_page(book, sheet.about, styles)
    book.save(path)
    return at - FIRST


def _begin(page: Any, headings: Iterable[str], widths: Iterable[int], styles: dict[str, NamedStyle]) -> None:
    for place, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.freeze_panes = "B2"
    page.append([text(page, heading, styles["header"]) for heading in headings])


def _rows(
    page: Any, sheet: MetricsSheet, metric: Metric, first: int, styles: dict[str, NamedStyle]
) -> tuple[Span, int]:
    """Where those stand that the figure is calculated from, and the first row below all of them."""
    listed: Iterable[tuple[Any, bool]] = in_order(metric, sheet.rows(metric))
    curve = None
    if metric is Metric.TIME_TO_PUBLISH:
        listed = list(listed)
        curve = Span(first=first, last=first + sum(counts for _row, counts in listed) - 1)
    at, last = first, first - 1
    for row, counts in listed:
        if at > MAX_ROWS:
            break
        cells = row_cells(metric, row, sheet, at=at, curve=curve if counts else None)
        page.append([_cell(page, cell, styles, linked=at < MAX_LINKS) for cell in cells])
        last = at if counts else last
        at += 1
    return Span(first=first, last=last), at


def _figures(page: Any, sheet: MetricsSheet, spans: dict[Metric, Span], styles: dict[str, NamedStyle]) -> None:
    _begin(page, figure_headings(), _FIGURE_WIDTHS, styles)
    z_at = FIRST + len(Metric) + 1
    for at, metric in enumerate(Metric, start=FIRST):
        cells = figure_cells(sheet.view, metric, spans.get(metric), at=at, z=f"$B${z_at}")
        made = [_cell(page, cell, styles, linked=False) for cell in cells]
        for place in (*_SHARES, *_VALUES):
            made[place - 1].number_format = "0.0%" if place in _SHARES else _FORMATS[DEFINITIONS[metric].unit]
        page.append(made)
    page.append([])
    page.append([text(page, _("Quantile of the 95 % interval")), _formula(page, "=NORMSINV(0.975)")])


def _cell(page: Any, cell: Cell, styles: dict[str, NamedStyle], *, linked: bool) -> Any:
    if isinstance(cell, Formula):
        return _formula(page, cell.text)
    if isinstance(cell, str):
        return link(page, cell, styles, linked) if cell.startswith(("http://", "https://")) else text(page, cell)
    made = WriteOnlyCell(page, value=cell)
    if isinstance(cell, date):
        made.style = styles["day"].name
    return made


def _formula(page: Any, calculation: str) -> Any:
    return WriteOnlyCell(page, value=calculation)
