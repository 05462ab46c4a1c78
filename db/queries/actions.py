"""Action items: mine, a page of all, those of one post-mortem, one with its history."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Engine, Select, String, bindparam, cast, func, select
from sqlalchemy.orm import Session, aliased

from db.action_items import to_item
from db.models import ActionEventRow, ActionItemRow, PostmortemRow, UserRow
from db.queries import totals
from db.queries.actions_asked import conditions, is_shown, items, of_itself, order
from db.queries.days import quarter
from db.queries.prepared import anybody, asked_by
from db.queries.remembered import end_of_minute, remembered
from pmcore.domain.action_item import FINISHED, OPEN, marks, missing
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState
from pmcore.readmodels.actions import PAGE_SIZE, ActionFilter, ActionPage, Due, ItemDetail, ItemEvent, ItemView

MOST_OF_MINE = 50
_APPROVER = aliased(UserRow)
_VERIFIER = aliased(UserRow)
_AGREED = aliased(UserRow)


def mine(engine: Engine, *, actor: Actor, now: datetime) -> tuple[ItemView, ...]:
    """The actor's open items, the most urgent first; the first fifty."""
    require(actor, Right.READ)
    with Session(engine) as session:
        key = ("my-items", actor.user_id, actor.roles)
        ids = remembered(session, key, lambda: tuple(session.scalars(_mine(anybody(actor)), asked_by(actor))))
        return _listed(session, (*key, "rows"), ids, actor=actor, now=now)


def _listed(
    session: Session, key: Hashable, ids: Sequence[int], *, actor: Actor, now: datetime
) -> tuple[ItemView, ...]:
    """The rows, whose marks hold for a minute."""
    return remembered(
        session,
        key,
        lambda: _in_this_order(session, ids, actor=actor, now=now),
        now=now,
        until=lambda _: end_of_minute(now),
    )


def _in_this_order(session: Session, ids: Sequence[int], *, actor: Actor, now: datetime) -> tuple[ItemView, ...]:
    rows = session.execute(_these(anybody(actor)), {**asked_by(actor), "ids": ids}) if ids else ()
    found = {row.ActionItemRow.id: _view(row, now) for row in rows}
    return tuple(found[item_id] for item_id in ids if item_id in found)


@cache
def _these(actor: Actor) -> Select[Any]:
    return items(actor).where(ActionItemRow.id.in_(bindparam("ids", expanding=True)))


@cache
def _mine(actor: Actor) -> Select[Any]:
    return (
        items(actor)
        .where(ActionItemRow.owner_id == actor.user_id, totals.IS_OPEN)
        .order_by(ActionItemRow.due_on, ActionItemRow.id)
        .limit(MOST_OF_MINE)
        .with_only_columns(ActionItemRow.id)
    )


