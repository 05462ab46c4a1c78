"""What this browser shows of a section, and what was typed into it since.

Two texts are remembered beside what stands in the boxes: the base, which is what this browser and the database last
agreed on, and what is stored now as far as this browser knows. They differ where somebody else wrote: a box on the
screen is never set from here, because somebody may be typing in it (`typing` brings it the news when it is idle).
Widgets are keyed by the version that they first showed and by a round, so that a box of an earlier session never
passes for one of today.
"""

import uuid
from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages._write import boxes
from pmcore.domain.content import normalise
from pmcore.domain.progress import says_nothing
from pmcore.domain.sections import BY_KEY, FACTS, FILES, FieldKind
from pmcore.readmodels.writing import SectionView
from pmcore.usecases.writing import Overlap, SavedSection

Row = dict[str, str]


class Draft:
    """One section in this browser."""

    def __init__(self, section: SectionView) -> None:
        self.section = section
        self.trouble = ""  #: why what was typed is not saved, in words
        self.fields = BY_KEY[section.key].fields
        self._content: dict[str, Any] | None = None
        self._name = f"draft-{section.postmortem_id}-{section.key}"
        self._state: dict[str, Any] = st.session_state.setdefault(self._name, {})
        if "version" not in self._state or self._may_begin_anew():
            self._begin()
        elif section.version > self.version:
            self._follow(self._words(section.content), section.version)
        agreed = boxes.agreed(self.fields, self.base, typed=self.content, stored=self.stored)
        if agreed != self._state["base"]:
            self._state["base"] = agreed
            self.look_again()

    @property
    def version(self) -> int:
        """The newest that this browser knows of."""
        return int(self._state["version"])

    @property
    def base(self) -> dict[str, Any]:
        """What the boxes said when they and the database last agreed: the base of the next save."""
        return dict(self._state["base"])

    @property
    def stored(self) -> dict[str, Any]:
        return dict(self._state["stored"])

    @property
    def is_dirty(self) -> bool:
        return self.content != self.base

    @property
    def overlap(self) -> Overlap | None:
        """What the last save met, until it is settled."""
        return self._state.get("overlap")

    @property
    def settled(self) -> int:
        """How many overlaps were settled here: what the browser kept of their texts is over."""
        return int(self._state.get("settled", 0))

    @property
    def is_comparing(self) -> bool:
        """Both texts of the overlap are in view, in place of the form."""
        return bool(self.overlap and self._state.get("comparing"))

    @property
    def saved(self) -> SavedSection | None:
        """How the last save went that was made here."""
        return self._state.get("saved")

    @property
    def outdates_page(self) -> bool:
        """What stands around the section was read before the last save, which changes it."""
        return bool(self.saved and self.saved.moved and self.section.version < self.saved.version)

    @property
    def typing_key(self) -> str:
        """Of the piece that watches the boxes; in the session's state while they are on the screen."""
        return f"{self._name}-typing"

    def typed_rows(self, name: str) -> list[dict[str, str]]:
        """All rows as they stand in the browser, a new one without a word too."""
        return [self._typed(boxes.columns(self.fields, name), row) for row in self.rows(name)]

    @property
    def content(self) -> dict[str, Any]:
        """What is to be saved: what was typed, and what was shown where nothing was. Rows without words stay out.

        Looked up twice a run: at its beginning and once the boxes are drawn.
        """
        if self._content is None:
            self._content = self._as_typed()
        return dict(self._content)

    def look_again(self) -> None:
        """The boxes are drawn, rows came or went: what was typed may be another text now."""
        self._content = None

    def _as_typed(self) -> dict[str, Any]:
        typed: dict[str, Any] = {}
        for field in self.fields:
            if field.kind is FieldKind.ROWS:
                rows = self.typed_rows(field.key)
                asked_on = {row.get("parent") for row in rows}
                kept = self._state["base"].get(field.key) or ()
                typed[field.key] = [
                    row for row in rows if row["id"] in asked_on or row in kept or not says_nothing(row)
                ]
            else:
                typed[field.key] = boxes.plain(st.session_state.get(self.key(field.key), self.text(field.key)))
        return typed

    def key(self, *parts: str) -> str:
        """A widget's key; the same as long as the section stays on the screen."""
        return "-".join((self._name, f"v{self._state['begun']}.{self._state['round']}", *parts))

    def text(self, field: str) -> str:
        """What a text field shows at first."""
        return str(self._state["shown"].get(field) or "")

    @property
    def shown(self) -> dict[str, Any]:
        """What the boxes showed at first."""
        return dict(self._state["shown"])

    def rows(self, field: str) -> list[Row]:
        """The rows as they stand here: added ones in, deleted ones out; their typed text is in their widgets."""
        shown = self._state["shown"].get(field) or ()
        rows: list[Row] = self._state["rows"].setdefault(field, [dict(row) for row in shown])
        return rows

    def add_row(self, field: str, **values: str) -> None:
        self.rows(field).append({"id": str(uuid.uuid4()), **values})

    def set_rows(self, field: str, rows: list[Row]) -> None:
        """All rows of a field whose rows have no boxes."""
        self.rows(field)[:] = rows

    def delete_row(self, field: str, row_id: str) -> None:
        rows = self.rows(field)
        place = next(place for place, row in enumerate(rows) if row["id"] == row_id)
        self._state["gone"].append((field, place, self._typed(boxes.columns(self.fields, field), rows.pop(place))))

    @property
    def last_deleted(self) -> tuple[str, int, Row] | None:
        """What "Undo" brings back."""
        return self._state["gone"][-1] if self._state["gone"] else None

    def undo_delete(self) -> None:
        field, place, row = self._state["gone"].pop()
        self.rows(field).insert(place, {**row, "id": row["id"]})

    def has(self, box: str) -> bool:
        """Whether the section has such a box, or can have it in a row that it does not have."""
        name, row_id, column = boxes.parts(box)
        kept = {field.key: field.columns for field in self.fields}
        return name in kept and (column in kept[name] if kept[name] else not row_id)

    def put_back(self, box: str, *, text: str, base: str, row: Row) -> None:
        """What a browser kept of an earlier session: as if it had been typed now, on the text it was typed on."""
        field, row_id, column = boxes.parts(box)
        changed = self.base
        if not row_id:
            st.session_state[self.key(field)] = text
            changed[field] = base
        else:
            if row_id not in {known["id"] for known in self.rows(field)}:
                kept = {each["id"] for each in self._state["base"].get(field) or ()}
                boxes.put_in(self.rows(field), {**row, "id": row_id}, typed=self.typed_rows(field), kept=kept)
            st.session_state[self.key(row_id, column)] = text
            changed[field] = [{**r, column: base} if r["id"] == row_id else r for r in changed[field]]
        self._state["base"] = changed
        self.look_again()

    def meet(self, overlap: Overlap | None, *, comparing: bool = True) -> None:
        self._state.update(overlap=overlap, comparing=comparing)

    def compare(self) -> None:
        self._state.update(comparing=True, begins=True)

    def begins_to_compare(self) -> bool:
        """Once after `compare`."""
        return bool(self.overlap and self._state.pop("begins", False))

    def agree(self, saved: SavedSection, sent: Mapping[str, Any]) -> None:
        """`sent` was saved, perhaps together with somebody else's change. The boxes stay as they are."""
        self._state.update(base=self._words(sent), overlap=None, saved=saved)
        self._follow(self._words(saved.content), saved.version)

    def forget(self) -> None:
        """After an overlap was settled: the next run shows what is stored."""
        for known in [known for known in st.session_state if str(known).startswith(f"{self._name}-v")]:
            del st.session_state[known]
        counts = {"round": self._state["round"], "settled": self.settled + 1}
        self._state.clear()
        self._state.update(counts)  # counted on: a widget of the same key would keep what was typed into it

    def _may_begin_anew(self) -> bool:
        """Nobody types here: the boxes are not on the screen, and all that was typed is saved."""
        is_shown = self.typing_key in st.session_state
        is_older = self.section.version < self.version or self.base == self._words(self.section.content)
        return not is_shown and not is_older and not self.is_dirty

    def _begin(self) -> None:
        content = self._words(self.section.content)
        self._state.update(
            version=self.section.version, begun=self.section.version, round=self._state.get("round", 0) + 1,
            shown=content, base=content, stored=content, rows={}, gone=[], overlap=None, saved=None,
        )  # fmt: skip
        self.look_again()

    def _follow(self, stored: dict[str, Any], version: int) -> None:
        """Rows that others added come in, rows that they deleted go, unless they were changed here."""
        base = self.base
        for field in self.fields:
            if field.kind is FieldKind.ROWS:
                self._state["rows"][field.key], base[field.key] = boxes.followed(
                    self.rows(field.key), self.typed_rows(field.key), base=base[field.key], stored=stored[field.key]
                )
        self._state.update(base=base, stored=stored, version=version)
        self.look_again()

    def _words(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """What people wrote, every field in it."""
        section = BY_KEY[self.section.key]
        said = normalise(section, content, whole=True)
        return {key: text for key, text in said.items() if key not in (FACTS, FILES)}

    def _typed(self, columns: tuple[str, ...], row: Row) -> Row:
        typed = {c: boxes.plain(st.session_state.get(self.key(row["id"], c), row.get(c, ""))) for c in columns}
        return {"id": row["id"], **typed}


def known_version(postmortem_id: int, key: str) -> int:
    """The newest version of a section that this browser has met; 0: it has not been opened."""
    return int(st.session_state.get(f"draft-{postmortem_id}-{key}", {}).get("version", 0))
