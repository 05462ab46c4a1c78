"""SQL functions that the two engines spell differently."""

from typing import Any

from sqlalchemy import ColumnElement, Float
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
