"""Read a dump into an empty database: all of it or nothing, line by line, naming the line at fault."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import DataError, IntegrityError, StatementError

from db.engine import storage_errors
from db.transfer.form import FORMAT, VERSION, Shape, read, shapes
from pmcore.domain.errors import N_, PmError

BATCH = 500

Progress = Callable[[int, int], None]
Numbered = tuple[int, dict[str, Any]]


class CannotLoad(PmError):
    """The dump was refused; nothing was changed."""


def load(engine: Engine, lines: Iterable[str], *, progress: Progress = lambda done, total: None) -> int:
    """Fill an empty, migrated database; returns the number of rows. Raises CannotLoad, StorageBusy, StorageFull."""
    with storage_errors(), engine.execution_options(writes=True).begin() as connection:
        _refuse_unless_empty(connection)
        rows = _load(connection, enumerate(lines, start=1), progress)
        _move_sequences(connection)
    return rows


def _load(connection: Connection, numbered: Iterator[tuple[int, str]], progress: Progress) -> int:
    known = {shape.table.name: shape for shape in shapes()}
    total = _head(*next(numbered, (1, "")))
    done, batch, current = 0, list[Numbered](), ""
    ended = False
    for number, line in numbered:
        value = _parsed(number, line)
        if ended:
            raise _fault(number, N_("there is something after the last line"))
        if "end" in value:
            _flush(connection, known.get(current), batch)
            ended = True
            if value["end"] != done or done != total:
                raise _fault(number, N_("rows are missing: {done} of {total} came"), done=done, total=total)
            continue
        shape = known.get(str(value.get("table")))
        if shape is None:
            raise _fault(number, N_("there is no table {name}"), name=str(value.get("table")))
        if "link" in value:
            _flush(connection, known.get(current), batch)
            _link(connection, shape, number, value)
            continue
        if shape.table.name != current or len(batch) >= BATCH:
            _flush(connection, known.get(current), batch)
            current = shape.table.name
            progress(done, total)
        batch.append((number, _row(shape, number, value.get("row"))))
        done += 1
    if not ended:
        raise CannotLoad(N_("The file ends too early; nothing was changed. Make the dump again."))
    progress(done, total)
    return done


def _head(number: int, line: str) -> int:
    head = _parsed(number, line)
    if head.get("format") != FORMAT:
        raise CannotLoad(N_("This is not a dump of this app: its first line does not say so. Nothing was changed."))
    if head.get("version") != VERSION:
        raise CannotLoad(
            N_("This dump has version {version}, this app reads version {known}. Use the matching release."),
            version=head.get("version"),
            known=VERSION,
        )
    return sum(head["rows"].values())


def _parsed(number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise _fault(number, N_("it is not JSON")) from error
    if not isinstance(value, dict):
        raise _fault(number, N_("it is not a JSON object"))
    return value


def _row(shape: Shape, number: int, row: Any) -> dict[str, Any]:
    if not isinstance(row, dict) or set(row) != set(shape.columns):
        raise _fault(number, N_("its columns are not those of the table {name}"), name=shape.table.name)
    try:
        return {name: read(shape.table.c[name], value) for name, value in row.items()}
    except (ValueError, ArithmeticError) as error:
        raise _fault(number, N_("a value does not fit ({reason})"), reason=str(error)) from error


def _flush(connection: Connection, shape: Shape | None, batch: list[Numbered]) -> None:
    """Insert a batch; when the database refuses it, find out which line it was."""
    if not batch or shape is None:
        return
    try:
        with connection.begin_nested():
            connection.execute(shape.table.insert(), [row for _, row in batch])
    except (IntegrityError, DataError, StatementError) as refused:
        for number, row in batch:
            try:
                with connection.begin_nested():
                    connection.execute(shape.table.insert(), row)
            except (IntegrityError, DataError, StatementError) as error:
                raise _fault(number, N_("the database refuses the row ({reason})"), reason=_reason(error)) from error
        raise CannotLoad(N_("The database refused the dump; nothing was changed.")) from refused
    batch.clear()


def _link(connection: Connection, shape: Shape, number: int, value: dict[str, Any]) -> None:
    key, link = value.get("key"), value.get("link")
    if not isinstance(key, dict) or not isinstance(link, dict) or set(key) != set(shape.key):
        raise _fault(number, N_("its columns are not those of the table {name}"), name=shape.table.name)
    if not set(link) <= set(shape.forward):
        raise _fault(number, N_("its columns are not those of the table {name}"), name=shape.table.name)
    table = shape.table
    try:
        with connection.begin_nested():
            found = connection.execute(
                table.update().where(*(table.c[name] == part for name, part in key.items())).values(link)
            )
    except (IntegrityError, DataError, StatementError) as error:
        raise _fault(number, N_("the database refuses the row ({reason})"), reason=_reason(error)) from error
    if found.rowcount != 1:
        raise _fault(number, N_("the row that it belongs to is not there"))


def _fault(number: int, what: str, **values: object) -> CannotLoad:
    reason = what.format(**values) if values else what
    return CannotLoad(N_("Line {number}: {reason}. Nothing was changed."), number=number, reason=reason)


def _reason(error: Exception) -> str:
    return " ".join(str(getattr(error, "orig", error)).split())[:200]


def _refuse_unless_empty(connection: Connection) -> None:
    for shape in shapes():
        if connection.execute(select(func.count()).select_from(shape.table)).scalar_one():
            raise CannotLoad(
                N_("The database already holds data ({name}). Load into a new one."), name=shape.table.name
            )


def _move_sequences(connection: Connection) -> None:
    """PostgreSQL's counters know nothing of ids that came with the rows; SQLite's follow the rows by themselves."""
    if connection.dialect.name != "postgresql":
        return
    for shape in shapes():
        table = shape.table
        for column in table.primary_key.columns:
            sequence = connection.execute(
                text("select pg_get_serial_sequence(:table, :column)"),
                {"table": f'"{table.name}"', "column": column.name},
            ).scalar()
            if sequence:
                highest = connection.execute(select(func.max(column))).scalar() or 0
                connection.execute(
                    text("select setval(cast(:sequence as regclass), :value, :used)"),
                    {"sequence": sequence, "value": max(highest, 1), "used": highest > 0},
                )
