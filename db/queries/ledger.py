"""The ledger: what every incident owes. Filtering, sorting and paging happen in SQL; two statements, a third for the
waivers and a fourth for what others cover, whatever the number of rows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Engine, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from db.models import IncidentRow, ObligationRow, ServiceRow
from db.queries import clocks, totals
from db.queries.ledger_rows import rows_of, to_rows
from db.queries.prepared import NOW, anybody, asked_by
from db.queries.remembered import end_of_minute, remembered
from db.types import UtcDateTime
from db.visibility import can_see
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import ClockKind
from pmcore.readmodels.ledger import LedgerFilter, LedgerPage, LedgerSort

Period = tuple[datetime | None, datetime | None]  #: from, and up to but without


def ledger(engine: Engine, *, actor: Actor, now: datetime, filter: LedgerFilter, period: Period) -> LedgerPage:
    """One page of incidents that the actor may see. `period` bounds the start; Python knows the workspace's days."""
    require(actor, Right.READ)
    with Session(engine) as session:
        found, _ = remembered(
            session,
            ("ledger-rows", actor.user_id, actor.roles, filter, period),
            lambda: _page(session, actor=actor, now=now, filter=filter, period=period),
            now=now,
            until=lambda answer: answer[1],
        )
    return found


def _page(
    session: Session, *, actor: Actor, now: datetime, filter: LedgerFilter, period: Period
) -> tuple[LedgerPage, datetime]:
    """The page, and until when its states hold; the time that is left is said by the minute."""
    bounds = (period[0] is not None, period[1] is not None)
    counted, listed = _asked(anybody(actor), replace(filter, page=1), bounds)
    values = {**asked_by(actor, now), "since": period[0], "until": period[1], "rows": filter.page_size}
    total = _total(session, counted, values, actor=actor, filter=filter)
    pages = max(1, -(-total // filter.page_size))
    page = min(max(1, filter.page), pages)

    def ask() -> tuple[tuple[int, ...], datetime | None]:
        ids = tuple(session.scalars(listed, {**values, "skipped": (page - 1) * filter.page_size}))
        return ids, clocks.next_change(session, now=now)

    ids, next_change = remembered(
        session,
        ("ledger-page", actor.user_id, actor.roles, replace(filter, page=page), period),
        ask,
        now=now,
        until=lambda answer: answer[1],
    )
    found = _in_this_order(session, ids, actor=actor)
    rows = to_rows(session, found, actor=actor, now=now)
    until = end_of_minute(now) if next_change is None else min(next_change, end_of_minute(now))
    return LedgerPage(rows=rows, total=total, pages=pages, page=page), until


_ROWS: BindParameter[int] = bindparam("rows")
_SKIPPED: BindParameter[int] = bindparam("skipped")
_SINCE, _UNTIL = bindparam("since", type_=UtcDateTime()), bindparam("until", type_=UtcDateTime())


@lru_cache(maxsize=128)
def _asked(actor: Actor, filter: LedgerFilter, bounds: tuple[bool, bool]) -> tuple[Select[Any], Select[Any]]:
    """How many there are, and a page of them."""
    conditions = [can_see(actor), *_conditions(filter, actor=actor, bounds=bounds)]
    plain = LedgerFilter(sort=filter.sort, page_size=filter.page_size, dry_runs=filter.dry_runs)
    if filter == plain and not any(bounds):
        counted = totals.incidents(and_(*conditions))
    else:
        counted = (
            select(func.count())
            .select_from(IncidentRow)
            .join(ObligationRow, ObligationRow.incident_id == IncidentRow.id)
            .where(*conditions)
        )
    listed = rows_of(actor).where(*conditions).order_by(*_order(filter.sort))
    listed = listed.with_only_columns(IncidentRow.id).limit(_ROWS).offset(_SKIPPED)
    return counted, listed


def _in_this_order(session: Session, ids: Sequence[int], *, actor: Actor) -> Sequence[Any]:
    rows = session.execute(_these(anybody(actor)), {**asked_by(actor), "ids": ids}).all() if ids else ()
    found = {row.IncidentRow.id: row for row in rows}
    return [found[incident_id] for incident_id in ids if incident_id in found]


@cache
def _these(actor: Actor) -> Select[Any]:
    return rows_of(actor).where(can_see(actor), IncidentRow.id.in_(bindparam("ids", expanding=True)))


def _total(
    session: Session, counted: Select[Any], values: dict[str, Any], *, actor: Actor, filter: LedgerFilter
) -> int:
    """Remembered where time does not change it."""
    if filter.levels or filter.clocks:
        return session.scalar(counted, values) or 0
    key = ("ledger", actor.user_id, actor.roles, replace(filter, page=1, sort=LedgerSort.NEXT_DUE))
    return remembered(session, key, lambda: session.scalar(counted, values) or 0)


def _conditions(filter: LedgerFilter, *, actor: Actor, bounds: tuple[bool, bool]) -> Iterable[ColumnElement[bool]]:
    for word in filter.text.casefold().split():
        renamed = select(ServiceRow.id).where(ServiceRow.name_key.contains(word, autoescape=True))
        yield or_(IncidentRow.search_key.contains(word, autoescape=True), IncidentRow.service_id.in_(renamed))
    if filter.severities:
        yield IncidentRow.severity.in_([severity.value for severity in filter.severities])
    if filter.service_ids:
        yield IncidentRow.service_id.in_(filter.service_ids)
    if filter.levels:
        yield clocks.level(now=NOW).in_([level.value for level in filter.levels])
    if filter.clocks:
        wanted = [state.value for state in filter.clocks]
        yield or_(*(clocks.state(clock, now=NOW).in_(wanted) for clock in ClockKind))
    if filter.author_id is not None:
        yield ObligationRow.author_id == filter.author_id
    if filter.mine:
        yield or_(ObligationRow.author_id == actor.user_id, IncidentRow.reporter_id == actor.user_id)
    if bounds[0]:
        yield IncidentRow.started_at >= _SINCE
    if bounds[1]:
        yield IncidentRow.started_at < _UNTIL
    if not filter.dry_runs:
        yield IncidentRow.dry_run.is_(False)


def _order(sort: LedgerSort) -> tuple[Any, ...]:
    """Each is the order of an index, whose last part no two rows share."""
    newest = (IncidentRow.started_at.desc(), IncidentRow.id.desc())
    match sort:
        case LedgerSort.NEXT_DUE:
            return (IncidentRow.due_place, IncidentRow.next_due_at, *newest)
        case LedgerSort.NEWEST:
            return newest
        case LedgerSort.OLDEST:
            return (IncidentRow.started_at.asc(), IncidentRow.id.asc())
        case LedgerSort.SEVERITY:
            return (IncidentRow.severity.asc(), *newest)
        case LedgerSort.SERVICE:
            return (IncidentRow.service_key.asc(), *newest)
