"""What changed between two texts, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from pmcore.domain.sections import FACTS, FILES, Content, FieldKind, Section

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_WORDS = 20_000  #: beyond it lines are compared, so that a pasted log does not take minutes


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    change: Change
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDiff:
    """One changed field."""

    field: str  #: its key; FACTS for what came from the incident, FILES for the files
    row_id: str = ""
    pieces: tuple[Piece, ...]


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts in one: joined without the added pieces they are `before`, without the deleted ones `after`."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > _MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > 2_000).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(change=Change.SAME, text="".join(old[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece(change=Change.DELETED, text="".join(old[i1:i2])))
        if j2 > j1:
            pieces.append(Piece(change=Change.ADDED, text="".join(new[j1:j2])))
    return tuple(pieces)


def section_diff(section: Section, before: Content, after: Content) -> tuple[FieldDiff, ...]:
    """The changed fields in the section's order, files and facts last; rows are matched by their id."""
    found: list[FieldDiff] = []
    for field in section.fields:
        old, new = before.get(field.key), after.get(field.key)
        if field.kind is FieldKind.ROWS:
            found += _rows_diff(field.key, field.columns, old or (), new or ())
        elif (old or "") != (new or ""):
            found.append(FieldDiff(field=field.key, pieces=word_diff(old or "", new or "")))
    old_files, new_files = (_files_text(side.get(FILES)) for side in (before, after))
    if old_files != new_files:
        found.append(FieldDiff(field=FILES, pieces=word_diff(old_files, new_files)))
    old_facts, new_facts = (_facts_text(side.get(FACTS)) for side in (before, after))
    if old_facts != new_facts:
        found.append(FieldDiff(field=FACTS, pieces=word_diff(old_facts, new_facts)))
    return tuple(found)


def _rows_diff(key: str, columns: tuple[str, ...], before: Any, after: Any) -> Iterator[FieldDiff]:
    old = {row["id"]: _row_text(row, columns) for row in before}
    new = {row["id"]: _row_text(row, columns) for row in after}
    for row_id in {**new, **old}:
        was, is_now = old.get(row_id, ""), new.get(row_id, "")
        if was != is_now:
            yield FieldDiff(field=key, row_id=row_id, pieces=word_diff(was, is_now))


def _row_text(row: Any, columns: tuple[str, ...]) -> str:
    return " · ".join(str(row[column]) for column in columns if row.get(column))


def _files_text(files: Any) -> str:
    """Files as lines "name: caption"; two of one name may differ in what they hold."""
    return "\n".join(f"{file['name']}: {file['caption']} [{file['sha256'][:8]}]" for file in files or ())


def _facts_text(facts: Any) -> str:
    """Facts as lines "key: value", in a fixed order."""
    return "\n".join(_fact_lines(facts or {}))


def _fact_lines(facts: Any, path: str = "") -> Iterator[str]:
    match facts:
        case dict():
            for key in sorted(facts):
                yield from _fact_lines(facts[key], f"{path} {key}".strip())
        case list():
            for number, each in enumerate(facts, start=1):
                yield from _fact_lines(each, f"{path} {number}".strip())
        case _ if facts:
            yield f"{path.replace('_', ' ')}: {facts}"
