"""Sections and revisions in SQL: row <-> dataclass, and nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Integer, bindparam, delete, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from db.models import RevisionRow, SectionRow, SectionVersionRow
from db.queries.prepared import THIS
from db.types import UtcDateTime
from pmcore.domain.content import content_hash
from pmcore.domain.errors import EditConflict, NotFound
from pmcore.domain.postmortem import StoredSection
from pmcore.domain.progress import standing
from pmcore.domain.revision import REMEMBERED, continues_stretch
from pmcore.domain.sections import BY_KEY, Content
from pmcore.domain.vocabulary import SectionKey

_SECTION: BindParameter[SectionKey] = bindparam("section")
_LOCKED = select(SectionRow).where(SectionRow.postmortem_id == THIS, SectionRow.key == _SECTION).with_for_update()
_NEWEST = (
    select(RevisionRow.id, RevisionRow.number, RevisionRow.by_id, RevisionRow.saved_at, RevisionRow.is_sealed)
    .where(RevisionRow.postmortem_id == THIS, RevisionRow.section_key == _SECTION)
    .order_by(RevisionRow.number.desc())
    .limit(1)
)
#: Without the ORM, which takes longer than the database: typing writes these every other second.
_SECTIONS: Any = SectionRow.__table__
_REVISIONS: Any = RevisionRow.__table__
_STANDING = ("is_empty", "blank")
_SAVING = update(_SECTIONS).where(
    _SECTIONS.c.postmortem_id == THIS,
    _SECTIONS.c.key == bindparam("section"),
    _SECTIONS.c.version == bindparam("known"),
)
_TEXT: dict[str, Any] = {
    name: bindparam(f"new_{name}") for name in ("content", "content_hash", "saved_at", "saved_by_id", "version")
}
_SAVED = _SAVING.values({**_TEXT, **{name: bindparam(f"new_{name}") for name in _STANDING}})
#: Where the section stands as before: nobody's inbox asks again for a word that was typed.
_SAVED_TEXT = _SAVING.values(_TEXT)
_GROWN = (
    update(_REVISIONS)
    .where(_REVISIONS.c.id == THIS)
    .values({name: bindparam(f"new_{name}") for name in ("content", "content_hash", "section_version", "saved_at")})
)
_FORGOTTEN = delete(SectionVersionRow).where(
    SectionVersionRow.postmortem_id == THIS,
    SectionVersionRow.key == _SECTION,
    SectionVersionRow.saved_at < bindparam("before", type_=UtcDateTime()),
    SectionVersionRow.version < bindparam("version", type_=Integer()),
)


class SqlSections:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._stands: dict[tuple[int, SectionKey, int], dict[str, Any]] = {}  #: of a version, as its row says it

    def get(self, postmortem_id: int, key: SectionKey) -> StoredSection:
        self._session.flush()
        row = self._session.connection().execute(_LOCKED, {"this": postmortem_id, "section": key}).one_or_none()
        if row is None:
            raise NotFound
        self._stands[postmortem_id, key, row.version] = {name: getattr(row, name) for name in _STANDING}
        return to_stored(row)

    def all(self, postmortem_id: int) -> Mapping[SectionKey, StoredSection]:
        rows = self._session.scalars(
            select(SectionRow).filter_by(postmortem_id=postmortem_id).execution_options(populate_existing=True)
        )
        found = {row.key: to_stored(row) for row in rows}
        return {key: found[key] for key in SectionKey if key in found}

    def add(self, postmortem_id: int, key: SectionKey, *, content: Content, by_id: int | None, at: datetime) -> None:
        self._session.add(
            SectionRow(
                postmortem_id=postmortem_id,
                key=key,
                saved_at=at,
                saved_by_id=by_id,
                version=1,
                **_written(key, content),
            )
        )
        self._remember(postmortem_id, key, version=1, content=content, at=at)
        self._begin_revision(postmortem_id, key, number=1, version=1, content=content, by_id=by_id, at=at)

    def save(
        self, stored: StoredSection, *, content: Content, by_id: int | None, at: datetime, new_revision: bool = False,
        remember: bool = True,
    ) -> StoredSection:  # fmt: skip
        version = stored.version + 1
        written = _written(stored.key, content)
        new = {**written, "saved_at": at, "saved_by_id": by_id, "version": version}
        stood = self._stands.get((stored.postmortem_id, stored.key, stored.version))
        if stands_as_before := stood == {name: written[name] for name in _STANDING}:
            new = {name: new[name] for name in _TEXT}
        saved = self._session.connection().execute(
            _SAVED_TEXT if stands_as_before else _SAVED,
            {
                "this": stored.postmortem_id, "section": stored.key, "known": stored.version,
                **{f"new_{name}": value for name, value in new.items()},
            },
        )  # fmt: skip
        if not saved.rowcount:
            raise EditConflict
        if remember:
            self._remember(stored.postmortem_id, stored.key, version=version, content=content, at=at)
        begins = self._write_revision(stored, version=version, content=content, by_id=by_id, at=at, begin=new_revision)
        return replace(
            stored,
            content=dict(content),
            content_hash=written["content_hash"],
            version=version,
            saved_at=at,
            saved_by_id=by_id,
            begins_revision=begins,
        )

    def at_version(self, postmortem_id: int, key: SectionKey, version: int) -> Content:
        shown = self._session.scalar(
            select(SectionVersionRow.content).filter_by(postmortem_id=postmortem_id, key=key, version=version)
        )
        if shown is None:
            shown = self._session.scalar(
                select(RevisionRow.content)
                .filter_by(postmortem_id=postmortem_id, section_key=key)
                .where(RevisionRow.section_version <= version)
                .order_by(RevisionRow.number.desc())
                .limit(1)
            )
        if shown is None:
            raise NotFound
        return dict(shown)

    def revision(self, postmortem_id: int, key: SectionKey, number: int) -> Content:
        content = self._session.scalar(
            select(RevisionRow.content).filter_by(postmortem_id=postmortem_id, section_key=key, number=number)
        )
        if content is None:
            raise NotFound
        return dict(content)

    def seal(self, postmortem_id: int, hashes: Mapping[SectionKey, str]) -> Mapping[SectionKey, int]:
        newest = aliased(RevisionRow)
        is_newest = ~(
            select(newest.id)
            .where(
                newest.postmortem_id == RevisionRow.postmortem_id,
                newest.section_key == RevisionRow.section_key,
                newest.number > RevisionRow.number,
            )
            .correlate(RevisionRow)
            .exists()
        )
        sealed = self._session.execute(
            update(RevisionRow)
            .where(
                RevisionRow.postmortem_id == postmortem_id,
                tuple_(RevisionRow.section_key, RevisionRow.content_hash).in_(
                    [(key.value, content_hash) for key, content_hash in hashes.items()]
                ),
                is_newest,
            )
            .values(is_sealed=True)
            .returning(RevisionRow.section_key, RevisionRow.number)
            .execution_options(synchronize_session=False)
        )
        return {SectionKey(row.section_key): row.number for row in sealed}

    def _remember(self, postmortem_id: int, key: SectionKey, *, version: int, content: Content, at: datetime) -> None:
        self._session.execute(
            _FORGOTTEN, {"this": postmortem_id, "section": key, "before": at - REMEMBERED, "version": version - 1}
        )
        self._session.add(
            SectionVersionRow(postmortem_id=postmortem_id, key=key, version=version, content=dict(content), saved_at=at)
        )
        self._session.flush()

    def _write_revision(
        self, stored: StoredSection, *, version: int, content: Content, by_id: int | None, at: datetime, begin: bool
    ) -> bool:
        """Grow the newest revision, or begin the next one; whether it did the latter."""
        self._session.flush()
        connection = self._session.connection()
        newest = connection.execute(_NEWEST, {"this": stored.postmortem_id, "section": stored.key}).one_or_none()
        grows = newest is not None and continues_stretch(
            last_by_id=newest.by_id, last_saved_at=newest.saved_at, by_id=by_id, now=at
        )
        if newest is not None and grows and not newest.is_sealed and not begin:
            connection.execute(
                _GROWN,
                {
                    "this": newest.id, "new_content": dict(content), "new_content_hash": content_hash(content),
                    "new_section_version": version, "new_saved_at": at,
                },
            )  # fmt: skip
            return False
        number = newest.number + 1 if newest is not None else 1
        self._begin_revision(
            stored.postmortem_id, stored.key, number=number, version=version, content=content, by_id=by_id, at=at
        )
        return True

    def _begin_revision(
        self, postmortem_id: int, key: SectionKey, *, number: int, version: int, content: Content, by_id: int | None,
        at: datetime,
    ) -> None:  # fmt: skip
        self._session.add(
            RevisionRow(
                postmortem_id=postmortem_id, section_key=key, number=number, section_version=version,
                content=dict(content), content_hash=content_hash(content), by_id=by_id, started_at=at, saved_at=at,
                is_sealed=False,
            )
        )  # fmt: skip
        self._session.flush()


def to_stored(row: Any) -> StoredSection:
    return StoredSection(
        postmortem_id=row.postmortem_id,
        key=SectionKey(row.key),
        content=row.content,
        content_hash=row.content_hash,
        version=row.version,
        saved_at=row.saved_at,
        saved_by_id=row.saved_by_id,
    )


def _written(key: SectionKey, content: Content) -> dict[str, Any]:
    """What a write of content leaves in the row."""
    stands = standing(BY_KEY[key], content)
    return {
        "content": dict(content),
        "content_hash": content_hash(content),
        "is_empty": stands.is_empty,
        "blank": sorted(stands.blank),
    }
