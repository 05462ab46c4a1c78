"""The survey as Excel and CSV: what the page tells of closed rounds. It is given results, never answers."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from pmcore.documents.cells import for_csv, for_excel, is_formula_like
from pmcore.domain.survey import Quarter, Remark
from pmcore.domain.survey_questions import BY_KEY, REMARK_QUESTIONS, SCALE_NAMES, SurveyScale
from pmcore.domain.survey_results import LEAST_ANSWERS, TARGET
from pmcore.readmodels.survey import PastRound
from pmcore.words import _, times

Value = str | int | float | None
Remarks = Mapping[Quarter, Sequence[Remark]]  #: of rounds whose texts this person may read


def round_rows(past: Iterable[PastRound]) -> Iterator[tuple[Value, ...]]:
    """A row a round. What may not be told is empty."""
    for found in past:
        scales = [found.scale(scale) for scale in SurveyScale]
        yield (
            str(found.quarter), found.invited, found.answered, found.response_rate,
            *(value for told in scales for value in ((round(told.mean, 2), told.favourable) if told else (None, None))),
        )  # fmt: skip


def round_headings() -> tuple[str, ...]:
    return (
        _("Quarter"), _("Asked"), _("Answered"), _("Response rate"),
        *(
            heading
            for scale in SurveyScale
            for heading in (_(SCALE_NAMES[scale]), f"{_(SCALE_NAMES[scale])}, {_('favourable share')}")
        ),
    )  # fmt: skip


def question_rows(past: Iterable[PastRound]) -> Iterator[tuple[Value, ...]]:
    """A row a round and question, of scales that may be told."""
    for found in past:
        for scale in SurveyScale:
            if (told := found.scale(scale)) is not None:
                for key, one in told.questions.items():
                    yield (
                        str(found.quarter), _(SCALE_NAMES[scale]), _(BY_KEY[key].sentence),
                        _("yes") if BY_KEY[key].is_reversed else _("no"), *one.counts, one.favourable,
                    )  # fmt: skip


def question_headings() -> tuple[str, ...]:
    return (
        _("Quarter"), _("Part"), _("Question"), _("turned"), "1", "2", "3", "4", "5", _("favourable share"),
    )  # fmt: skip


def about(*, workspace: str, at: datetime, zone: str) -> tuple[tuple[str, str], ...]:
    return (
        (_("Workspace"), workspace),
        (_("Made"), times.moment(at, zone)),
        (
            _("Figures"),
            _(
                "Means of the people's means, from 1 to 5; the target is above {target}. Favourable is 4 or 5. "
                "“Turned” questions count the other way round."
            ).format(target=TARGET),
        ),
        (
            _("Empty cells"),
            _(
                "Fewer than {least} people answered. Sums over several quarters are left out, because the difference "
                "would tell what is empty."
            ).format(least=LEAST_ANSWERS),
        ),
    )


def write_csv(past: Sequence[PastRound], path: Path) -> None:
    """The rounds. The questions and the texts are in the workbook."""
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        out = csv.writer(file)
        out.writerow(round_headings())
        for row in round_rows(past):
            out.writerow([for_csv(value) if isinstance(value, str) else value for value in row])


def write_xlsx(past: Sequence[PastRound], remarks: Remarks, said: Sequence[tuple[str, str]], path: Path) -> None:
    book = Workbook(write_only=True)
    shares = {4, 6, 8}
    _sheet(book, _("Rounds"), round_headings(), round_rows(past), (12, 10, 12, 15, 24, 24, 24, 24), shares)
    _sheet(
        book, _("Questions"), question_headings(), question_rows(past), (12, 28, 60, 10, 6, 6, 6, 6, 6, 18), {10}
    )  # fmt: skip
    texts = [
        (str(quarter), _(REMARK_QUESTIONS[one.kind]), one.text) for quarter, told in remarks.items() for one in told
    ]
    if texts:
        _sheet(book, _("In their own words"), (_("Quarter"), _("Question"), _("Text")), texts, (12, 34, 100), set())
    _sheet(book, _("About"), (_("What"), _("Is")), said, (24, 100), set())
    book.save(path)


def _sheet(
    book: Any,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Value]],
    widths: Sequence[int],
    shares: set[int],
) -> None:
    """`shares`: columns, from 1, that hold a share."""
    page = book.create_sheet(title[:31])
    for place, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.freeze_panes = "A2"
    page.append([_cell(page, heading, is_heading=True) for heading in headings])
    for row in rows:
        page.append([_cell(page, value, is_share=place in shares) for place, value in enumerate(row, start=1)])


def _cell(page: Any, value: Value, *, is_heading: bool = False, is_share: bool = False) -> Any:
    """Text stays text, also where it begins like a formula."""
    cell = WriteOnlyCell(page, value=for_excel(value) or None if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s" if value else "n"
        cell.quotePrefix = is_formula_like(value)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if is_share:
        cell.number_format = "0%"
    if is_heading:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE9EDF2")
    return cell