def actions(engine: Engine, *, actor: Actor, now: datetime, filter: ActionFilter) -> ActionPage:
    """A page of the items that the actor may see, counted, filtered and sorted in SQL."""
    require(actor, Right.READ)
    counted, listed = _asked(anybody(actor), replace(filter, page=1), quarter(now))
    values = asked_by(actor)
    with Session(engine) as session:
        key = ("actions", actor.user_id, actor.roles, replace(filter, page=1), filter.due is Due.ANY or quarter(now))
        total = remembered(session, key, lambda: session.scalar(counted, values))
        pages = max(1, -(-(total or 0) // PAGE_SIZE))
        page = min(filter.page, pages)
        place = (*key, filter.sort, filter.descending, page)
        ids = remembered(
            session, place, lambda: tuple(session.scalars(listed, values | {"skipped": (page - 1) * PAGE_SIZE}))
        )
        rows = _listed(session, (*place, "rows"), ids, actor=actor, now=now)
    return ActionPage(rows=rows, total=total or 0, page=page, pages=pages)


@lru_cache(maxsize=128)
def _asked(actor: Actor, filter: ActionFilter, now: datetime) -> tuple[Select[Any], Select[Any]]:
    """How many there are, and a page of them."""
    asked = items(actor).where(*conditions(filter, now))
    skipped: BindParameter[int] = bindparam("skipped")
    if totals.are_promises(filter.states) and filter.due is Due.ANY and not filter.text.split():
        chosen = [ActionItemRow.deleted_at.is_(None), *of_itself(filter)]
        counted = totals.items(chosen, is_shown(actor, filter), all_open=OPEN.issuperset(filter.states))
    else:
        counted = select(func.count()).select_from(asked.with_only_columns(ActionItemRow.id).subquery())
    return counted, asked.with_only_columns(ActionItemRow.id).order_by(*order(filter)).limit(PAGE_SIZE).offset(skipped)


def of_postmortem(engine: Engine, *, actor: Actor, now: datetime, postmortem_id: int) -> tuple[ItemView, ...]:
    """All items of one post-mortem, by number."""
    require(actor, Right.READ)
    with Session(engine) as session:
        rows = session.execute(_of(anybody(actor)), {**asked_by(actor), "of": postmortem_id})
        return tuple(_view(row, now) for row in rows)


@cache
def _of(actor: Actor) -> Select[Any]:
    return items(actor).where(PostmortemRow.id == bindparam("of")).order_by(ActionItemRow.number)


def detail(engine: Engine, *, actor: Actor, now: datetime, item_id: int) -> ItemDetail:
    """One item with its history and what the actor may do with it. Raises NotFound."""
    require(actor, Right.READ)
    asked = (
        items(actor)
        .add_columns(
            _AGREED.name.label("agreed_owner"), _APPROVER.name.label("approved_by"), _VERIFIER.name.label("verified_by")
        )
        .outerjoin(_AGREED, _AGREED.id == ActionItemRow.agreed_owner_id)
        .outerjoin(_APPROVER, _APPROVER.id == ActionItemRow.approved_by_id)
        .outerjoin(_VERIFIER, _VERIFIER.id == ActionItemRow.verified_by_id)
        .where(ActionItemRow.id == item_id)
    )
    with Session(engine) as session:
        row = session.execute(asked).one_or_none()
        if row is None:
            raise NotFound
        events = _events(session, item_id)
    item = _view(row, now)
    is_own = item.owner_id == actor.user_id
    is_open = item.state in OPEN
    manages = actor.may(Right.MANAGE_ITEMS)
    own_or_managed = manages or (is_own and actor.may(Right.UPDATE_OWN_ITEMS))
    reopens = Right.APPROVE_WONT_DO if item.state is ActionState.WONT_DO else Right.VERIFY_ITEMS
    return ItemDetail(
        item=item,
        agreed_owner=row.agreed_owner or "",
        approved_by=row.approved_by or "",
        verified_by=row.verified_by or "",
        events=events,
        may_report=is_open and own_or_managed and actor.may(Right.UPDATE_OWN_ITEMS),
        may_extend=is_open and own_or_managed and actor.may(Right.UPDATE_OWN_ITEMS),
        may_verify=item.state is ActionState.DONE and not is_own and actor.may(Right.VERIFY_ITEMS),
        may_give_up=is_open and not is_own and actor.may(Right.APPROVE_WONT_DO),
        may_reopen=item.state in FINISHED and actor.may(Right.VERIFY_ITEMS) and actor.may(reopens),
    )


def _events(session: Session, item_id: int) -> tuple[ItemEvent, ...]:
    by, old, new = aliased(UserRow), aliased(UserRow), aliased(UserRow)
    moved = ActionEventRow.kind == "reassignment"
    rows = session.execute(
        select(
            ActionEventRow.kind,
            func.coalesce(old.name, ActionEventRow.old).label("old"),
            func.coalesce(new.name, ActionEventRow.new).label("new"),
            ActionEventRow.note,
            by.name.label("by"),
            ActionEventRow.at,
        )
        .join(by, by.id == ActionEventRow.by_id)
        .outerjoin(old, moved & (cast(old.id, String) == ActionEventRow.old))
        .outerjoin(new, moved & (cast(new.id, String) == ActionEventRow.new))
        .where(ActionEventRow.item_id == item_id)
        .order_by(ActionEventRow.id.desc())
    )
    return tuple(
        ItemEvent(kind=row.kind, old=row.old, new=row.new, note=row.note, by=row.by, at=row.at) for row in rows
    )


def _view(row: Any, now: datetime) -> ItemView:
    item: ActionItemRow = row.ActionItemRow
    state = ActionState(item.state)
    return ItemView(
        item_id=item.id,
        postmortem_id=item.postmortem_id,
        public_id=row.public_id,
        number=item.number,
        title=item.title,
        kind=ActionKind(item.kind),
        priority=ActionPriority(item.priority),
        state=state,
        owner_id=item.owner_id,
        owner=row.owner or "",
        owner_active=bool(row.owner_active),
        due_on=item.due_on,
        original_due_on=item.original_due_on,
        criterion=item.criterion,
        ticket_url=item.ticket_url,
        blocked_because=item.blocked_because,
        evidence=item.evidence,
        wont_do_because=item.wont_do_because,
        marks=marks(
            state=state, due_on=item.due_on, updated_at=item.updated_at, committed_at=item.committed_at,
            now=now, today=now.astimezone(ZoneInfo(row.zone)).date(),
        ),
        dry_run=row.dry_run,
        updated_at=item.updated_at,
        is_extended=item.due_on != item.original_due_on,
        missing=tuple(problem.field for problem in missing(to_item(item))),
        version=item.version,
    )  # fmt: skip
