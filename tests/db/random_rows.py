"""Random workspaces, row by row: whatever the tables allow, filled in without knowing what the app would do.

Values follow the columns' types, lists of allowed values follow the constraints. A row that the database refuses is
left out, so that a new constraint needs nothing here; `USUAL` helps where chance would hardly ever pass.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Boolean, CheckConstraint, Column, Connection, Date, Integer, LargeBinary, Table, select
from sqlalchemy.exc import IntegrityError

from db.models import Base
from db.transfer.form import shapes
from db.types import Json, Money, UtcDateTime
from pmcore.domain.survey_questions import SurveyQuestion

HOSTILE = (
    "", " ", "'", '"', "\\", "\\u0000", "\n", "\r\n", "\t", "\x01", "\x7f", "\u2028", "\u2029", "\ufeff", "😀👩‍🚒",
    "\u202eright to left\u202c", "مرحبا", "ё" * 300, "e\u0301", "<script>alert(1)</script>", "=1+1",
    "'); drop table x;--", "%s {} {0} %(a)s", '{"table":"user"}', "\U0010ffff",
)  # fmt: skip
TEXTS = st.sampled_from(HOSTILE) | st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
MOMENTS = st.datetimes(datetime(1999, 12, 31), datetime(2199, 1, 1), timezones=st.just(UTC))
CENTS = st.integers(0, 10**14 - 1).map(lambda cents: Decimal(cents) / 100)
INTEGERS = st.integers(0, 2**31 - 1)
_ONE_OF = re.compile(r"^(\w+) in \((.*)\)$")

#: Pieces of rows that constraints ask for together.
USUAL: dict[str, dict[str, Any]] = {
    "workspace": {"id": 1},
    "incident": {"detected_at": None, "acknowledged_at": None, "resolved_at": None},
    "obligation": {
        "disposition": None, "disposition_reason": None, "starts_at": None, "drafted_due_at": None,
        "published_due_at": None, "duplicate_of_id": None, "covered_by_id": None,
    },
    "postmortem": {"status": "draft", "amendment": None, "first_published_at": None, "items_done": 0},
    "action_item": {"state": "proposed", "done_at": None, "done_on": None},
    "attachment": {"name": "graph.png", "size": 12, "sha256": "a" * 64},
    "approval": {"content_hash": "a" * 64, "withdrawn_at": None},
    "meeting": {"minutes": 60, "began_at": None, "held_at": None, "sequence": 0},
    "escalation": {"reason": "Stuck", "answer": None, "answered_by_id": None, "answered_at": None},
    "feedback": {"easy": None, "clear": None, "answered_at": None},
    "verdict": {"reason": "Nothing since"},
    "time_spent": {"minutes": 30},
    "survey_round": {
        "number": 4, "opens_at": datetime(2025, 12, 1, tzinfo=UTC), "closes_at": datetime(2025, 12, 15, tzinfo=UTC),
        "closed_at": None, "invited": None, "answered": None, "tidied_at": None,
    },
    "survey_answer": {"key": "a" * 43} | {question.value: 3 for question in SurveyQuestion},
    "survey_remark": {"key": "a" * 43, "text": "=1+1 \u202eё"},
    "recurrences": {
        "state": "proposed", "author_id": None, "decided_by_id": None, "decided_at": None,
    },
    "deputy": {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 2, 1)},
}  # fmt: skip


def fill(connection: Connection, data: st.DataObject) -> None:
    """Put a random workspace into an empty database; every table gets its chance, parents first."""
    for shape in shapes():
        for _ in range(data.draw(st.integers(1, 3), label=shape.table.name)):
            row = _row(connection, shape.table, data)
            if row is None:
                continue
            try:
                with connection.begin_nested():
                    connection.execute(shape.table.insert().values(row))
            except IntegrityError:
                pass


def _row(connection: Connection, table: Table, data: st.DataObject) -> dict[str, Any] | None:
    """None when something that it must refer to is not there."""
    allowed = dict(_allowed(table))
    usual = USUAL.get(table.name, {}) if data.draw(st.integers(0, 4)) else {}
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.computed is not None:
            continue
        if column.primary_key and not column.foreign_keys and column.autoincrement is not False and _counts(column):
            continue
        if column.nullable and not data.draw(st.integers(0, 3)):
            row[column.name] = None
        elif column.foreign_keys:
            (reference,) = column.foreign_keys
            there = sorted(connection.scalars(select(reference.column)))
            if not there and not column.nullable:
                return None
            row[column.name] = data.draw(st.sampled_from(there)) if there else None
        else:
            row[column.name] = data.draw(
                st.sampled_from(allowed[column.name]) if column.name in allowed else _values(column)
            )
    row |= usual | (_in_order(connection) if table.name == "recurrences" else {})
    for key, column, named in (("service_key", "service_id", "service"), ("author_key", "author_id", "user")):
        if key in table.columns:  # it follows the other
            of = Base.metadata.tables[named].c
            row[key] = connection.scalar(select(of.name_key).where(of.id == row[column]))
    return row


def _in_order(connection: Connection) -> dict[str, Any]:
    """The first and the last incident: two columns that refer to one row together, twice."""
    incident = Base.metadata.tables["incident"].c
    found = connection.execute(select(incident.id, incident.started_at).order_by(incident.started_at)).all()
    (earlier, began), (later, begins) = found[0], found[-1]
    return {
        "incident_id": later, "incident_started_at": begins, "earlier_id": earlier, "earlier_started_at": began,
    }  # fmt: skip


def _counts(column: Column[Any]) -> bool:
    return isinstance(column.type, Integer) and len(column.table.primary_key.columns) == 1


def _allowed(table: Table) -> list[tuple[str, list[str]]]:
    found = []
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint) and (match := _ONE_OF.match(str(constraint.sqltext))):
            found.append((match[1], re.findall(r"'([^']*)'", match[2])))
    return found


def _values(column: Column[Any]) -> st.SearchStrategy[Any]:
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return MOMENTS
    if isinstance(kind, Date):
        return st.dates(date(1999, 12, 31), date(2199, 1, 1))
    if isinstance(kind, Money):
        return CENTS
    if isinstance(kind, Json):
        return JSON.filter(lambda value: value is not None)
    if isinstance(kind, Boolean):
        return st.booleans()
    if isinstance(kind, LargeBinary):
        return st.binary(min_size=1, max_size=40)
    if isinstance(kind, Integer):
        return INTEGERS
    return TEXTS
