"""A row of the tracker sheet that a team kept before: what each cell must hold, and what becomes of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TypeVar
from urllib.parse import urlsplit

from pmcore.domain.content import clean
from pmcore.domain.errors import N_, PmError
from pmcore.domain.tracker import HEADINGS, STATUS_WORDS, TrackerColumn
from pmcore.domain.vocabulary import PostmortemStatus, Severity

MAX_CELL = 500  #: characters
MAX_MINUTES = 366 * 24 * 60  #: a year: longer is a slip
MAX_ITEMS = 1_000

_PUBLIC_ID = re.compile(r"P[012]-[0-9]{1,6}", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_WHOLE = r"\d{1,3}(?:,\d{3}){1,3}|\d{1,9}"
_OURS = re.compile(rf"(?:(?P<users>{_WHOLE}) users?)?(?: / )?(?:\$(?P<usd>(?:{_WHOLE})(?:\.\d{{2}})?))?")

_STATUSES: dict[str, PostmortemStatus] = {
    **{word.casefold(): status for status, word in STATUS_WORDS.items()},
    "in review": PostmortemStatus.IN_REVIEW,
    "reviewed": PostmortemStatus.IN_REVIEW,
}

Cell = str | int | float | bool | date | datetime | None
"""What a sheet keeps in a cell; a CSV file keeps strings only."""

_T = TypeVar("_T")


class CellProblem(PmError):
    """A cell cannot be taken over; `row` is the sheet's row number, `column` the heading."""

    def __init__(self, sentence: str, /, *, row: int, column: TrackerColumn, **values: object) -> None:
        super().__init__(sentence, field=column, **values)
        self.row = row
        self.column = column

    @property
    def heading(self) -> str:
        return HEADINGS[self.column]


