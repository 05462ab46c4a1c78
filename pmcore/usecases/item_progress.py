"""Commands about promises on their way: reports, extensions, new owners. What signatures cover stays as agreed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pmcore.domain import action_item
from pmcore.domain.action_item import ActionItem, Progress
from pmcore.domain.content import MAX_LINE, clean
from pmcore.domain.errors import NotFound, PmError, Refusals
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.postmortem import Postmortem
from pmcore.domain.vocabulary import ActionState
from pmcore.ports import Clock, OpenUnitOfWork, UnitOfWork
from pmcore.ports.action_items import EventKind
from pmcore.usecases.action_items import require_active_owner
from pmcore.usecases.facts import refresh_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    item_id: int
    progress: Progress
    note: str = ""  #: what blocks it, or the evidence; for "on track" anything worth knowing


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportProgress:
    """The week's news of several items; all or none."""

    updates: tuple[Update, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendItem:
    item_id: int
    due_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignItems:
    """All or none."""

    item_ids: tuple[int, ...]
    owner_id: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyItem:
    item_id: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WontDo:
    item_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenItem:
    item_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    item: ActionItem
    postmortem: Postmortem
    today: date  #: in the incident's zone


def report_progress(command: ReportProgress, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Owners report on their own items; on others' with the right to manage items.

    Raises Forbidden, NotFound; Refusals whose problems name their item in `field` ("item-12").
    """
    require(actor, Right.UPDATE_OWN_ITEMS)
    now = clock()
    with begin() as work:
        loaded = _load(work, (update.item_id for update in command.updates), actor=actor, now=now)
        with _all_problems() as problems:
            for update in command.updates:
                item = loaded[update.item_id].item
                _require_own(item, actor)
                try:
                    new = action_item.report(item, update.progress, note=update.note, now=now)
                except PmError as problem:
                    problems.append(_of_item(problem, item.id))
                    continue
                _save(work, item, new, note=update.note, actor=actor, now=now)
        _recount(work, loaded.values())


def extend_item(command: ExtendItem, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, BadItem, NotNow, BadText."""
    require(actor, Right.UPDATE_OWN_ITEMS)
    now = clock()
    reason = clean(command.reason, longest=MAX_LINE, field="reason").strip()
    with begin() as work:
        loaded = _load(work, [command.item_id], actor=actor, now=now)[command.item_id]
        _require_own(loaded.item, actor)
        new = action_item.extend(loaded.item, due_on=command.due_on, reason=reason, today=loaded.today)
        work.action_items.save(new)
        work.action_items.note(
            new.id, kind=EventKind.EXTENSION, old=str(loaded.item.due_on), new=str(new.due_on), note=reason,
            by_id=actor.user_id, at=now,
        )  # fmt: skip
        work.audit(actor_id=actor.user_id, did="extend_item", to=f"action_item/{new.id}", at=now)


def reassign_items(command: ReassignItems, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Before the first edition the new owner becomes the agreed one, which signatures cover; afterwards never.

    Raises Forbidden, NotFound, BadItem for a deactivated owner, Refusals, BadText.
    """
    require(actor, Right.MANAGE_ITEMS)
    now = clock()
    note = clean(command.note, longest=MAX_LINE, field="note").strip()
    with begin() as work:
        loaded = _load(work, command.item_ids, actor=actor, now=now)
        require_active_owner(work, command.owner_id)
        with _all_problems() as problems:
            for each in loaded.values():
                try:
                    new = action_item.reassign(each.item, owner_id=command.owner_id)
                except PmError as problem:
                    problems.append(_of_item(problem, each.item.id))
                    continue
                if each.postmortem.first_published_at is None:
                    new = replace(new, agreed_owner_id=command.owner_id)
                work.action_items.save(new)
                work.action_items.note(
                    new.id, kind=EventKind.REASSIGNMENT, old=str(each.item.owner_id or ""), new=str(new.owner_id),
                    note=note, by_id=actor.user_id, at=now,
                )  # fmt: skip
                work.audit(actor_id=actor.user_id, did="reassign_item", to=f"action_item/{new.id}", at=now)
        for postmortem in {each.postmortem.id: each.postmortem for each in loaded.values()}.values():
            if postmortem.first_published_at is None:
                items = work.action_items.of(postmortem.id)
                refresh_facts(work, postmortem_id=postmortem.id, items=items, by_id=actor.user_id, now=now)


def verify_item(command: VerifyItem, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, BadItem for the owner, NotNow, BadText."""
    require(actor, Right.VERIFY_ITEMS)
    now = clock()
    with begin() as work:
        loaded = _load(work, [command.item_id], actor=actor, now=now)
        item = loaded[command.item_id].item
        _save(work, item, action_item.verify(item, by=actor.user_id, now=now), note=command.note, actor=actor, now=now)
        _recount(work, loaded.values())


def wont_do(command: WontDo, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """A manager approves that an item is given up. Raises Forbidden, NotFound, BadItem, NotNow, BadText."""
    require(actor, Right.APPROVE_WONT_DO)
    now = clock()
    with begin() as work:
        loaded = _load(work, [command.item_id], actor=actor, now=now)
        item = loaded[command.item_id].item
        new = action_item.give_up(item, by=actor.user_id, reason=command.reason, now=now)
        _save(work, item, new, note=command.reason, actor=actor, now=now)
        _recount(work, loaded.values())


def reopen_item(command: ReopenItem, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """What was given up is reopened by those who may approve that; all else by who may verify it.

    Raises Forbidden, NotFound, BadItem, NotNow, BadText.
    """
    require(actor, Right.VERIFY_ITEMS)
    now = clock()
    with begin() as work:
        loaded = _load(work, [command.item_id], actor=actor, now=now)
        item = loaded[command.item_id].item
        if item.state is ActionState.WONT_DO:
            require(actor, Right.APPROVE_WONT_DO)
        new = action_item.reopen(item, reason=clean(command.reason), now=now)
        _save(work, item, new, note=command.reason, actor=actor, now=now)
        _recount(work, loaded.values())


def _load(work: UnitOfWork, item_ids: Iterable[int], *, actor: Actor, now: datetime) -> dict[int, _Loaded]:
    """Lock the post-mortems in the order of their ids, then the items in the order of theirs. Raises NotFound."""
    wanted = sorted(set(item_ids))
    places = work.action_items.places(wanted)
    if len(places) < len(wanted):
        raise NotFound
    ids = sorted({place.postmortem_id for place in places.values()})
    postmortems = {postmortem_id: work.postmortems.get(postmortem_id, actor=actor) for postmortem_id in ids}
    loaded = {}
    for item_id in wanted:
        item = work.action_items.get(item_id, actor=actor)
        if item.deleted_at is not None:
            raise NotFound
        today = now.astimezone(ZoneInfo(places[item_id].zone)).date()
        loaded[item_id] = _Loaded(item=item, postmortem=postmortems[item.postmortem_id], today=today)
    return loaded


def _require_own(item: ActionItem, actor: Actor) -> None:
    if item.owner_id != actor.user_id:
        require(actor, Right.MANAGE_ITEMS)


def _of_item(problem: PmError, item_id: int) -> PmError:
    """The same problem, saying in which row it belongs."""
    return PmError(problem.sentence, field=f"item-{item_id}", **problem.values)


@contextmanager
def _all_problems() -> Iterator[list[PmError]]:
    """What was collected inside is raised together at the end."""
    problems: list[PmError] = []
    yield problems
    if problems:
        raise Refusals(tuple(problems))


def _save(work: UnitOfWork, old: ActionItem, new: ActionItem, *, note: str, actor: Actor, now: datetime) -> None:
    note = clean(note, longest=MAX_LINE, field="note").strip()
    work.action_items.save(new)
    kind = EventKind.NOTE if old.state is new.state else EventKind.STATE
    work.action_items.note(new.id, kind=kind, old=old.state, new=new.state, note=note, by_id=actor.user_id, at=now)
    work.audit(actor_id=actor.user_id, did=f"item_{new.state.value}", to=f"action_item/{new.id}", at=now)


def _recount(work: UnitOfWork, loaded: Iterable[_Loaded]) -> None:
    for postmortem_id in sorted({each.postmortem.id for each in loaded}):
        work.action_items.recount(postmortem_id)
