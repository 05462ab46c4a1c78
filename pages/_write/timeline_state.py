"""Which row of the timeline is open in this browser, and on what it is based."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from pages._ui import flash
from pages._ui.kept import Kept
from pages._write.drafts import Draft
from pmcore.domain import timeline
from pmcore.domain.timeline import Entry
from pmcore.readmodels.writing import SectionView, WritingView
from pmcore.usecases.writing import Overlap, SaveSection
from pmcore.words import _
from wiring import run


class Rows:
    """The rows as they were shown. An open row remembers the version it was opened at: the base of its merge."""

    def __init__(self, section: SectionView, postmortem: WritingView) -> None:
        self.section = section
        self.postmortem = postmortem
        self.zone = postmortem.zone
        self.entries = timeline.read(section.content.get("entries") or ())
        self.kept = Kept(section.postmortem_id, "timeline-rows")
        self._state: dict[str, Any] = st.session_state.setdefault(f"timeline-{section.postmortem_id}", {})

    @property
    def opened(self) -> str:
        """The id of the row that is being edited; of none: ""."""
        return str(self._state.get("opened", ""))

    @property
    def is_adding(self) -> bool:
        return bool(self.opened) and self.opened not in {entry.id for entry in self.based_on}

    @property
    def based_on(self) -> tuple[Entry, ...]:
        """The rows as they were when the open one was opened."""
        return self._state["entries"] if self.opened else self.entries

    @property
    def spans_days(self) -> bool:
        zone = ZoneInfo(self.zone)
        return len({entry.at.astimezone(zone).date() for entry in self.entries if entry.at}) > 1

    @property
    def last_deleted(self) -> Entry | None:
        return self._state.get("deleted")

    def key(self, *parts: str) -> str:
        return "-".join(("timeline", str(self.section.postmortem_id), *parts))

    def open(self, entry_id: str) -> None:
        self._state.update(opened=entry_id, version=self.section.version, entries=self.entries)

    def add(self) -> None:
        self.open(str(uuid.uuid4()))

    def close(self) -> None:
        """Saved, or given up."""
        self.kept.done(self.opened)
        self._state["opened"] = ""

    @property
    def before(self) -> datetime | None:
        """The latest moment noted so far: times of a new row run on from it."""
        known = [entry.at for entry in self.entries if entry.at]
        return self._state.get("after") or (known[-1] if known else None)

    def save(self, entries: Iterable[Entry], *, said: str = "") -> None:
        """Save all rows, based on those that were shown; then show what is stored."""
        base = self._state["version"] if self.opened else self.section.version
        content = {**self.section.content, "entries": [timeline.row(entry) for entry in entries]}
        try:
            run(
                SaveSection(
                    postmortem_id=self.section.postmortem_id, key=self.section.key, base_version=base, content=content
                )
            )
        except Overlap as overlap:
            self._state["opened"] = ""
            Draft(self.section).meet(overlap)
            st.rerun()
        flash.note(said or _("Saved."))

    def saved(self, entry: Entry, *, go_on: bool) -> None:
        """Save one row; then close it, or go on with a new one."""
        self.save(timeline.put(self.based_on, entry))
        self._state["after"] = entry.at
        self.close()
        if go_on:
            self._state["again"] = True
        st.rerun()

    def begin_next(self) -> None:
        """After "save and next" the following run opens a new row, based on what is stored then."""
        if self._state.pop("again", False):
            self.add()

    def delete(self, entry: Entry) -> None:
        self.save(timeline.without(self.based_on, entry.id), said=_("Row deleted."))
        self._state["deleted"] = entry
        self.close()
        st.rerun()

    def undo(self) -> None:
        entry = self._state["deleted"]
        self.save(timeline.put(self.entries, entry), said=_("The row is back."))
        self._state["deleted"] = None
        st.rerun()