class _Unfit(PmError):
    """Raised by the reader of one cell, which does not know where the cell stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OldPostmortem:
    """One row, checked by itself; whether it fits what is in the database is checked by the use case."""

    row: int  #: in the sheet, for what is said about it
    public_id: str
    severity: Severity
    on: date
    service: str
    duration_seconds: int | None
    impact: str
    customers_affected: int | None  #: where the impact is written as our own export writes it
    revenue_loss_usd: Decimal | None
    author: str
    status: PostmortemStatus
    items_total: int
    items_done: int
    published_on: date | None
    document_url: str


def read_row(row: int, cells: Mapping[TrackerColumn, Cell]) -> tuple[OldPostmortem | None, tuple[CellProblem, ...]]:
    """The row, or everything that is wrong with it. A percentage comes as 0 to 100."""
    problems: list[CellProblem] = []

    def taken(column: TrackerColumn, read: Callable[[Cell], _T], otherwise: _T) -> _T:
        try:
            return read(cells.get(column))
        except PmError as unfit:
            problems.append(CellProblem(unfit.sentence, row=row, column=column, **unfit.values))
            return otherwise

    public_id = taken(TrackerColumn.INCIDENT_ID, _public_id, "P2-0")
    on = taken(TrackerColumn.DATE, _needed_day, date.min)
    service = taken(TrackerColumn.SERVICE, _needed_text, "")
    duration = taken(TrackerColumn.DURATION, _seconds, None)
    impact = taken(TrackerColumn.IMPACT, _text, "")
    author = taken(TrackerColumn.AUTHOR, _text, "")
    status = taken(TrackerColumn.STATUS, _status, PostmortemStatus.DRAFT)
    total = taken(TrackerColumn.ITEMS, _count, 0)
    percent = taken(TrackerColumn.ITEMS_DONE, _percent, None)
    published = taken(TrackerColumn.PUBLISHED, _day, None)
    url = taken(TrackerColumn.LINK, _url, "")
    if not problems:
        problems += _together(row, status=status, on=on, total=total, percent=percent, published=published)
    if problems:
        return None, tuple(problems)
    users, usd = figures(impact)
    done = int((Decimal(total) * (percent or Decimal(0)) / 100).to_integral_value(ROUND_HALF_UP))
    return (
        OldPostmortem(
            row=row, public_id=public_id, severity=Severity(public_id[:2]), on=on, service=service,
            duration_seconds=duration, impact=impact, customers_affected=users, revenue_loss_usd=usd, author=author,
            status=status, items_total=total, items_done=done, published_on=published, document_url=url,
        ),
        (),
    )  # fmt: skip


def figures(impact: str) -> tuple[int | None, Decimal | None]:
    """Users and dollars, where the text is just these; anything else stays text and the figures unknown."""
    found = _OURS.fullmatch(impact)
    if not impact or not found:
        return None, None
    users, usd = (part and part.replace(",", "") for part in (found["users"], found["usd"]))
    return (int(users) if users else None), (Decimal(usd) if usd else None)


def _together(
    row: int, *, status: PostmortemStatus, on: date, total: int, percent: Decimal | None, published: date | None
) -> list[CellProblem]:
    """What only several cells can get wrong."""
    problems = []
    is_out = status in (PostmortemStatus.PUBLISHED, PostmortemStatus.CLOSED)
    if is_out and published is None:
        problems.append((TrackerColumn.PUBLISHED, N_("A published post-mortem needs the day of its publication.")))
    if not is_out and published is not None:
        problems.append((TrackerColumn.STATUS, N_("There is a published date, so the status should be Published.")))
    if published is not None and published < on:
        problems.append((TrackerColumn.PUBLISHED, N_("It cannot have been published before the incident.")))
    if percent and not total:
        problems.append((TrackerColumn.ITEMS, N_("A completed share needs a count of action items.")))
    return [CellProblem(sentence, row=row, column=column) for column, sentence in problems]


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(clean("" if cell is None else str(cell), longest=MAX_CELL).split())


def _needed_text(cell: Cell) -> str:
    if not (text := _text(cell)):
        raise _Unfit(N_("This cell is empty and must not be."))
    return text


def _public_id(cell: Cell) -> str:
    text = _needed_text(cell)
    if not _PUBLIC_ID.fullmatch(text.upper()):
        raise _Unfit(
            N_("“{value}” is no incident id. Write it as P0-012; the letters say the severity."), value=text[:40]
        )
    return text


def _needed_day(cell: Cell) -> date:
    day = _day(cell)
    if day is None:
        raise _Unfit(N_("This cell is empty and must not be."))
    return day


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    if not text:
        return None
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DOTTED.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    raise _Unfit(N_("“{value}” is no date. Write it as 2025-12-14."), value=text[:40])


def _number(cell: Cell, text: str) -> Decimal:
    plain = text.replace("\u00a0", "").replace(" ", "")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(cell, bool | date) or not number.is_finite():
        raise _Unfit(N_("“{value}” is no number."), value=text[:40])
    if number < 0:
        raise _Unfit(N_("{value} is negative; this cannot be."), value=text[:40])
    return number


def _seconds(cell: Cell) -> int | None:
    if not (text := _text(cell)):
        return None
    number = _number(cell, text)
    if number > MAX_MINUTES:
        raise _Unfit(N_("{value} minutes are more than a year. Is the number in minutes?"), value=text[:40])
    return int((number * 60).to_integral_value(ROUND_HALF_UP))


def _count(cell: Cell) -> int:
    if not (text := _text(cell)):
        return 0
    number = _number(cell, text)
    if number != number.to_integral_value() or number > MAX_ITEMS:
        raise _Unfit(N_("“{value}” is no count of action items."), value=text[:40])
    return int(number)


def _percent(cell: Cell) -> Decimal | None:
    if not (text := _text(cell)):
        return None
    number = _number(cell, text.removesuffix("%"))
    if 0 < number < 1 and not text.endswith("%"):
        number *= 100  # a share, as spreadsheets keep percentages
    if number > 100:
        raise _Unfit(N_("{value} % is more than everything. Write 0 to 100."), value=text.removesuffix("%")[:40])
    return number


def _status(cell: Cell) -> PostmortemStatus:
    text = _needed_text(cell)
    word = "".join(letter for letter in text if letter.isalpha() or letter == " ").strip().casefold()
    if word not in _STATUSES:
        raise _Unfit(N_("“{value}” is no status. Write Draft, Review, Published or Closed."), value=text[:40])
    return _STATUSES[word]


def _url(cell: Cell) -> str:
    text = _text(cell)
    if not text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or " " in text:
        raise _Unfit(N_("“{value}” is no link. It has to start with https:// or http://."), value=text[:40])
    return text
