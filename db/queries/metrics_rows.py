"""The rows behind a figure, a page of them: those that are counted, and those that are left out with the reason."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Engine, Select, bindparam, func, select
from sqlalchemy.orm import Session

from db.models import ActionItemRow, IncidentRow, ServiceRow
from db.queries.days import quarter
from db.queries.metrics_drafts import p0_completion, time_to_publish
from db.queries.metrics_items import actions_done
from db.queries.metrics_learning import new_detection, recurrence
from db.queries.metrics_meetings import attendance
from db.queries.metrics_period import Shape, shape_of, values_of
from db.queries.metrics_times import times
from db.queries.remembered import remembered
from pmcore.domain.metrics import Metric, Reason
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import Severity
from pmcore.readmodels.metrics import PAGE_ROWS, MetricRow, MetricRows, MetricsFilter, RowMark, RowsFilter, Which

_COHORTS: Mapping[Metric, Callable[[Shape], Select[Any]]] = {
    Metric.P0_COMPLETION: p0_completion,
    Metric.TIME_TO_PUBLISH: time_to_publish,
    Metric.ACTIONS_DONE: actions_done,
    Metric.RECURRENCE: recurrence,
    Metric.ATTENDANCE: attendance,
    Metric.NEW_DETECTION: new_detection,
    Metric.TIME_TO_DETECT: lambda shape: times(Metric.TIME_TO_DETECT, shape),
    Metric.TIME_TO_RESOLVE: lambda shape: times(Metric.TIME_TO_RESOLVE, shape),
}
_HOURS = {Metric.TIME_TO_PUBLISH: 3600}  #: what a stored value is divided by to be in the definition's unit
_ROWS: BindParameter[int] = bindparam("rows")
_SKIPPED: BindParameter[int] = bindparam("skipped")


def metric_rows(engine: Engine, *, actor: Actor, now: datetime, filter: MetricsFilter, asked: RowsFilter) -> MetricRows:
    """A page beyond the last gives the last. The survey's figures have no rows: nobody is to see single answers."""
    require(actor, Right.READ)
    if asked.metric not in _COHORTS:
        return MetricRows(asked=asked, rows=(), total=0, page=1, pages=1)
    as_of = quarter(now)
    counted, listed = _asked(asked.metric, asked.which, shape_of(actor, filter, as_of=as_of))
    values = values_of(actor, filter, as_of=as_of)
    with Session(engine) as session:
        key = ("metric-rows", actor.user_id, actor.roles, actor.zone, filter, asked.metric, asked.which, as_of)
        total = remembered(session, key, lambda: session.scalar(counted, values) or 0)
        pages = max(1, -(-total // PAGE_ROWS))
        page = min(max(1, asked.page), pages)
        values |= {"rows": PAGE_ROWS, "skipped": (page - 1) * PAGE_ROWS}
        found = remembered(session, (*key, page), lambda: tuple(session.execute(listed, values).all()))
    rows = tuple(_row(asked.metric, row) for row in found)
    return MetricRows(asked=asked, rows=rows, total=total, page=page, pages=pages)


@lru_cache(maxsize=64)
def _asked(metric: Metric, which: Which, shape: Shape) -> tuple[Select[Any], Select[Any]]:
    """How many there are, and a page of them, the newest first."""
    rows = _COHORTS[metric](shape).subquery("cohort")
    conditions = _which(which, rows)
    at = rows.c.on if "on" in rows.c else rows.c.at
    listed = (
        select(rows, IncidentRow.public_id.label("id_of_incident"), IncidentRow.title, IncidentRow.highest_severity)
        .add_columns(ServiceRow.name.label("service"), ActionItemRow.title.label("item_title"))
        .join(IncidentRow, IncidentRow.id == rows.c.incident_id)
        .join(ServiceRow, ServiceRow.id == IncidentRow.service_id)
        .outerjoin(ActionItemRow, ActionItemRow.id == rows.c.item_id)
        .where(*conditions)
        .order_by(at.desc(), rows.c.incident_id.desc(), rows.c.item_id.desc())
        .limit(_ROWS)
        .offset(_SKIPPED)
    )
    return select(func.count()).select_from(rows).where(*conditions), listed


def _which(which: Which, rows: Any) -> list[ColumnElement[bool]]:
    counts, has = rows.c.reason.is_(None), rows.c.n >= rows.c.of
    match which:
        case Which.ALL:
            return []
        case Which.LEFT_OUT:
            return [~counts]
        case Which.FOR:
            return [counts, has]
        case Which.AGAINST:
            return [counts, ~has]


def _row(metric: Metric, row: Any) -> MetricRow:
    said = row._mapping
    reason = Reason(row.reason) if row.reason else None
    name = row.id_of_incident
    return MetricRow(
        incident_id=row.incident_id,
        postmortem_id=row.postmortem_id,
        item_id=row.item_id,
        reference=f"{name}/AI-{row.number}" if row.number else name,
        title=row.item_title or row.title,
        severity=Severity(row.highest_severity),
        service=row.service,
        at=row.at,
        on=said.get("on"),
        n=0 if reason else int(row.n),
        of=0 if reason else int(row.of),
        left_out=reason,
        value=None if row.value is None else row.value / _HOURS.get(metric, 1),
        marks=tuple(mark for mark in RowMark if said.get(f"mark_{mark.value}")),
        why=row.why or "",
        other=row.other or "",
    )
