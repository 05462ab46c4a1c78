"""What both readers of an old tracker share: a line, the limits, and the refusal of a whole file."""

from dataclasses import dataclass

from pmcore.domain.errors import N_, PmError
from pmcore.domain.old_tracker import Cell

MAX_BYTES = 20_000_000  #: as the upload box says
MAX_ROWS = 20_000
MAX_COLUMNS = 60  #: looked at; a tracker has eleven


class TrackerFileRefused(PmError):
    """The file as a whole cannot be imported; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    number: int  #: as the spreadsheet counts, from 1
    cells: tuple[Cell, ...]
    formulas: frozenset[int] = frozenset()  #: places of cells that calculate

    @property
    def is_blank(self) -> bool:
        return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in self.cells)


def damaged() -> TrackerFileRefused:
    return TrackerFileRefused(
        N_("This file cannot be read as a workbook. Open it in a spreadsheet and save it as XLSX or CSV.")
    )


def too_large(megabytes: int) -> TrackerFileRefused:
    return TrackerFileRefused(
        N_("The file is larger than {megabytes} MB when unpacked. Split it by year and import the parts."),
        megabytes=megabytes,
    )


def too_many_rows() -> TrackerFileRefused:
    return TrackerFileRefused(
        N_("The file has more than {most} rows; more cannot be imported at once. Split it by year."),
        most=f"{MAX_ROWS:,}",
    )
