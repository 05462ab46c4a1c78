"""The tracker: a page of it with its total, and all of it in batches for a sheet. Long text is never selected."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Engine, Row, Select, bindparam, case, exists, func, select
from sqlalchemy.orm import Session

from db.models import ActionItemRow, IncidentRow, PostmortemRow, ServiceRow, UserRow
from db.queries.prepared import anybody, asked_by
from db.queries.remembered import remembered
from db.types import UtcDateTime
from db.visibility import can_read_item, can_see
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.tracker import TrackerColumn
from pmcore.domain.vocabulary import ActionKind, ActionPriority, ActionState, Amendment, PostmortemStatus
from pmcore.readmodels.tracker import ItemLine, TrackerFilter, TrackerPage, TrackerRow

PAGE_ROWS = 50
BATCH_ROWS = 1_000  #: of an export; what is held in memory at a time

_AUTHOR_KEY = func.coalesce(PostmortemRow.imported_author_key, UserRow.name_key)

#: By what each column is sorted; unknown values come last in both directions.
_SORTED_BY: dict[TrackerColumn, tuple[ColumnElement[Any] | Any, ...]] = {
    TrackerColumn.INCIDENT_ID: (
        func.substr(IncidentRow.public_id, 1, 2),
        func.length(IncidentRow.public_id),
        IncidentRow.public_id,
    ),
    TrackerColumn.DATE: (IncidentRow.started_at,),
    TrackerColumn.SERVICE: (ServiceRow.name_key,),
    TrackerColumn.DURATION: (IncidentRow.impact_seconds,),
    TrackerColumn.IMPACT: (IncidentRow.customers_affected, IncidentRow.revenue_loss_usd),
    TrackerColumn.AUTHOR: (_AUTHOR_KEY,),
    TrackerColumn.STATUS: (
        case({status.value: place for place, status in enumerate(PostmortemStatus)}, value=PostmortemRow.status),
    ),
    TrackerColumn.ITEMS: (PostmortemRow.items_total,),
    TrackerColumn.ITEMS_DONE: (
        case((PostmortemRow.items_total > 0, PostmortemRow.items_done * 1.0 / PostmortemRow.items_total)),
        PostmortemRow.items_total,
    ),
    TrackerColumn.PUBLISHED: (PostmortemRow.first_published_at,),
    TrackerColumn.LINK: (PostmortemRow.id,),
}
_MAY_BE_UNKNOWN = {
    TrackerColumn.DURATION, TrackerColumn.IMPACT, TrackerColumn.ITEMS_DONE, TrackerColumn.PUBLISHED,
}  # fmt: skip

_COLUMNS: tuple[Any, ...] = (
    PostmortemRow.id, PostmortemRow.incident_id, IncidentRow.public_id, IncidentRow.title, IncidentRow.started_at,
    IncidentRow.zone, ServiceRow.name.label("service"), IncidentRow.impact_seconds, IncidentRow.customers_affected,
    IncidentRow.revenue_loss_usd, UserRow.name.label("author"), PostmortemRow.status, PostmortemRow.amendment,
    PostmortemRow.items_total, PostmortemRow.items_done, PostmortemRow.first_published_at, PostmortemRow.imported,
    PostmortemRow.imported_author_key, IncidentRow.dry_run,
)  # fmt: skip


def tracker(engine: Engine, *, actor: Actor, filter: TrackerFilter, number: int = 1) -> TrackerPage:
    """A page of the matching post-mortems; a number beyond the last page gives the last one."""
    require(actor, Right.READ)
    with Session(engine) as session:
        key = ("tracker-page", actor.user_id, actor.roles, actor.zone, filter, number)
        return remembered(session, key, lambda: _page(session, actor, filter, number))


def _page(session: Session, actor: Actor, filter: TrackerFilter, number: int) -> TrackerPage:
    counted, listed = _asked(anybody(actor), filter)
    values = asked_by(actor) | _period(actor, filter)
    key = ("tracker", actor.user_id, actor.roles, actor.zone, replace(filter, sort=TrackerColumn.DATE, descending=True))
    total = remembered(session, key, lambda: session.scalar(counted, values) or 0)
    pages = max(1, -(-total // PAGE_ROWS))
    number = min(max(1, number), pages)
    rows = session.execute(listed, values | {"rows": PAGE_ROWS, "skipped": (number - 1) * PAGE_ROWS}).all()
    return TrackerPage(rows=tuple(_row(row) for row in rows), total=total, number=number, pages=pages)


def tracker_stream(engine: Engine, *, actor: Actor, filter: TrackerFilter) -> Iterator[TrackerRow]:
    """Every matching post-mortem in the filter's order, fetched in batches."""
    require(actor, Right.EXPORT)
    with Session(engine) as session:
        asked = _ordered(_listed().where(*_matching(actor, filter)), filter)
        asked = asked.execution_options(stream_results=True, yield_per=BATCH_ROWS)
        for row in session.execute(asked, _period(actor, filter)):
            yield _row(row)


