"""Commands of an amendment, the draft of the next edition: start it, give it up, take it up again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pmcore.domain import lifecycle
from pmcore.domain.action_item import ActionItem, is_untouched
from pmcore.domain.errors import N_
from pmcore.domain.incident import Incident
from pmcore.domain.item_terms import Terms, reword, terms_of
from pmcore.domain.lifecycle import Event
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.postmortem import Postmortem
from pmcore.domain.sections import FACTS, Content
from pmcore.domain.vocabulary import ActionKind, ActionPriority, SectionKey
from pmcore.ports import Clock, OpenUnitOfWork, UnitOfWork
from pmcore.usecases.attachments import settle_files
from pmcore.usecases.facts import refresh_facts
from pmcore.usecases.under_review import locked, require_in_charge


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAmendment:
    postmortem_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardAmendment:
    postmortem_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeAmendment:
    """Undo of DiscardAmendment, which gives it; the text comes back as a draft, in review or not."""

    postmortem_id: int
    edition_number: int  #: the newest one then: over a later one nothing is brought back
    versions: Mapping[SectionKey, int] = field(default_factory=dict)  #: of the sections as they were given up
    item_ids: tuple[int, ...] = ()  #: that went along
    terms: Mapping[int, Terms] = field(default_factory=dict)  #: how items of earlier editions were worded


def start_amendment(command: StartAmendment, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Open the working copy for the next edition, with the facts of today; readers keep the present one.

    Raises Forbidden, NotFound, NotTheAuthor, NotNow.
    """
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        incident, postmortem = locked(work, command.postmortem_id, actor)
        require_in_charge(postmortem, actor)
        if postmortem.imported is not None:
            raise lifecycle.NotNow(N_("This post-mortem came from the old tracker; its text is kept there."))
        open_amendment(work, incident, postmortem, by_id=actor.user_id, now=now)


def open_amendment(work: UnitOfWork, incident: Incident, postmortem: Postmortem, *, by_id: int, now: datetime) -> None:
    """Both are held. Raises NotNow."""
    _move(work, postmortem, Event.AMEND, now=now)
    work.reviews.answer_returns(postmortem.id, at=now)  # those of an amendment that was given up
    items = work.action_items.of(postmortem.id)
    refresh_facts(work, postmortem_id=postmortem.id, incident=incident, items=items, by_id=by_id, now=now)
    work.audit(actor_id=by_id, did="amend", to=f"postmortem/{postmortem.id}", at=now)


def discard_amendment(
    command: DiscardAmendment, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock
) -> ResumeAmendment:
    """The working copy says again what the newest edition says; what was written stays in the history.

    Action items that the amendment added go along while nobody has begun them; earlier ones get their words back.
    Returns the command that undoes it. Raises Forbidden, NotFound, NotTheAuthor, NotNow.
    """
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        _, postmortem = locked(work, command.postmortem_id, actor)
        require_in_charge(postmortem, actor)
        _move(work, postmortem, Event.DISCARD, now=now)
        edition = work.reviews.newest_edition(postmortem.id)
        items = work.action_items.of(postmortem.id)
        added = tuple(item for item in items if item.created_at > edition.published_at and is_untouched(item))
        for item in added:
            work.action_items.save(replace(item, deleted_at=now))
        reworded = _words_back(work, items, edition.content["items"])
        sections = {SectionKey(key): content for key, content in edition.content["sections"].items()}
        versions = _rewrite(work, postmortem, sections, by_id=actor.user_id, now=now)
        _settle_items(work, postmortem, by_id=actor.user_id, now=now)
        settle_files(work, postmortem.id, now=now)
        work.audit(actor_id=actor.user_id, did="discard_amendment", to=f"postmortem/{postmortem.id}", at=now)
    return ResumeAmendment(
        postmortem_id=postmortem.id,
        edition_number=postmortem.edition_number,
        versions=versions,
        item_ids=tuple(item.id for item in added),
        terms=reworded,
    )


def resume_amendment(command: ResumeAmendment, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NotTheAuthor, NotNow when it is amended or published anew meanwhile."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        incident, postmortem = locked(work, command.postmortem_id, actor)
        require_in_charge(postmortem, actor)
        if postmortem.edition_number != command.edition_number:
            raise lifecycle.NotNow(N_("A later edition was published meanwhile; the history still has what you wrote."))
        _move(work, postmortem, Event.AMEND, now=now)
        for item_id in command.item_ids:
            item = work.action_items.get(item_id, actor=actor)
            work.action_items.save(replace(item, deleted_at=None))
        for item in work.action_items.of(postmortem.id):
            if item.id in command.terms:
                work.action_items.save(_worded(item, command.terms[item.id]))
        given_up = {
            key: work.sections.at_version(postmortem.id, key, version) for key, version in command.versions.items()
        }
        _rewrite(work, postmortem, given_up, by_id=actor.user_id, now=now)
        refresh_facts(work, postmortem_id=postmortem.id, incident=incident, by_id=actor.user_id, now=now)
        _settle_items(work, postmortem, by_id=actor.user_id, now=now)
        settle_files(work, postmortem.id, now=now)
        work.audit(actor_id=actor.user_id, did="resume_amendment", to=f"postmortem/{postmortem.id}", at=now)


def _move(work: UnitOfWork, postmortem: Postmortem, event: Event, *, now: datetime) -> None:
    """Raises NotNow."""
    status, amendment = lifecycle.step(status=postmortem.status, amendment=postmortem.amendment, event=event)
    work.postmortems.save(replace(postmortem, status=status, amendment=amendment, changed_at=now))


def _words_back(
    work: UnitOfWork, items: Iterable[ActionItem], published: Iterable[Mapping[str, Any]]
) -> dict[int, Terms]:
    """Items of the edition are worded as it words them. Returns how those that changed were worded."""
    before = {}
    by_number = {item.number: item for item in items}
    for said in published:
        if (item := by_number.get(int(said["number"]))) is None:
            continue
        words = replace(
            terms_of(item),
            title=said["title"],
            kind=ActionKind(said["kind"]),
            priority=ActionPriority(said["priority"]),
            criterion=said["criterion"],
        )
        if words != terms_of(item):
            before[item.id] = terms_of(item)
            work.action_items.save(_worded(item, words))
    return before


def _worded(item: ActionItem, terms: Terms) -> ActionItem:
    """Owner and due date have moved on by ways of their own, and stay."""
    return reword(item, replace(terms, owner_id=item.owner_id, due_on=item.due_on))


def _rewrite(
    work: UnitOfWork, postmortem: Postmortem, contents: Mapping[SectionKey, Content], *, by_id: int, now: datetime
) -> dict[SectionKey, int]:
    """Write these contents where they differ, each as a revision of its own. Returns the versions before."""
    before = {}
    for key, content in contents.items():
        stored = work.sections.get(postmortem.id, key)
        if key is SectionKey.ACTION_ITEMS:  # its facts are copied from the items
            content = {**content, FACTS: stored.content.get(FACTS, {})}
        if content != stored.content:
            before[key] = stored.version
            work.sections.save(stored, content=content, by_id=by_id, at=now, new_revision=True)
    return before


def _settle_items(work: UnitOfWork, postmortem: Postmortem, *, by_id: int, now: datetime) -> None:
    work.action_items.recount(postmortem.id)
    items = work.action_items.of(postmortem.id)
    refresh_facts(work, postmortem_id=postmortem.id, items=items, by_id=by_id, now=now)
