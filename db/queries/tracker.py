"""The tracker: a page of it with its total. Long text is never selected."""

from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BindParameter, Engine, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import Session

from db.models import IncidentRow, PostmortemRow, UserRow
from db.queries import totals
from db.queries.prepared import anybody, asked_by
from db.queries.remembered import remembered
from db.queries.tracker_asked import listed, matching, ordered, period, to_row
from db.visibility import can_see
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.tracker import TrackerColumn
from pmcore.readmodels.tracker import TrackerFilter, TrackerPage

PAGE_ROWS = 50


def tracker(engine: Engine, *, actor: Actor, filter: TrackerFilter, number: int = 1) -> TrackerPage:
    """A page of the matching post-mortems; a number beyond the last page gives the last one."""
    require(actor, Right.READ)
    with Session(engine) as session:
        key = ("tracker-page", actor.user_id, actor.roles, actor.zone, filter, number)
        return remembered(session, key, lambda: _page(session, actor, filter, number))


def _page(session: Session, actor: Actor, filter: TrackerFilter, number: int) -> TrackerPage:
    counted, page = _asked(anybody(actor), filter)
    values = asked_by(actor) | period(actor, filter)
    key = ("tracker", actor.user_id, actor.roles, actor.zone, replace(filter, sort=TrackerColumn.DATE, descending=True))
    total = remembered(session, key, lambda: session.scalar(counted, values) or 0)
    pages = max(1, -(-total // PAGE_ROWS))
    number = min(max(1, number), pages)
    rows = session.execute(page, values | {"rows": PAGE_ROWS, "skipped": (number - 1) * PAGE_ROWS}).all()
    return TrackerPage(rows=tuple(to_row(row) for row in rows), total=total, number=number, pages=pages)


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


_ROWS: BindParameter[int] = bindparam("rows")
_SKIPPED: BindParameter[int] = bindparam("skipped")


@lru_cache(maxsize=128)
def _asked(actor: Actor, filter: TrackerFilter) -> tuple[Select[Any], Select[Any]]:
    """How many there are, and a page of them."""
    conditions = matching(actor, filter)
    if filter == TrackerFilter(sort=filter.sort, descending=filter.descending, dry_runs=filter.dry_runs):
        counted = totals.postmortems(and_(*conditions))
    else:
        counted = (
            select(func.count())
            .select_from(PostmortemRow)
            .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
            .where(*conditions)
        )
    return counted, ordered(listed().where(*conditions), filter).limit(_ROWS).offset(_SKIPPED)
