"""Stories that several tests begin with, told once per worker: the next test is given the rows that it left.

Only what the commands said is kept, so a story is the same whether it is told or remembered (`test_harness.py` compares
both). It is told anew where it would not be the same: in a database with rows, under another clock, with other words.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine

from tests.databases import filled
from wiring import acting, parts

_P = ParamSpec("_P")
_T = TypeVar("_T")
_SEQUENCES = "select quote_ident(sequencename), last_value from pg_sequences where schemaname = 'public'"


@dataclass(frozen=True, kw_only=True)
class _Ending:
    says: Any
    rows: Any  #: as the database's own tools carry them
    now: Any  #: what the clock stands at


_known: dict[Any, _Ending] = {}


def told_once(tell: Callable[Concatenate[Engine, _P], _T]) -> Callable[Concatenate[Engine, _P], _T]:
    """`tell(engine, **what)` puts rows into the wired database and says, for instance, their ids."""

    @wraps(tell)
    def told(engine: Engine, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        clock: Any = parts.clock
        if not hasattr(clock, "now") or _is_begun(engine):  # the real time never comes again
            return tell(engine, *args, **kwargs)
        what = (tell, engine.dialect.name, clock.now, args, tuple(sorted(kwargs.items())))
        if (known := _known.get(what)) is None:
            says = tell(engine, *args, **kwargs)
            with engine.connect() as connection:
                _known[what] = _Ending(says=deepcopy(says), rows=_carried(connection), now=clock.now)
            return says
        with engine.execution_options(writes=True).begin() as connection:
            _put_back(connection, known.rows)
        clock.now = known.now
        acting.forget()  # as after a command
        return deepcopy(known.says)

    return told


def forget() -> None:
    _known.clear()


def _is_begun(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(filled(connection))


def _carried(connection: Connection) -> Any:
    if connection.dialect.name == "sqlite":
        return {
            name: connection.exec_driver_sql(f'select {_columns(connection, name)} from "{name}"').all()
            for name in filled(connection)
        }
    cursor: Any = connection.connection.cursor()
    rows = {}
    for name in filled(connection):
        with cursor.copy(f'copy "{name}" to stdout') as copy:
            rows[name] = b"".join(copy)
    return rows, [tuple(each) for each in connection.exec_driver_sql(_SEQUENCES) if each[1] is not None]


def _columns(connection: Connection, table: str) -> str:
    """Without those that the database computes."""
    return ", ".join(f'"{row.name}"' for row in connection.exec_driver_sql(f'pragma table_info("{table}")'))


def _put_back(connection: Connection, carried: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("pragma defer_foreign_keys = on")  # in any order
        for name, rows in carried.items():
            places = ", ".join("?" * len(rows[0]))
            connection.exec_driver_sql(
                f'insert into "{name}" ({_columns(connection, name)}) values ({places})', [tuple(row) for row in rows]
            )
        return
    cursor: Any = connection.connection.cursor()
    cursor.execute("set local session_replication_role = replica")
    rows, sequences = carried
    for name, content in rows.items():
        with cursor.copy(f'copy "{name}" from stdin') as copy:
            copy.write(content)
    for name, last in sequences:
        cursor.execute(f"select setval('{name}', {last})")
