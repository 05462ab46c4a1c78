"""Rows of an old tracker in SQL: many at once, with the columns of the repositories that keep them later."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.incidents import _columns as incident_columns
from db.models import IncidentRow, ObligationRow, PostmortemRow, ServiceRow, UserRow
from db.obligations import _columns as obligation_columns
from db.obligations import note_next_due
from db.postmortems import _columns as postmortem_columns
from pmcore.domain.errors import EditConflict
from pmcore.ports.old_tracker import ImportedRow

BATCH = 500

_T = TypeVar("_T")


class SqlOldTracker:
    def __init__(self, session: Session) -> None:
        self._session = session

    def taken(self, public_ids: Collection[str]) -> frozenset[str]:
        found: set[str] = set()
        for batch in _batches(public_ids):
            found |= set(self._session.scalars(select(IncidentRow.public_id).where(IncidentRow.public_id.in_(batch))))
        return frozenset(found)

    def people(self) -> Mapping[str, int]:
        named: dict[str, set[int]] = {}
        for row in self._session.execute(select(UserRow.id, UserRow.name_key, UserRow.username_key)):
            for key in (row.name_key, row.username_key):
                named.setdefault(key, set()).add(row.id)
        return {key: next(iter(ids)) for key, ids in named.items() if len(ids) == 1}

    def add(self, rows: Sequence[ImportedRow]) -> tuple[int, ...]:
        ids: list[int] = []
        try:
            for batch in _batches(rows):
                ids += self._add(batch)
        except IntegrityError as error:
            raise EditConflict from error
        return tuple(ids)

    def _add(self, rows: Sequence[ImportedRow]) -> Sequence[int]:
        """The engines return new rows in an order of their own, so each is found again by what it carries."""
        services = self._keys(ServiceRow, {row.incident.service_id for row in rows})
        authors = self._keys(UserRow, {row.postmortem.author_id for row in rows})
        incidents: dict[str, int] = {
            row.public_id: row.id
            for row in self._session.execute(
                insert(IncidentRow).returning(IncidentRow.id, IncidentRow.public_id),
                [
                    {
                        "public_id": r.incident.public_id,
                        "version": 1,
                        "service_key": services[r.incident.service_id],
                        **incident_columns(r.incident),
                    }
                    for r in rows
                ],
            )
        }
        ids = [incidents[row.incident.public_id] for row in rows]
        self._session.execute(
            insert(ObligationRow),
            [
                {"incident_id": incident_id, "version": 1, **obligation_columns(r.obligation)}
                for incident_id, r in zip(ids, rows, strict=True)
            ],
        )
        note_next_due(self._session, ids)
        documents: dict[int, int] = {
            row.incident_id: row.id
            for row in self._session.execute(
                insert(PostmortemRow).returning(PostmortemRow.id, PostmortemRow.incident_id),
                [
                    {"author_key": authors[r.postmortem.author_id], **_postmortem(r, incident_id)}
                    for incident_id, r in zip(ids, rows, strict=True)
                ],
            )
        }
        return [documents[incident_id] for incident_id in ids]

    def _keys(self, named: type[ServiceRow | UserRow], ids: Collection[int]) -> Mapping[int, str]:
        found = self._session.execute(select(named.id, named.name_key).where(named.id.in_(ids)))
        return {row.id: row.name_key for row in found}


def _postmortem(row: ImportedRow, incident_id: int) -> dict[str, Any]:
    return {
        **postmortem_columns(row.postmortem),
        "incident_id": incident_id,
        "created_at": row.postmortem.created_at,
        "items_total": row.postmortem.items_total,
        "items_done": row.postmortem.items_done,
        "imported": dict(row.postmortem.imported or {}),
        "imported_author_key": row.unknown_author.casefold() or None,
        "deleted_at": None,
        "version": 1,
    }


def _batches(things: Iterable[_T]) -> Iterator[list[_T]]:
    every = list(things)
    for start in range(0, len(every), BATCH):
        yield every[start : start + BATCH]
