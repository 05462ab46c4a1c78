"""Commands that put files beside a section, and take them away."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pmcore.domain import attachment as rules
from pmcore.domain.attachment import Attachment, Entry
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.postmortem import StoredSection, require_may_edit
from pmcore.domain.vocabulary import SectionKey
from pmcore.ports import Clock, OpenUnitOfWork, UnitOfWork

KEPT = timedelta(days=30)  #: what was put away and never published


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachFile:
    postmortem_id: int
    section: SectionKey
    name: str  #: as the browser says it
    data: bytes
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionFile:
    file_id: int
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteFile:
    file_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BringFileBack:
    """Undo of DeleteFile, which gives it."""

    file_id: int
    caption: str = ""
    place: int = 0  #: among the section's files


def attach_file(command: AttachFile, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> int:
    """Returns its id. Raises Forbidden, NotFound, NotTheAuthor, NotNow, FileRefused, BadText."""
    require(actor, Right.WRITE)
    name = rules.name_of(command.name)
    known_type = rules.type_of(name, command.data)
    caption = rules.caption_of(command.caption)
    sha256 = hashlib.sha256(command.data).hexdigest()
    now = clock()
    with begin() as work:
        stored = _open(work, command.postmortem_id, command.section, actor)
        work.attachments.forget(command.postmortem_id, before=now - KEPT)
        count, total = work.attachments.room(command.postmortem_id)
        rules.require_room(count=count, total=total, size=len(command.data))
        file = Attachment(
            id=0, postmortem_id=command.postmortem_id, section=command.section, name=name, type=known_type,
            size=len(command.data), sha256=sha256, by_id=actor.user_id, at=now,
        )  # fmt: skip
        file = replace(file, id=work.attachments.add(file, command.data))
        named = (*rules.entries(stored.content), rules.entry(file, caption))
        _name(work, stored, named, did="attach_file", file_id=file.id, actor=actor, now=now)
    return file.id


def caption_file(command: CaptionFile, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NotTheAuthor, NotNow, FileRefused, BadText."""
    require(actor, Right.WRITE)
    caption = rules.caption_of(command.caption)
    now = clock()
    with begin() as work:
        stored, named, place = _named(work, command.file_id, actor)
        if named[place].caption == caption:
            return
        named = (*named[:place], replace(named[place], caption=caption), *named[place + 1 :])
        _name(work, stored, named, did="caption_file", file_id=command.file_id, actor=actor, now=now)


def delete_file(command: DeleteFile, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> BringFileBack:
    """Out of the working copy; editions that show it keep it. Returns the command that undoes it.

    Raises Forbidden, NotFound, NotTheAuthor, NotNow.
    """
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        stored, named, place = _named(work, command.file_id, actor)
        rest = (*named[:place], *named[place + 1 :])
        _name(work, stored, rest, did="delete_file", file_id=command.file_id, actor=actor, now=now)
        settle_files(work, stored.postmortem_id, now=now)
    return BringFileBack(file_id=command.file_id, caption=named[place].caption, place=place)


def bring_file_back(command: BringFileBack, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Once it is there, nothing changes. Raises Forbidden, NotFound, NotTheAuthor, NotNow, FileRefused, BadText."""
    require(actor, Right.WRITE)
    caption = rules.caption_of(command.caption)
    now = clock()
    with begin() as work:
        file = work.attachments.get(command.file_id, actor=actor)
        stored = _open(work, file.postmortem_id, file.section, actor)
        file = work.attachments.get(command.file_id, actor=actor)  # as it is now that the post-mortem is held
        named = rules.entries(stored.content)
        if any(known.id == file.id for known in named):
            return
        count, total = work.attachments.room(file.postmortem_id)
        rules.require_room(count=count, total=total, size=file.size)
        named = (*named[: command.place], rules.entry(file, caption), *named[command.place :])
        _name(work, stored, named, did="restore_file", file_id=file.id, actor=actor, now=now)
        settle_files(work, file.postmortem_id, now=now)


def settle_files(work: UnitOfWork, postmortem_id: int, *, now: datetime) -> None:
    """After sections were written anew: what they name is there, all else is put away. The post-mortem is held."""
    named = {
        known.id for stored in work.sections.all(postmortem_id).values() for known in rules.entries(stored.content)
    }
    work.attachments.settle(postmortem_id, named, at=now)


def _open(work: UnitOfWork, postmortem_id: int, key: SectionKey, actor: Actor) -> StoredSection:
    """The section, held for writing. Raises NotFound, NotTheAuthor, NotNow."""
    require_may_edit(work.postmortems.get(postmortem_id, actor=actor), actor.user_id)
    return work.sections.get(postmortem_id, key)


def _named(work: UnitOfWork, file_id: int, actor: Actor) -> tuple[StoredSection, tuple[Entry, ...], int]:
    """The section that names the file, its files, and where among them. Raises NotFound, NotTheAuthor, NotNow."""
    file = work.attachments.get(file_id, actor=actor)
    stored = _open(work, file.postmortem_id, file.section, actor)
    named = rules.entries(stored.content)
    place = next((place for place, known in enumerate(named) if known.id == file_id), None)
    if place is None:
        raise NotFound
    return stored, named, place


def _name(
    work: UnitOfWork, stored: StoredSection, named: tuple[Entry, ...], *, did: str, file_id: int, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """The section names these files from now on, as a revision of its own."""
    content = rules.with_entries(stored.content, named)
    work.sections.save(stored, content=content, by_id=actor.user_id, at=now, new_revision=True)
    work.postmortems.touch(work.postmortems.get(stored.postmortem_id, actor=actor), at=now)
    work.audit(actor_id=actor.user_id, did=did, to=f"file/{file_id}", at=now)
