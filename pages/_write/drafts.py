"""What this browser shows of a section, and what was typed into it since.

The text that was shown is remembered with its version: it is the base of a merge. Widgets are keyed by section, version
and round, so that a newer text makes new widgets and never overwrites one in which somebody types; typed text survives
opening another section. A draft that nobody typed into follows the stored text by itself.
"""

import uuid
from collections.abc import Mapping
from typing import Any

import streamlit as st

from pmcore.domain.progress import says_nothing
from pmcore.domain.sections import BY_KEY, FACTS, FieldKind
from pmcore.readmodels.writing import SectionView
from pmcore.usecases.writing import Overlap

Row = dict[str, str]


class Draft:
    """One section in this browser."""

    def __init__(self, section: SectionView) -> None:
        self.section = section
        self.fields = BY_KEY[section.key].fields
        self._name = f"draft-{section.postmortem_id}-{section.key}"
        self._state: dict[str, Any] = st.session_state.setdefault(self._name, {})
        if "version" not in self._state or (self.is_behind and not self.is_dirty):
            self._begin(section.content, section.version)

    @property
    def version(self) -> int:
        """Of the text that this browser was shown: the base of the next save."""
        return int(self._state["version"])

    @property
    def base(self) -> Mapping[str, Any]:
        return dict(self._state["base"])

    @property
    def is_behind(self) -> bool:
        """Somebody saved a newer text than the one shown here."""
        return self.section.version > self.version

    @property
    def is_dirty(self) -> bool:
        return any(self.content[field.key] != self._shown(field.key, field.kind) for field in self.fields)

    @property
    def overlap(self) -> Overlap | None:
        """What the last save met, until it is settled."""
        return self._state.get("overlap")

    def typed_rows(self, name: str) -> list[dict[str, str]]:
        """All rows as they stand in the browser, a new one without a word too."""
        (columns,) = (field.columns for field in self.fields if field.key == name)
        return [self._row(columns, row) for row in self.rows(name)]

    @property
    def content(self) -> dict[str, Any]:
        """What is to be saved: what was typed, and what was shown where nothing was. Rows without words stay out."""
        typed: dict[str, Any] = {}
        for field in self.fields:
            if field.kind is FieldKind.ROWS:
                rows = self.typed_rows(field.key)
                asked_on = {row.get("parent") for row in rows}
                typed[field.key] = [row for row in rows if row["id"] in asked_on or not says_nothing(row)]
            else:
                typed[field.key] = st.session_state.get(self.key(field.key), self.text(field.key))
        return typed

    def key(self, *parts: str) -> str:
        """A widget's key; new ones after each refresh."""
        return "-".join((self._name, f"v{self.version}.{self._state['round']}", *parts))

    def text(self, field: str) -> str:
        """What a text field shows at first."""
        return str(self._state["base"].get(field) or "")

    def rows(self, field: str) -> list[Row]:
        """The rows as they stand here: added ones in, deleted ones out; their typed text is in their widgets."""
        rows: list[Row] = self._state["rows"].setdefault(field, [dict(r) for r in self._state["base"].get(field) or ()])
        return rows

    def add_row(self, field: str, **values: str) -> None:
        self.rows(field).append({"id": str(uuid.uuid4()), **values})

    def delete_row(self, field: str, row_id: str) -> None:
        rows = self.rows(field)
        place = next(place for place, row in enumerate(rows) if row["id"] == row_id)
        columns = next(known.columns for known in self.fields if known.key == field)
        self._state["gone"].append((field, place, self._row(columns, rows.pop(place))))

    @property
    def last_deleted(self) -> tuple[str, int, Row] | None:
        """What "Undo" brings back."""
        return self._state["gone"][-1] if self._state["gone"] else None

    def undo_delete(self) -> None:
        field, place, row = self._state["gone"].pop()
        self.rows(field).insert(place, {**row, "id": row["id"]})

    def meet(self, overlap: Overlap | None) -> None:
        self._state["overlap"] = overlap

    def forget(self) -> None:
        """After a save, or to drop what was typed: the next run shows what is stored."""
        for known in [known for known in st.session_state if str(known).startswith(f"{self._name}-v")]:
            del st.session_state[known]
        rounds = self._state["round"]  # counted on: a widget of the same key would keep what was typed into it
        self._state.clear()
        self._state["round"] = rounds

    def _begin(self, content: Mapping[str, Any], version: int) -> None:
        started = self._state.get("round", 0)
        base = {key: value for key, value in content.items() if key != FACTS}
        self._state.update(version=version, base=base, round=started + 1, rows={}, gone=[], overlap=None)

    def _shown(self, key: str, kind: FieldKind) -> Any:
        if kind is not FieldKind.ROWS:
            return self.text(key)
        columns = next(field.columns for field in self.fields if field.key == key)
        return [{"id": row["id"], **{c: row.get(c, "") for c in columns}} for row in self._state["base"].get(key) or ()]

    def _row(self, columns: tuple[str, ...], row: Row) -> Row:
        typed = {c: st.session_state.get(self.key(row["id"], c), row.get(c, "")) for c in columns}
        return {"id": row["id"], **typed}
