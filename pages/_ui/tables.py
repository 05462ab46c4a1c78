"""Tables as Streamlit sends them: made column by column, without a detour, and once for the same rows.

Rows that nothing has changed are the same object at the next run (`db/queries/remembered.py`).
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import pyarrow as pa

from pmcore.words import language

MOST = 1024  #: of what was made and is kept by the process: a page of rows or a document each; the longest unused goes

_Made = TypeVar("_Made")
_kept: OrderedDict[tuple[str, str, int], tuple[object, Any]] = OrderedDict()


def of(name: str, rows: Sequence[_Made], cells: Callable[[_Made], Mapping[str, object]]) -> pa.Table:
    """A row each; `name` says which table this is, `cells` what stands in a row, and every row has the same columns."""
    return once(name, rows, lambda: pa.Table.from_pylist([cells(row) for row in rows]))


def once(name: str, source: object, make: Callable[[], _Made]) -> _Made:
    """What `make` makes of this very object in the reader's language, made once while the object is given again."""
    key = (name, language(), id(source))
    known = _kept.get(key)
    if known is not None and known[0] is source:
        made: _Made = known[1]
        with suppress(KeyError):  # another run may have let it go meanwhile
            _kept.move_to_end(key)
        return made
    made = make()
    _kept[key] = (source, made)
    while len(_kept) > MOST:
        with suppress(KeyError):
            _kept.popitem(last=False)
    return made


def drawn(spec: Mapping[str, Any], table: pa.Table) -> dict[str, Any]:
    """A picture with its table written as Streamlit sends it, once; the form in which Altair's own charts arrive."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return {**spec, "data": {"name": "rows"}, "datasets": {"rows": sink.getvalue().to_pybytes()}}
