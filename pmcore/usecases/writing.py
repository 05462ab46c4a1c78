"""Commands that change what a post-mortem says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pmcore.domain.content import canonical, normalise
from pmcore.domain.errors import N_, EditConflict, PmError
from pmcore.domain.incident import Incident
from pmcore.domain.merge import Merged, merge
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.postmortem import Postmortem, StoredSection, require_may_edit
from pmcore.domain.progress import standing
from pmcore.domain.sections import BY_KEY, FACTS, FILES, Content
from pmcore.domain.sign_off import decides
from pmcore.domain.vocabulary import SectionKey
from pmcore.ports import Clock, OpenUnitOfWork, UnitOfWork
from pmcore.usecases import likeness
from pmcore.usecases.under_review import locked


class Overlap(PmError):
    """Somebody else changed the same lines meanwhile; both texts are here, and nothing was saved."""

    def __init__(self, *, key: SectionKey, merged: Merged, version: int, by_id: int | None, at: datetime) -> None:
        super().__init__(
            N_("Somebody changed the same lines meanwhile. Both texts are shown below: choose, then save again.")
        )
        self.key = key
        self.merged = merged
        self.version = version  #: of what is stored now: the base of the next save
        self.by_id = by_id  #: who wrote the other text
        self.at = at


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSection:
    postmortem_id: int
    key: SectionKey
    base_version: int  #: of the text that this browser showed last
    content: Content  #: facts and files in it are ignored: they come another way
    mine_over: bool = False  #: where both changed the same lines, keep mine; the other text stays in the history
    settles: bool = False  #: an overlap was decided line by line; the other text stays in the history
    base: Content | None = None  #: the text of which `content` is the change; None: that of `base_version`


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSection:
    version: int
    merged: bool  #: somebody else's change was put together with this one
    changed: bool  #: False: it said that already
    content: Content  #: what is stored now
    saved_at: datetime
    moved: bool = False  #: what is missing, whose signature holds, or what it seems to repeat is not what it was


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRevision:
    postmortem_id: int
    key: SectionKey
    number: int
    base_version: int


def save_section(command: SaveSection, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> SavedSection:
    """Write a section, merging with what was saved since it was shown.

    Raises Forbidden, NotFound, NotTheAuthor, NotNow, BadText, Overlap.
    """
    require(actor, Right.WRITE)
    now = clock()
    section = BY_KEY[command.key]
    with begin() as work:
        incident, postmortem = _held(work, command, actor)
        require_may_edit(postmortem, actor.user_id)
        stored = work.sections.get(command.postmortem_id, command.key)
        mine = content = normalise(section, {**command.content, **_given(stored)})
        base = _base(work, command, stored)
        begins = command.settles
        if base is not None:
            merged = merge(section, base=base, mine=mine, theirs=stored.content)
            if merged.overlaps and not command.mine_over:
                raise Overlap(
                    key=command.key, merged=merged, version=stored.version, by_id=stored.saved_by_id, at=stored.saved_at
                )
            begins = begins or bool(merged.overlaps)
            content = normalise(section, merged.content)
        has_merged = content != mine
        if canonical(content) == canonical(stored.content):
            return _said(stored, merged=has_merged, changed=False)
        saved = _write(
            work, postmortem, stored, content, actor=actor, now=now, new_revision=begins,
            remember=command.base is None,
        )  # fmt: skip
        moved = _moves(work, postmortem, stored, saved)
        if incident is not None and likeness.tells(stored.content) != likeness.tells(saved.content):
            moved = likeness.look(work, incident, now=now) or moved
    return _said(saved, merged=has_merged, moved=moved)


def _held(work: UnitOfWork, command: SaveSection | RestoreRevision, actor: Actor) -> tuple[Incident | None, Postmortem]:
    """The post-mortem, and before it the incident where the section tells what it may repeat. Raises NotFound."""
    if command.key is SectionKey.ROOT_CAUSE:
        return locked(work, command.postmortem_id, actor)
    return None, work.postmortems.get(command.postmortem_id, actor=actor)


def _base(work: UnitOfWork, command: SaveSection, stored: StoredSection) -> Content | None:
    """What to merge against; None where nobody else has written since."""
    if command.base is None:
        if command.base_version == stored.version:
            return None
        return work.sections.at_version(command.postmortem_id, command.key, command.base_version)
    base = normalise(BY_KEY[command.key], {**command.base, **_given(stored)})
    return None if canonical(base) == canonical(stored.content) else base


def _given(stored: StoredSection) -> dict[str, Any]:
    """What a section says that is not written here: facts and files, as they are now."""
    return {name: stored.content.get(name) for name in (FACTS, FILES)}


def _moves(work: UnitOfWork, postmortem: Postmortem, before: StoredSection, after: StoredSection) -> bool:
    section = BY_KEY[before.key]
    if standing(section, before.content) != standing(section, after.content):
        return True
    if postmortem.submitted_at is None:  # nobody can have signed
        return False
    return before.content_hash != after.content_hash and any(
        decides(signature, key=before.key, before=before.content_hash, after=after.content_hash)
        for signature in work.reviews.signatures(before.postmortem_id)
    )


def _said(stored: StoredSection, *, merged: bool, changed: bool = True, moved: bool = False) -> SavedSection:
    return SavedSection(
        version=stored.version, merged=merged, changed=changed, content=stored.content, saved_at=stored.saved_at,
        moved=moved,
    )  # fmt: skip


def restore_revision(command: RestoreRevision, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> SavedSection:
    """Write an earlier text again, as a new revision; facts and files stay those of today.

    Raises Forbidden, NotFound, NotTheAuthor, NotNow, EditConflict.
    """
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        incident, postmortem = _held(work, command, actor)
        require_may_edit(postmortem, actor.user_id)
        stored = work.sections.get(command.postmortem_id, command.key)
        if stored.version != command.base_version:
            raise EditConflict
        earlier = work.sections.revision(command.postmortem_id, command.key, command.number)
        content = normalise(BY_KEY[command.key], {**earlier, **_given(stored)})
        if canonical(content) == canonical(stored.content):
            return _said(stored, merged=False, changed=False)
        saved = _write(work, postmortem, stored, content, actor=actor, now=now, new_revision=True)
        if incident is not None:
            likeness.look(work, incident, now=now)
    return _said(saved, merged=False, moved=True)


def _write(
    work: UnitOfWork, postmortem: Postmortem, stored: StoredSection, content: Content, *, actor: Actor, now: datetime,
    new_revision: bool, remember: bool = True,
) -> StoredSection:  # fmt: skip
    saved = work.sections.save(
        stored, content=content, by_id=actor.user_id, at=now, new_revision=new_revision, remember=remember
    )
    work.postmortems.touch(postmortem, at=now)
    if saved.begins_revision:  # typing saves every other second
        work.audit(
            actor_id=actor.user_id,
            did="save_section",
            to=f"postmortem/{postmortem.id}/{stored.key}/{saved.version}",
            at=now,
        )
    return saved
