"""Read a dump into an empty database: all of it or nothing, line by line, naming the line at fault.

Everything happens in one transaction: whatever ends it, a fault or a kill, the database stays as it was.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import OperationalError, StatementError

from db.engine import storage_errors
from db.transfer.form import FORMAT, VERSION, Shape, read, shapes
from db.upgrade import knows, newest_revision
from pmcore.domain.errors import N_, PmError

BATCH_ROWS = 500
BATCH_CHARACTERS = 1_000_000  #: a batch with long texts ends earlier, so that memory stays small

Progress = Callable[[int, int], None]


class CannotLoad(PmError):
    """The dump was refused; nothing was changed."""


class _Batch:
    """Rows of one table that wait to be inserted at once, each with the number of its line."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.shape: Shape | None = None
        self._rows: list[tuple[int, dict[str, Any]]] = []
        self._characters = 0

    def add(self, shape: Shape, number: int, row: dict[str, Any], characters: int) -> bool:
        """Whether the rows before were inserted for it."""
        full = len(self._rows) >= BATCH_ROWS or self._characters + characters > BATCH_CHARACTERS
        inserted = shape != self.shape or full
        if inserted:
            self.insert()
        self.shape = shape
        self._rows.append((number, row))
        self._characters += characters
        return inserted

    def insert(self) -> None:
        """When the database refuses the batch, find out which line it was."""
        if not self._rows or self.shape is None:
            return
        table = self.shape.table
        try:
            with self._connection.begin_nested():
                self._connection.execute(table.insert(), [row for _, row in self._rows])
        except StatementError as refused:
            if isinstance(refused, OperationalError):  # no room, or no lock: not the fault of a row
                raise
            for number, row in self._rows:
                _try(self._connection, number, table.insert().values(row))
            raise CannotLoad(N_("The database refused the dump; nothing was changed.")) from refused
        self._rows, self._characters = [], 0


def load(engine: Engine, lines: Iterable[str], *, progress: Progress = lambda done, total: None) -> int:
    """Fill an empty, migrated database; returns the number of rows. Raises CannotLoad, StorageBusy, StorageFull."""
    with storage_errors(), engine.execution_options(writes=True).begin() as connection:
        _keep_others_out(connection)
        _refuse_unless_empty(connection)
        rows = _load(connection, enumerate(lines, start=1), progress)
        _move_sequences(connection)
    return rows


def _load(connection: Connection, numbered: Iterator[tuple[int, str]], progress: Progress) -> int:
    known = {shape.table.name: shape for shape in shapes()}
    total = _head(*next(numbered, (1, "")))
    done, batch, ended = 0, _Batch(connection), False
    for number, line in numbered:
        value = _parsed(number, line)
        if ended:
            raise _fault(number, N_("there is something after the last line"))
        if "end" in value:
            batch.insert()
            ended = True
            if value["end"] != done or done != total:
                raise _fault(number, N_("rows are missing: {done} of {total} came"), done=done, total=total)
            continue
        shape = known.get(str(value.get("table")))
        if shape is None:
            raise _fault(number, N_("there is no table {name}"), name=str(value.get("table")))
        if "link" in value:
            batch.insert()
            _link(connection, shape, number, value)
            continue
        if batch.add(shape, number, _values(shape, number, value.get("row"), shape.columns), len(line)):
            progress(done, total)
        done += 1
    if not ended:
        raise CannotLoad(N_("The file ends too early; nothing was changed. Make the dump again."))
    progress(done, total)
    return done


def _head(number: int, line: str) -> int:
    try:
        head = json.loads(line)
    except (ValueError, RecursionError):
        head = None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise CannotLoad(N_("This is not a dump of this app: its first line does not say so. Nothing was changed."))
    if head.get("version") != VERSION:
        raise CannotLoad(
            N_("This dump has version {version}, this app reads version {known}. Use the matching release."),
            version=head.get("version"),
            known=VERSION,
        )
    schema = str(head.get("schema"))
    if not knows(schema):
        raise CannotLoad(N_("This dump was made by a newer version of the app. Load it with that version."))
    if schema != newest_revision():
        raise CannotLoad(
            N_("This dump was made by an older version of the app. Load it with that version, then upgrade.")
        )
    rows = head.get("rows")
    if not isinstance(rows, dict) or not all(type(count) is int for count in rows.values()):
        raise _fault(number, N_("it does not say how many rows follow"))
    return sum(rows.values())


def _parsed(number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _fault(number, N_("it is not JSON")) from error
    if not isinstance(value, dict):
        raise _fault(number, N_("it is not a JSON object"))
    return value


def _values(shape: Shape, number: int, row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The row as the database takes it, with just these columns."""
    if not isinstance(row, dict) or set(row) != set(names):
        raise _fault(number, N_("its columns are not those of the table {name}"), name=shape.table.name)
    try:
        return {name: read(shape.table.c[name], value) for name, value in row.items()}
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise _fault(number, N_("a value does not fit ({reason})"), reason=str(error)) from error


def _link(connection: Connection, shape: Shape, number: int, value: dict[str, Any]) -> None:
    link = value["link"]
    if not isinstance(link, dict) or not set(link) <= set(shape.forward):
        raise _fault(number, N_("its columns are not those of the table {name}"), name=shape.table.name)
    key = _values(shape, number, value.get("key"), shape.key)
    new = _values(shape, number, link, tuple(link))
    table = shape.table
    here = [table.c[name] == part for name, part in key.items()]
    if _try(connection, number, table.update().where(*here).values(new)) != 1:
        raise _fault(number, N_("the row that it belongs to is not there"))


def _try(connection: Connection, number: int, statement: Any) -> int:
    """The rows that it touched."""
    try:
        with connection.begin_nested():
            return connection.execute(statement).rowcount
    except StatementError as error:
        if isinstance(error, OperationalError):
            raise
        raise _fault(number, N_("the database refuses the row ({reason})"), reason=_reason(error)) from error


def _fault(number: int, what: str, **values: Any) -> CannotLoad:
    reason = PmError(what, **values)
    return CannotLoad(N_("Line {number}: {reason}. Nothing was changed."), number=number, reason=reason)


def _reason(error: Exception) -> str:
    return " ".join(str(getattr(error, "orig", error)).split())[:200]


def _keep_others_out(connection: Connection) -> None:
    """SQLite's transaction began with its one write lock; on PostgreSQL an app may be running on the empty database."""
    if connection.dialect.name == "postgresql":
        quoted = connection.dialect.identifier_preparer.format_table
        names = ", ".join(quoted(shape.table) for shape in shapes())
        connection.exec_driver_sql(f"lock table {names} in exclusive mode")


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
