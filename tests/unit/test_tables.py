"""Tables are made once for the same rows, and never shown for others."""

from datetime import date

import pyarrow as pa
import pytest

from pages._ui import tables
from pmcore.words import speaking


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    tables._kept.clear()


def test_a_row_each_with_the_types_of_its_cells() -> None:
    rows = (("P0-001", date(2026, 3, 1), ["a"]), ("P0-002", None, []))
    made = tables.of("t", rows, lambda row: {"id": row[0], "on": row[1], "marks": row[2]})
    assert made.to_pydict() == {"id": ["P0-001", "P0-002"], "on": [date(2026, 3, 1), None], "marks": [["a"], []]}
    assert made.schema.field("on").type == pa.date32()


def test_is_made_once_for_the_same_rows() -> None:
    rows, made = (1, 2), []

    def cells(row: int) -> dict[str, int]:
        made.append(row)
        return {"n": row}

    assert tables.of("t", rows, cells) is tables.of("t", rows, cells)
    assert made == [1, 2]


def test_equal_rows_that_were_read_anew_are_made_anew() -> None:
    first, second = [1], [1]
    assert tables.of("t", first, lambda row: {"n": row}) is not tables.of("t", second, lambda row: {"n": row})


def test_each_language_and_each_table_has_its_own() -> None:
    rows = (1,)
    with speaking("ru"):
        russian = tables.of("t", rows, lambda _: {"said": "да"})
    english = tables.of("t", rows, lambda _: {"said": "yes"})
    other = tables.of("u", rows, lambda _: {"said": "so"})
    assert [table["said"][0].as_py() for table in (russian, english, other)] == ["да", "yes", "so"]


def test_keeps_no_more_than_it_says() -> None:
    sources = [(number,) for number in range(tables.MOST * 2)]
    for source in sources:
        tables.once("t", source, lambda: None)
    assert len(tables._kept) <= tables.MOST


def test_what_is_asked_for_stays_when_others_come() -> None:
    mine, made = (0,), []
    for number in range(tables.MOST * 2):
        tables.once("t", (number,), lambda: None)
        tables.once("mine", mine, lambda: made.append(1))
    assert made == [1]
