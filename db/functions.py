"""SQL functions that the two engines spell differently."""

from typing import Any

from sqlalchemy import ColumnElement, Float, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


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
