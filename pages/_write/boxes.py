"""The boxes of a section: named, and told apart from what others wrote meanwhile. Pure; rows are plain dictionaries.

A box is a text field ("validation") or a column of a row ("lessons/<id>/text").
"""

import sys
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pmcore.domain.content import clean
from pmcore.domain.progress import says_nothing
from pmcore.domain.sections import Field, FieldKind

Row = dict[str, str]
Content = Mapping[str, Any]


def columns(fields: Iterable[Field], name: str) -> tuple[str, ...]:
    return next(field.columns for field in fields if field.key == name)


def plain(text: str | None) -> str:
    """As it would be stored, however long it is: a refusal is the business of the save."""
    return clean(text or "", longest=sys.maxsize)


def named(field: str, row_id: str = "", column: str = "") -> str:
    return "/".join((field, row_id, column)) if row_id else field


def parts(box: str) -> tuple[str, str, str]:
    """Field, row id, column; the latter two are empty for a text field."""
    field, _slash, rest = box.partition("/")
    row_id, _slash, column = rest.partition("/")
    return field, row_id, column


def texts(fields: Iterable[Field], content: Content) -> Iterator[tuple[str, str]]:
    """Every box of a content, with what it says."""
    for field in fields:
        if field.kind is not FieldKind.ROWS:
            yield named(field.key), str(content.get(field.key) or "")
            continue
        for row in content.get(field.key) or ():
            for column in field.columns:
                yield named(field.key, row["id"], column), row.get(column, "")


def agreed(fields: Iterable[Field], base: Content, *, typed: Content, stored: Content) -> dict[str, Any]:
    """The base, moved on wherever a box says what is stored by now."""
    fields = tuple(fields)
    says, is_stored = dict(texts(fields, typed)), dict(texts(fields, stored))

    def moved(box: str, text: str) -> str:
        return is_stored[box] if box in is_stored and says.get(box) == is_stored[box] else text

    new: dict[str, Any] = {}
    for field in fields:
        if field.kind is not FieldKind.ROWS:
            new[field.key] = moved(named(field.key), str(base.get(field.key) or ""))
            continue
        new[field.key] = [
            {"id": row["id"]} | {c: moved(named(field.key, row["id"], c), row.get(c, "")) for c in field.columns}
            for row in base.get(field.key) or ()
        ]
    return new


def followed(
    shown: Sequence[Row], typed: Sequence[Row], *, base: Sequence[Row], stored: Sequence[Row]
) -> tuple[list[Row], list[Row]]:
    """The rows to show and their base, after others wrote.

    Stored rows in their order; what others added comes in, what they deleted goes unless it was changed here. A row
    that was deleted here stays deleted, and one that is not stored yet stays behind the row it was behind.
    """
    here, by_base, says = ({row["id"]: row for row in rows} for rows in (shown, base, typed))
    there = {row["id"] for row in stored}
    rows: list[Row] = []
    new_base: list[Row] = []
    for row in stored:
        known = by_base.get(row["id"])
        if row["id"] in here:
            rows.append(here[row["id"]])
            new_base += [known] if known else []
        elif known:  # deleted here, and not saved yet
            new_base.append(known)
        else:
            rows.append(dict(row))
            new_base.append(dict(row))
    before = ""
    for row in shown:
        known = by_base.get(row["id"])
        if row["id"] not in there and (known is None or says[row["id"]] != known):
            place = next((n + 1 for n, each in enumerate(rows) if each["id"] == before), 0 if not before else len(rows))
            rows.insert(place, row)
            new_base += [known] if known else []
        before = row["id"]
    return rows, new_base


def put_in(rows: list[Row], row: Row, *, typed: Sequence[Row], kept: Container[str]) -> None:
    """In place of a row of its kind that waits for its first word, if any; `kept` are the ids of stored rows."""
    for place, each in enumerate(typed):
        alike = all(rows[place].get(name) == value for name, value in row.items() if name != "id")
        if each["id"] not in kept and alike and says_nothing(each):
            rows[place] = row
            return
    rows.append(row)
