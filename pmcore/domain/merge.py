"""Two people saved the same section: put both texts together, and ask only where they overlap.

Field by field first, then line by line, always against the base that the later person was shown. Rows are matched by
their id: added, deleted, moved and changed ones of both sides are kept together. No text of either side is lost unless
it overlaps, and an overlap carries both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from merge3 import Merge3

from pmcore.domain.sections import FACTS, FILES, Content, Field, FieldKind, Section

Row = Mapping[str, str]

#: Columns that hold words; of the others (a kind, a time, an id) two values side by side mean nothing.
PROSE_COLUMNS = frozenset({"event", "actor", "question", "answer", "stop_because", "text", "label"})


class Choice(StrEnum):
    """How an overlap is settled."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOverlap:
    """Both sides changed the same lines. Each text is the whole of it, with all that does not overlap merged in."""

    field: str
    mine: str
    theirs: str
    both: str  #: mine, then theirs, wherever they overlap; empty where that means nothing
    row_id: str = ""  #: of a row field
    column: str = ""  #: of a row field; empty: one side deleted the row which the other changed
    row: Row | None = None  #: the changed row, where the other side deleted it
    row_is_mine: bool = False  #: whether the changed row is mine


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    content: dict[
        str, Any
    ]  #: mine wherever the two overlap; a row deleted here and changed there stays; facts and files are theirs
    overlaps: tuple[FieldOverlap, ...]


def merge(section: Section, *, base: Content, mine: Content, theirs: Content) -> Merged:
    """Three-way merge of a section's content. `theirs` is what is stored now."""
    content: dict[str, Any] = {}
    overlaps: list[FieldOverlap] = []
    for field in section.fields:
        sides = (base.get(field.key), mine.get(field.key), theirs.get(field.key))
        if field.kind is FieldKind.ROWS:
            content[field.key], found = _merge_rows(field, *(tuple(side or ()) for side in sides))
            overlaps += found
        else:
            joint = " " if field.kind is FieldKind.LINE else "\n"
            text, overlap = _merge_text(field.key, *(side or "" for side in sides), joint=joint)
            content[field.key] = text
            overlaps += [overlap] if overlap else []
    if section.has_facts:
        content[FACTS] = theirs.get(FACTS) or {}
    if theirs.get(FILES):
        content[FILES] = theirs[FILES]
    return Merged(content=content, overlaps=tuple(overlaps))


def settle(merged: Merged, choices: Sequence[Choice]) -> dict[str, Any]:
    """The content with each overlap settled by the choice at the same place."""
    content = dict(merged.content)
    for overlap, choice in zip(merged.overlaps, choices, strict=True):
        texts = {Choice.MINE: overlap.mine, Choice.THEIRS: overlap.theirs, Choice.BOTH: overlap.both or overlap.mine}
        text = texts[choice]
        if not overlap.row_id:
            content[overlap.field] = text
        elif overlap.column:
            content[overlap.field] = [
                {**row, overlap.column: text} if row["id"] == overlap.row_id else row for row in content[overlap.field]
            ]
        elif choice is (Choice.THEIRS if overlap.row_is_mine else Choice.MINE):
            content[overlap.field] = [row for row in content[overlap.field] if row["id"] != overlap.row_id]
    return content


def _merge_text(field: str, base: str, mine: str, theirs: str, *, joint: str) -> tuple[str, FieldOverlap | None]:
    """The merged text, mine where both changed the same lines, and the overlap if there is one. `joint` stands between
    the two sides of a text that keeps both, when each is one line."""
    if mine == theirs or theirs == base:
        return mine, None
    if mine == base:
        return theirs, None
    if "\n" not in base + mine + theirs:
        both = joint.join(side for side in (mine, theirs) if side)
        return mine, FieldOverlap(field=field, mine=mine, theirs=theirs, both=both)
    kept: dict[Choice, list[str]] = {choice: [] for choice in Choice}
    overlapping = False
    for group in Merge3(base.split("\n"), mine.split("\n"), theirs.split("\n")).merge_groups():
        if group[0] == "conflict":
            overlapping = True
            kept[Choice.MINE] += group[2]
            kept[Choice.THEIRS] += group[3]
            kept[Choice.BOTH] += [*group[2], *group[3]]
        else:
            for side in kept.values():
                side += group[1]
    text = {choice: "\n".join(side) for choice, side in kept.items()}
    if not overlapping:
        return text[Choice.MINE], None
    return text[Choice.MINE], FieldOverlap(
        field=field, mine=text[Choice.MINE], theirs=text[Choice.THEIRS], both=text[Choice.BOTH]
    )


def _merge_rows(
    field: Field, base: tuple[Row, ...], mine: tuple[Row, ...], theirs: tuple[Row, ...]
) -> tuple[list[Row], list[FieldOverlap]]:
    by_id = [{row["id"]: row for row in side} for side in (base, mine, theirs)]
    overlaps: list[FieldOverlap] = []
    kept: dict[str, Row] = {}
    for row_id in {**by_id[2], **by_id[1]}:
        row, found = _merge_row(field, *(side.get(row_id) for side in by_id))
        overlaps += found
        if row is not None:
            kept[row_id] = row
    order = _merge_order(*([row["id"] for row in side] for side in (base, mine, theirs)))
    return [kept[row_id] for row_id in order if row_id in kept], overlaps


def _merge_row(
    field: Field, base: Row | None, mine: Row | None, theirs: Row | None
) -> tuple[Row | None, list[FieldOverlap]]:
    if mine is None or theirs is None:
        there = mine or theirs
        if base is None or there is None:
            return there, []  # added by one side
        if there == base:
            return None, []  # deleted by the other side, untouched by this one
        return there, [_deleted(field, there, is_mine=mine is not None)]
    row: dict[str, str] = {"id": mine["id"]}
    overlaps: list[FieldOverlap] = []
    for column in field.columns:
        sides = ((side or {}).get(column, "") for side in (base, mine, theirs))
        row[column], overlap = _merge_text(field.key, *sides, joint=" ")
        if overlap:
            both = overlap.both if column in PROSE_COLUMNS else ""
            overlaps.append(replace(overlap, row_id=row["id"], column=column, both=both))
    return row, overlaps


def _deleted(field: Field, row: Row, *, is_mine: bool) -> FieldOverlap:
    text = " · ".join(row.get(column, "") for column in field.columns if row.get(column))
    return FieldOverlap(
        field=field.key,
        mine=text if is_mine else "",
        theirs="" if is_mine else text,
        both="",
        row_id=row["id"],
        row=row,
        row_is_mine=is_mine,
    )


def _merge_order(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """All ids of both sides. Who moved rows decides their order (mine when both did); added rows stay behind the row
    that they were added behind."""
    i_moved = _moved(base, mine)
    spine, other = (mine, theirs) if i_moved else (theirs, mine)
    order = list(spine)
    for place, row_id in enumerate(other):
        if row_id not in order:
            before = other[place - 1] if place else None
            order.insert(order.index(before) + 1 if before is not None else 0, row_id)
    return order


def _moved(base: list[str], side: list[str]) -> bool:
    common = set(base) & set(side)
    return [row for row in base if row in common] != [row for row in side if row in common]
