"""How the tracker and its sheets ask for post-mortems: which the filter means, in which order, what is read."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, bindparam, select

from db.models import IncidentRow, PostmortemRow, ServiceRow, UserRow
from db.queries.days import start_of_day
from db.types import UtcDateTime
from db.visibility import can_see
from pmcore.domain.permissions import Actor
from pmcore.domain.tracker import TrackerColumn
from pmcore.domain.vocabulary import Amendment, PostmortemStatus
from pmcore.readmodels.tracker import TrackerFilter, TrackerRow

#: By what each column is sorted, to the last that no two rows share; unknown values come last in both directions. An
#: index has just these.
_SORTED_BY: dict[TrackerColumn, tuple[ColumnElement[Any] | Any, ...]] = {
    TrackerColumn.INCIDENT_ID: (IncidentRow.public_id_key, IncidentRow.id),
    TrackerColumn.DATE: (IncidentRow.started_at, IncidentRow.id),
    TrackerColumn.SERVICE: (IncidentRow.service_key, IncidentRow.id),
    TrackerColumn.DURATION: (IncidentRow.impact_seconds, IncidentRow.id),
    TrackerColumn.IMPACT: (IncidentRow.customers_affected, IncidentRow.revenue_loss_usd, IncidentRow.id),
    TrackerColumn.AUTHOR: (PostmortemRow.author_place, PostmortemRow.incident_id),
    TrackerColumn.STATUS: (PostmortemRow.status_place, PostmortemRow.incident_id),
    TrackerColumn.ITEMS: (PostmortemRow.items_total, PostmortemRow.incident_id),
    TrackerColumn.ITEMS_DONE: (PostmortemRow.share_done, PostmortemRow.items_total, PostmortemRow.incident_id),
    TrackerColumn.PUBLISHED: (PostmortemRow.first_published_at, PostmortemRow.incident_id),
    TrackerColumn.LINK: (PostmortemRow.id,),
}
#: How many of them, from the first, may be unknown.
_MAY_BE_UNKNOWN = {
    TrackerColumn.DURATION: 1, TrackerColumn.IMPACT: 2, TrackerColumn.ITEMS_DONE: 1, TrackerColumn.PUBLISHED: 1,
}  # fmt: skip

_COLUMNS: tuple[Any, ...] = (
    PostmortemRow.id, PostmortemRow.incident_id, IncidentRow.public_id, IncidentRow.title, IncidentRow.started_at,
    IncidentRow.zone, ServiceRow.name.label("service"), IncidentRow.impact_seconds, IncidentRow.customers_affected,
    IncidentRow.revenue_loss_usd, UserRow.name.label("author"), PostmortemRow.status, PostmortemRow.amendment,
    PostmortemRow.items_total, PostmortemRow.items_done, PostmortemRow.first_published_at, PostmortemRow.imported,
    PostmortemRow.imported_author_key, IncidentRow.dry_run,
)  # fmt: skip

_SINCE, _UNTIL = bindparam("since", type_=UtcDateTime()), bindparam("until", type_=UtcDateTime())


def matching(actor: Actor, filter: TrackerFilter) -> list[ColumnElement[bool]]:
    """Conditions on IncidentRow and PostmortemRow; the values of the period come from `period`."""
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


def period(actor: Actor, filter: TrackerFilter) -> dict[str, datetime]:
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


def listed() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .select_from(IncidentRow)
        .join(PostmortemRow, PostmortemRow.incident_id == IncidentRow.id)
        .join(ServiceRow, ServiceRow.id == IncidentRow.service_id)
        .join(UserRow, UserRow.id == PostmortemRow.author_id)
    )


def ordered(asked: Select[Any], filter: TrackerFilter) -> Select[Any]:
    may_be_unknown = _MAY_BE_UNKNOWN.get(filter.sort, 0)
    for place, key in enumerate(_SORTED_BY[filter.sort]):
        order = key.desc() if filter.descending else key.asc()
        asked = asked.order_by(order.nulls_last() if place < may_be_unknown else order)
    return asked


def to_row(row: Row[Any]) -> TrackerRow:
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
