"""The shape of a dump: which tables in which order, and how a value is written and read.

One JSON object a line, keys sorted, UTF-8. The first line is the head, the last the foot; between them rows, table by
table in an order in which every reference points back, then `link` lines for the few references that point forward.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, Table

from db.models import Base
from db.types import Json, Money, UtcDateTime

FORMAT = "postmortems"
VERSION = 1
LARGEST = 2**31 - 1  #: of PostgreSQL's integer

#: Every table that a dump carries, parents first.
DUMPED = (
    "user", "workspace", "service", "policy", "user_role", "deputy",
    "incident", "severity_change", "incident_viewer", "log_entry",
    "postmortem", "member", "section", "revision", "signature", "review_return", "edition",
    "obligation", "clock_stop", "waiver", "waiver_approval",
    "action_item", "action_event", "attachment", "attachment_data", "comment", "mention", "dismissed_hint",
    "look", "hand_over", "meeting", "attendee", "verdict", "escalation", "feedback", "time_spent", "publishing_time",
    "recurrences", "approval", "onboarding", "onboarding_tick",
    "survey_round", "survey_heard", "survey_answer", "survey_remark", "audit",
)  # fmt: skip

#: Tables that stay behind, and why.
EXCLUDED: Mapping[str, str] = {
    "session": "people sign in again on the new machine",
    "sign_in_lock": "locks are short-lived and belong to one machine",
    "link": "invitations and set-up links are secrets of one machine",
    "section_version": "what open browser tabs show; nobody has one of the new machine open",
    "presence": "who has a section open at this moment",
    "alembic_version": "the new database has its own",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How one table is dumped."""

    table: Table
    key: tuple[str, ...]  #: primary key columns; rows are ordered by them
    columns: tuple[str, ...]  #: of the row line; not those that the database computes
    forward: tuple[str, ...]  #: columns whose reference may point to a row that comes later


def shapes() -> tuple[Shape, ...]:
    """The dumped tables in their order."""
    done: set[str] = set()
    found = []
    for name in DUMPED:
        table = Base.metadata.tables[name]
        forward = tuple(
            column.name
            for column in table.columns
            if any(fk.column.table.name not in done for fk in column.foreign_keys)
        )
        columns = tuple(
            column.name for column in table.columns if column.name not in forward and column.computed is None
        )
        key = tuple(column.name for column in table.primary_key.columns)
        found.append(Shape(table=table, key=key, columns=columns, forward=forward))
        done.add(name)
    return tuple(found)


def written(value: Any) -> Any:
    """A column's value as JSON can hold it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value.quantize(Decimal("0.01")))
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value


def read(column: Column[Any], value: Any) -> Any:
    """The opposite of `written`. Raises ValueError with the reason when the value does not fit the column."""
    if value is None:
        if not column.nullable:
            raise ValueError(f"{column.name} is missing")
        return None
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(_text(column, value))
    if isinstance(kind, Date):
        return date.fromisoformat(_text(column, value))
    if isinstance(kind, Money):
        return Decimal(_text(column, value)).quantize(Decimal("0.01"))
    if isinstance(kind, Json):
        _refuse_strange(column, value)
        return value
    if isinstance(kind, LargeBinary):
        return b64decode(_of(str, column, value), validate=True)
    if isinstance(kind, Boolean):
        return _of(bool, column, value)
    if isinstance(kind, Integer):
        if abs(_of(int, column, value)) > LARGEST:
            raise ValueError(f"{column.name} is too large")
        return value
    return _text(column, value)


def _text(column: Column[Any], value: Any) -> str:
    _refuse_strange(column, _of(str, column, value))
    return str(value)


def _refuse_strange(column: Column[Any], value: Any) -> None:
    """What no text of this app holds: PostgreSQL refuses NUL, and half of a surrogate pair is not UTF-8."""
    if isinstance(value, dict):
        for name, part in value.items():
            _refuse_strange(column, name)
            _refuse_strange(column, part)
    elif isinstance(value, list):
        for part in value:
            _refuse_strange(column, part)
    elif isinstance(value, str):
        if "\0" in value:
            raise ValueError(f"{column.name} holds a NUL character")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError(f"{column.name} is not UTF-8")
    elif isinstance(value, float) and not isfinite(value):
        raise ValueError(f"{column.name} holds a number that JSON does not know")


def _of(kind: type, column: Column[Any], value: Any) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{column.name} should be {kind.__name__}, not {type(value).__name__}")
    return value
