"""Write everything that people entered as JSON Lines, from one consistent moment."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, func, select

from db.transfer.form import FORMAT, VERSION, Shape, shapes, written
from db.upgrade import newest_revision

ROWS_AT_ONCE = 100  #: held in memory; some are long
FILES_AT_ONCE = 1  #: of a table with bytes


def dump(engine: Engine, *, progress: Callable[[int, int], None] = lambda done, total: None) -> Iterator[str]:
    """Yield the lines, each ending in a line feed. `progress` is called with rows done and rows in all."""
    isolation = "SERIALIZABLE" if engine.dialect.name == "sqlite" else "REPEATABLE READ"
    with engine.connect().execution_options(isolation_level=isolation) as connection, connection.begin():
        counts = {shape.table.name: _count(connection, shape) for shape in shapes()}
        total = sum(counts.values())
        yield _line({"format": FORMAT, "version": VERSION, "schema": newest_revision(), "rows": counts})
        done = 0
        for shape in shapes():
            for row in _rows(connection, shape, shape.columns):
                yield _line({"table": shape.table.name, "row": row})
                done += 1
                if done % 1000 == 0:
                    progress(done, total)
        for shape in shapes():
            yield from _links(connection, shape)
        progress(total, total)
        yield _line({"end": total})


def _count(connection: Connection, shape: Shape) -> int:
    return connection.execute(select(func.count()).select_from(shape.table)).scalar_one()


def _rows(connection: Connection, shape: Shape, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    table = shape.table
    asked = select(*(table.c[name] for name in columns)).order_by(*(table.c[name] for name in shape.key))
    has_bytes = any(isinstance(table.c[name].type, LargeBinary) for name in columns)
    at_once = FILES_AT_ONCE if has_bytes else ROWS_AT_ONCE
    for row in connection.execution_options(yield_per=at_once).execute(asked):
        yield {name: written(value) for name, value in zip(columns, row, strict=True)}


def _links(connection: Connection, shape: Shape) -> Iterator[str]:
    for column in shape.forward:
        for row in _rows(connection, shape, (*shape.key, column)):
            if row[column] is not None:
                key = {name: row[name] for name in shape.key}
                yield _line({"table": shape.table.name, "key": key, "link": {column: row[column]}})


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