def item_stream(engine: Engine, *, actor: Actor, filter: TrackerFilter) -> Iterator[ItemLine]:
    """The action items of the matching post-mortems whose text the actor may read, in batches."""
    require(actor, Right.EXPORT)
    asked = (
        select(
            IncidentRow.public_id, IncidentRow.zone, ActionItemRow.number, ActionItemRow.postmortem_id,
            ActionItemRow.title, ActionItemRow.kind, ActionItemRow.priority, UserRow.name, ActionItemRow.state,
            ActionItemRow.original_due_on, ActionItemRow.due_on, ActionItemRow.done_at, ActionItemRow.criterion,
            ActionItemRow.evidence, ActionItemRow.ticket_url,
        )
        .select_from(ActionItemRow)
        .join(PostmortemRow, PostmortemRow.id == ActionItemRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .outerjoin(UserRow, UserRow.id == ActionItemRow.owner_id)
        .where(*_matching(actor, filter), can_read_item(actor), ActionItemRow.deleted_at.is_(None))
        .order_by(IncidentRow.started_at.desc(), PostmortemRow.id, ActionItemRow.number)
    )  # fmt: skip
    with engine.connect().execution_options(yield_per=BATCH_ROWS) as connection:
        for (
            public_id, zone, number, postmortem_id, title, kind, priority, owner, state, original_due_on, due_on,
            done_at, criterion, evidence, ticket_url,
        ) in connection.execute(asked, _period(actor, filter)):  # fmt: skip
            yield ItemLine(
                public_id=f"{public_id}/AI-{number}",
                postmortem_id=postmortem_id,
                title=title,
                kind=_KINDS[kind],
                priority=_PRIORITIES[priority],
                owner=owner or "",
                state=_STATES[state],
                original_due_on=original_due_on,
                due_on=due_on,
                done_on=done_at and done_at.astimezone(ZoneInfo(zone)).date(),
                criterion=criterion,
                evidence=evidence,
                ticket_url=ticket_url,
            )


def authors(engine: Engine, *, actor: Actor) -> tuple[tuple[int, str], ...]:
    """Everybody who wrote a post-mortem that the actor may see, by name: (id, name)."""
    require(actor, Right.READ)
    with Session(engine) as session:
        return remembered(
            session,
            ("authors", actor.user_id, actor.roles),
            lambda: tuple((row.id, row.name) for row in session.execute(_wrote(anybody(actor)), asked_by(actor))),
            is_short=True,
        )


@cache
def _wrote(actor: Actor) -> Select[int, str]:
    wrote = exists().where(
        PostmortemRow.author_id == UserRow.id,
        PostmortemRow.imported_author_key.is_(None),
        PostmortemRow.deleted_at.is_(None),
        IncidentRow.id == PostmortemRow.incident_id,
        can_see(actor),
    )
    return select(UserRow.id, UserRow.name).where(wrote).order_by(UserRow.name_key, UserRow.id)


# Found by the stored word; an enum's call takes several times as long, and an export makes hundreds of thousands.
_KINDS = {kind.value: kind for kind in ActionKind}
_PRIORITIES = {priority.value: priority for priority in ActionPriority}
_STATES = {state.value: state for state in ActionState}

_ROWS: BindParameter[int] = bindparam("rows")
_SKIPPED: BindParameter[int] = bindparam("skipped")
_SINCE, _UNTIL = bindparam("since", type_=UtcDateTime()), bindparam("until", type_=UtcDateTime())


@lru_cache(maxsize=128)
def _asked(actor: Actor, filter: TrackerFilter) -> tuple[Select[Any], Select[Any]]:
    """How many there are, and a page of them."""
    matching = _matching(actor, filter)
    counted = (
        select(func.count())
        .select_from(PostmortemRow)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .where(*matching)
    )
    return counted, _ordered(_listed().where(*matching), filter).limit(_ROWS).offset(_SKIPPED)


def _matching(actor: Actor, filter: TrackerFilter) -> list[ColumnElement[bool]]:
    """Conditions on IncidentRow and PostmortemRow; the values of the period come from `_period`."""
    found = [can_see(actor), PostmortemRow.deleted_at.is_(None)]
    if not filter.dry_runs:
        found.append(IncidentRow.dry_run.is_(False))
    if words := filter.text.casefold().split():
        found += [IncidentRow.search_key.contains(word, autoescape=True) for word in words[:8]]
    if filter.service_id is not None:
        found.append(IncidentRow.service_id == filter.service_id)
    if filter.severities:
        found.append(IncidentRow.highest_severity.in_(filter.severities))
    if filter.statuses:
        found.append(PostmortemRow.status.in_(filter.statuses))
    if filter.author_id is not None:
        found += [PostmortemRow.author_id == filter.author_id, PostmortemRow.imported_author_key.is_(None)]
    if filter.since:
        found.append(IncidentRow.started_at >= _SINCE)
    if filter.until and filter.until < date.max:
        found.append(IncidentRow.started_at < _UNTIL)
    return found


def _period(actor: Actor, filter: TrackerFilter) -> dict[str, datetime]:
    """In days of the workspace, whose zone came with the actor."""
    if not filter.since and not filter.until:
        return {}
    zone = ZoneInfo(actor.zone)
    found = {}
    if filter.since:
        found["since"] = start_of_day(filter.since, zone)
    if filter.until and filter.until < date.max:
        found["until"] = start_of_day(filter.until + timedelta(days=1), zone)
    return found


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC."""
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:  # the first day of the calendar, east of Greenwich
        return datetime.combine(day, time(), UTC)


def _listed() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .select_from(IncidentRow)
        .join(PostmortemRow, PostmortemRow.incident_id == IncidentRow.id)
        .join(ServiceRow, ServiceRow.id == IncidentRow.service_id)
        .join(UserRow, UserRow.id == PostmortemRow.author_id)
    )


def _ordered(asked: Select[Any], filter: TrackerFilter) -> Select[Any]:
    for key in _SORTED_BY[filter.sort]:
        order = key.desc() if filter.descending else key.asc()
        asked = asked.order_by(order.nulls_last() if filter.sort in _MAY_BE_UNKNOWN else order)
    return asked.order_by(IncidentRow.id.desc() if filter.descending else IncidentRow.id)


def _row(row: Row[Any]) -> TrackerRow:
    zone = ZoneInfo(row.zone)
    told = row.imported or {}
    return TrackerRow(
        postmortem_id=row.id,
        incident_id=row.incident_id,
        public_id=row.public_id,
        title=row.title,
        on=row.started_at.astimezone(zone).date(),
        service=row.service,
        duration_seconds=row.impact_seconds,
        customers_affected=row.customers_affected,
        revenue_loss_usd=row.revenue_loss_usd,
        impact_told=told.get("impact", ""),
        author=row.author if row.imported_author_key is None else told.get("author", ""),
        status=PostmortemStatus(row.status),
        amendment=row.amendment and Amendment(row.amendment),
        items_total=row.items_total,
        items_done=row.items_done,
        published_on=row.first_published_at and row.first_published_at.astimezone(zone).date(),
        document_url=told.get("document_url", ""),
        dry_run=row.dry_run,
    )
