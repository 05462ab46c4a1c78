"""Post-mortems and their members in SQL: row <-> dataclass, and nothing else."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from db.models import IncidentRow, MemberRow, PostmortemRow, SectionRow, UserRow
from db.queries.prepared import THIS, anybody, asked_by
from db.visibility import can_see
from pmcore.domain.errors import EditConflict, NotFound
from pmcore.domain.permissions import Actor
from pmcore.domain.postmortem import Member, Postmortem
from pmcore.domain.vocabulary import Amendment, MemberRole, PostmortemStatus, SectionKey, Severity

_MEMBERS = (
    select(MemberRow.user_id, MemberRow.role)
    .where(MemberRow.postmortem_id == THIS)
    .order_by(MemberRow.role, MemberRow.user_id)
)
_HASHES = select(SectionRow.key, SectionRow.content_hash).where(SectionRow.postmortem_id == THIS)


_POSTMORTEMS: Any = PostmortemRow.__table__
_TOUCHED = (
    update(_POSTMORTEMS)
    .where(_POSTMORTEMS.c.id == THIS, _POSTMORTEMS.c.version == bindparam("known"))
    .values(version=bindparam("new_version"), changed_at=bindparam("new_changed_at"))
)


@cache
def _locked(actor: Actor) -> Select[PostmortemRow, str]:
    return (
        select(PostmortemRow, IncidentRow.highest_severity)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .where(PostmortemRow.id == THIS, PostmortemRow.deleted_at.is_(None), can_see(actor))
        .with_for_update(of=PostmortemRow)
    )


class SqlPostmortems:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, postmortem_id: int, *, actor: Actor) -> Postmortem:
        self._session.flush()
        connection = self._session.connection()  # rows, not entities: typing asks every other second
        row = connection.execute(_locked(anybody(actor)), {**asked_by(actor), "this": postmortem_id}).one_or_none()
        if row is None:
            raise NotFound
        members = connection.execute(_MEMBERS, {"this": postmortem_id})
        hashes = connection.execute(_HASHES, {"this": postmortem_id})
        return to_postmortem(
            row,
            severity=row.highest_severity,
            members=(Member(user_id=member.user_id, role=MemberRole(member.role)) for member in members),
            hashes={SectionKey(key): content_hash for key, content_hash in hashes},
        )

    def of_incident(self, incident_id: int) -> int | None:
        return self._session.scalar(
            select(PostmortemRow.id).where(PostmortemRow.incident_id == incident_id, PostmortemRow.deleted_at.is_(None))
        )

    def add(self, postmortem: Postmortem) -> int:
        row = PostmortemRow(
            incident_id=postmortem.incident_id,
            created_at=postmortem.created_at,
            items_total=postmortem.items_total,
            items_done=postmortem.items_done,
            imported=None if postmortem.imported is None else dict(postmortem.imported),
            deleted_at=None,
            version=1,
            **_columns(postmortem),
        )
        self._session.add(row)
        self._session.flush()
        self._write_members(row.id, before=frozenset(), after=postmortem.members)
        return row.id

    def save(self, postmortem: Postmortem) -> None:
        saved = self._session.execute(
            update(PostmortemRow)
            .filter_by(id=postmortem.id, version=postmortem.version)
            .values(
                version=postmortem.version + 1,
                author_key=select(UserRow.name_key).filter_by(id=postmortem.author_id).scalar_subquery(),
                **_columns(postmortem),
            )
            .returning(PostmortemRow.id)
            .execution_options(synchronize_session=False)
        ).first()
        if saved is None:
            raise EditConflict
        before = self._session.execute(
            select(MemberRow.user_id, MemberRow.role).where(MemberRow.postmortem_id == postmortem.id)
        )
        self._write_members(
            postmortem.id,
            before=frozenset(Member(user_id=user_id, role=MemberRole(role)) for user_id, role in before),
            after=postmortem.members,
        )

    def touch(self, postmortem: Postmortem, *, at: datetime) -> None:
        saved = self._session.connection().execute(
            _TOUCHED,
            {
                "this": postmortem.id, "known": postmortem.version, "new_version": postmortem.version + 1,
                "new_changed_at": at,
            },
        )  # fmt: skip
        if not saved.rowcount:
            raise EditConflict

    def _write_members(self, postmortem_id: int, *, before: frozenset[Member], after: tuple[Member, ...]) -> None:
        for gone in before - set(after):
            self._session.execute(
                delete(MemberRow).filter_by(postmortem_id=postmortem_id, user_id=gone.user_id, role=gone.role)
            )
        if new := [member for member in dict.fromkeys(after) if member not in before]:
            self._session.execute(
                insert(MemberRow),
                [{"postmortem_id": postmortem_id, "user_id": each.user_id, "role": each.role} for each in new],
            )


def to_postmortem(
    row: Any, *, severity: str, members: Iterable[Member], hashes: Mapping[SectionKey, str]
) -> Postmortem:
    return Postmortem(
        id=row.id,
        incident_id=row.incident_id,
        severity=Severity(severity),
        author_id=row.author_id,
        status=PostmortemStatus(row.status),
        amendment=Amendment(row.amendment) if row.amendment else None,
        created_at=row.created_at,
        changed_at=row.changed_at,
        shared_at=row.shared_at,
        submitted_at=row.submitted_at,
        first_published_at=row.first_published_at,
        edition_number=row.edition_number,
        items_total=row.items_total,
        items_done=row.items_done,
        imported=row.imported,
        members=tuple(members),
        section_hashes=dict(hashes),
        version=row.version,
    )


def _columns(postmortem: Postmortem) -> dict[str, object]:
    return {
        "author_id": postmortem.author_id,
        "status": postmortem.status,
        "amendment": postmortem.amendment,
        "shared_at": postmortem.shared_at,
        "submitted_at": postmortem.submitted_at,
        "first_published_at": postmortem.first_published_at,
        "edition_number": postmortem.edition_number,
        "changed_at": postmortem.changed_at,
    }
