"""SQL functions that the two engines spell differently, and lists that stand in a statement as they are.

A list of values makes SQLAlchemy write the whole statement anew each time it is asked, which takes longer than many an
answer.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Float, Integer, bindparam, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from db.types import Json


class hours_between(FunctionElement[float]):  # noqa: N801 - a SQL function's name
    """`hours_between(earlier, later)`: hours with their fraction, negative when the order is reversed."""

    type = Float()
    inherit_cache = True
    name = "hours_between"

    def __init__(self, earlier: ColumnElement[Any] | Any, later: ColumnElement[Any] | Any) -> None:
        super().__init__(earlier, later)


@compiles(hours_between, "sqlite")
def _on_sqlite(element: hours_between, compiler: SQLCompiler, **kwargs: Any) -> str:
    earlier, later = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"((julianday({later}) - julianday({earlier})) * 24.0)"


@compiles(hours_between, "postgresql")
def _on_postgresql(element: hours_between, compiler: SQLCompiler, **kwargs: Any) -> str:
    earlier, later = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"(extract(epoch from ({later} - {earlier})) / 3600.0)"


class seconds_between(FunctionElement[int]):  # noqa: N801 - a SQL function's name
    """`seconds_between(earlier, later)`: whole seconds, the same on both engines; negative when the order is reversed.

    Each moment counts from its second on, so fractions of a second are left away before and not after.
    """

    type = Integer()
    inherit_cache = True
    name = "seconds_between"

    def __init__(self, earlier: ColumnElement[Any] | Any, later: ColumnElement[Any] | Any) -> None:
        super().__init__(earlier, later)


@compiles(seconds_between, "sqlite")
def _seconds_on_sqlite(element: seconds_between, compiler: SQLCompiler, **kwargs: Any) -> str:
    earlier, later = (compiler.process(clause, **kwargs) for clause in element.clauses)
    # SQLite rounds .9996 of a second up; what stands after the second is cut off.
    later, earlier = (f"cast(strftime('%s', substr({moment}, 1, 19)) as integer)" for moment in (later, earlier))
    return f"({later} - {earlier})"


@compiles(seconds_between, "postgresql")
def _seconds_on_postgresql(element: seconds_between, compiler: SQLCompiler, **kwargs: Any) -> str:
    earlier, later = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"(floor(extract(epoch from {later}))::bigint - floor(extract(epoch from {earlier}))::bigint)"


class _numbers_in(FunctionElement[int]):  # noqa: N801 - a SQL function's name
    """The numbers of a JSON list, as the right side of IN."""

    type = Integer()
    inherit_cache = True
    name = "numbers_in"


@compiles(_numbers_in, "sqlite")
def _numbers_on_sqlite(element: _numbers_in, compiler: SQLCompiler, **kwargs: Any) -> str:
    text = compiler.process(element.clauses, **kwargs)
    return f"(SELECT value FROM json_each({text}))"  # noqa: S608 - a placeholder


@compiles(_numbers_in, "postgresql")
def _numbers_on_postgresql(element: _numbers_in, compiler: SQLCompiler, **kwargs: Any) -> str:
    text = compiler.process(element.clauses, **kwargs)
    return f"(SELECT CAST(each AS integer) FROM json_array_elements_text(CAST({text} AS json)) AS each)"  # noqa: S608


def is_among(column: Any, name: str) -> ColumnElement[bool]:
    """Whether a number is in the list that is filled in as `name`."""
    found: ColumnElement[bool] = column.op("IN", is_comparison=True)(_numbers_in(bindparam(name, type_=Json())))
    return found


def is_one_of(column: Any, words: Collection[str]) -> ColumnElement[bool]:
    """Whether a text is one of these words of ours, which stand in the statement and have no quotes."""
    said = ", ".join(f"'{word!s}'" for word in words)
    found: ColumnElement[bool] = column.op("IN", is_comparison=True)(literal_column(f"({said})"))
    return found
