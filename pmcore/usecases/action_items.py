"""Commands that change what is promised, while the text is being written. Signatures cover it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pmcore.domain import action_item, item_terms
from pmcore.domain.action_item import ActionItem, BadItem
from pmcore.domain.errors import N_, EditConflict, NotFound, PmError, Refusals
from pmcore.domain.item_terms import Terms
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.postmortem import Postmortem, require_may_edit
from pmcore.domain.vocabulary import ActionState
from pmcore.ports import Clock, OpenUnitOfWork, UnitOfWork
from pmcore.usecases.facts import refresh_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeItem:
    postmortem_id: int
    terms: Terms
    commit: bool = False  #: at once a promise: a person, a due date, a success criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class EditItem:
    item_id: int
    version: int  #: of the item as it was shown
    terms: Terms
    commit: bool  #: False turns a promise that nobody has begun back into a proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitItems:
    """Every proposal of the post-mortem becomes a promise; all or none."""

    postmortem_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteItem:
    item_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreItem:
    """Undo of DeleteItem."""

    item_id: int


def propose_item(command: ProposeItem, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> int:
    """Returns the item's id. Raises Forbidden, NotFound, NotTheAuthor, NotNow, BadItem, BadText."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        postmortem = _writable(work, command.postmortem_id, actor)
        return add_proposal(work, postmortem, command.terms, commit=command.commit, actor=actor, now=now)


def add_proposal(
    work: UnitOfWork, postmortem: Postmortem, terms: Terms, *, commit: bool = False, actor: Actor, now: datetime
) -> int:
    """A new item of a post-mortem that is held and open for writing. Raises BadItem, BadText."""
    item = ActionItem(
        id=0, postmortem_id=postmortem.id, number=work.action_items.next_number(postmortem.id), title="",
        kind=terms.kind, priority=terms.priority, owner_id=None, agreed_owner_id=None, due_on=None,
        original_due_on=None, criterion="", created_at=now, updated_at=now,
    )  # fmt: skip
    item = item_terms.agree(item, terms, today=_today(work, postmortem.id, now))
    require_active_owner(work, item.owner_id)
    if commit:
        item = action_item.commit(item, now=now)
    item_id = work.action_items.add(item)
    _settle(work, postmortem, did="propose_item", to=f"action_item/{item_id}", actor=actor, now=now)
    return item_id


def edit_item(command: EditItem, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NotTheAuthor, NotNow, BadItem, BadText, NotNow, EditConflict."""

    def edited(work: UnitOfWork, item: ActionItem, now: datetime) -> ActionItem:
        if item.version != command.version:
            raise EditConflict
        if _terms_are_open(work, item):
            new = item_terms.agree(item, command.terms, today=_today(work, item.postmortem_id, now))
        else:
            new = item_terms.reword(item, command.terms)
        is_proposal = item.state is ActionState.PROPOSED
        if new.owner_id != item.owner_id or (is_proposal and command.commit):
            require_active_owner(work, new.owner_id)
        if is_proposal:
            return action_item.commit(new, now=now) if command.commit else new
        if not command.commit:
            return action_item.uncommit(new)
        if problems := action_item.missing(new):
            raise problems[0]
        return new

    _change(command.item_id, edited, did="edit_item", actor=actor, begin=begin, clock=clock)


def commit_items(command: CommitItems, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NotTheAuthor, NotNow; Refusals with all that is missing."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        postmortem = _writable(work, command.postmortem_id, actor)
        problems: list[PmError] = []
        for item in work.action_items.of(postmortem.id):
            if item.state is not ActionState.PROPOSED:
                continue
            lacks = action_item.missing(item)
            problems.extend(lacks)
            if not lacks:
                require_active_owner(work, item.owner_id)
                work.action_items.save(action_item.commit(item, now=now))
        if problems:
            raise Refusals(tuple(problems))
        _settle(work, postmortem, did="commit_items", to=f"postmortem/{postmortem.id}", actor=actor, now=now)


def delete_item(command: DeleteItem, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Take an item out of the text; its number is not given again.

    Raises Forbidden, NotFound, NotTheAuthor, NotNow, BadItem for one that was published as a promise.
    """

    def deleted(work: UnitOfWork, item: ActionItem, now: datetime) -> ActionItem:
        if not _terms_are_open(work, item):
            raise BadItem(
                N_("AI-{number} was published. A manager can say why it will not be done."), number=item.number
            )
        return replace(item, deleted_at=now)

    _change(command.item_id, deleted, did="delete_item", actor=actor, begin=begin, clock=clock)


def restore_item(command: RestoreItem, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NotTheAuthor, NotNow."""

    def restored(_work: UnitOfWork, item: ActionItem, _now: datetime) -> ActionItem:
        return replace(item, deleted_at=None)

    _change(command.item_id, restored, did="restore_item", actor=actor, begin=begin, clock=clock, gone=True)


def require_active_owner(work: UnitOfWork, owner_id: int | None) -> None:
    """Raises BadItem when the person can no longer sign in."""
    if owner_id is None:
        return
    person = work.people.get(owner_id)
    if not person.active:
        raise BadItem(N_("{name} was deactivated. Choose somebody else as the owner."), field="owner", name=person.name)


def _change(
    item_id: int, rule: Callable[[UnitOfWork, ActionItem, datetime], ActionItem], *, did: str, actor: Actor,
    begin: OpenUnitOfWork, clock: Clock, gone: bool = False,
) -> None:  # fmt: skip
    """Lock the post-mortem, then the item; apply the rule; save, count and copy the facts."""
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        place = work.action_items.places([item_id]).get(item_id)
        if place is None:
            raise NotFound
        postmortem = _writable(work, place.postmortem_id, actor)
        item = work.action_items.get(item_id, actor=actor)
        if (item.deleted_at is not None) is not gone:
            raise NotFound
        work.action_items.save(rule(work, item, now))
        _settle(work, postmortem, did=did, to=f"action_item/{item_id}", actor=actor, now=now)


def _writable(work: UnitOfWork, postmortem_id: int, actor: Actor) -> Postmortem:
    postmortem = work.postmortems.get(postmortem_id, actor=actor)
    require_may_edit(postmortem, actor.user_id)
    return postmortem


def _terms_are_open(work: UnitOfWork, item: ActionItem) -> bool:
    """Until an edition has published the item as a promise."""
    published_at = work.action_items.last_published_at(item.postmortem_id)
    return item.state is ActionState.PROPOSED or published_at is None or item.created_at > published_at


def _today(work: UnitOfWork, postmortem_id: int, now: datetime) -> date:
    return now.astimezone(ZoneInfo(work.action_items.zone(postmortem_id))).date()


def _settle(work: UnitOfWork, postmortem: Postmortem, *, did: str, to: str, actor: Actor, now: datetime) -> None:
    work.postmortems.save(replace(postmortem, changed_at=now))
    work.action_items.recount(postmortem.id)
    items = work.action_items.of(postmortem.id)
    refresh_facts(work, postmortem_id=postmortem.id, items=items, by_id=actor.user_id, now=now)
    work.audit(actor_id=actor.user_id, did=did, to=to, at=now)
