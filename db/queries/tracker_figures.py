"""The figures above the tracker. Summed in SQL; restricted incidents and dry runs are left out for everybody."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Engine, bindparam, case, func, select
from sqlalchemy.orm import Session

from db.functions import hours_between
from db.models import ClockStopRow, IncidentRow, ObligationRow, PostmortemRow, WorkspaceRow
from db.queries.days import start_of_day
from db.queries.prepared import NOW
from db.queries.remembered import remembered
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import ClockKind, Disposition, ObligationLevel, Severity
from pmcore.readmodels.tracker import MonthDrafted, Published, TrackerFigures

MONTHS = 12
POINTS = 500  #: the newest are drawn; sums cover all
HOURS = 48  #: the mission's target

_COUNTED = (IncidentRow.deleted_at.is_(None), IncidentRow.restricted.is_(False), IncidentRow.dry_run.is_(False))


def figures(engine: Engine, *, actor: Actor, now: datetime) -> TrackerFigures:
    """Four statements, whatever the number of rows; none while nothing has changed."""
    require(actor, Right.READ)
    with Session(engine) as session:
        found, _ = remembered(
            session, "figures", lambda: _figures(session, now), now=now, until=lambda answer: answer[1]
        )
    return found


def _until(months: tuple[date, ...], zone: ZoneInfo, due: datetime | None) -> datetime:
    """When one more draft is due, or the month is over."""
    month_ends = start_of_day((months[-1].replace(day=28) + timedelta(days=4)).replace(day=1), zone)
    last = month_ends - timedelta(microseconds=1)
    return min(due, last) if due else last


def _figures(session: Session, now: datetime) -> tuple[TrackerFigures, datetime]:
    """The figures, and when time alone changes them."""
    row = session.execute(_ZONE_AND_NEXT_DUE, {"now": now}).first()
    zone = row.zone if row else "UTC"
    months = _last_months(now.astimezone(ZoneInfo(zone)).date())
    drafted = _drafted(session, months, ZoneInfo(zone), now)
    count, in_time, mean = session.execute(_SUMS).one()
    newest = session.execute(_NEWEST, {"points": POINTS}).all()
    by_month = [MonthDrafted(month=month, on_time=drafted[i][0], due=drafted[i][1]) for i, month in enumerate(months)]
    found = TrackerFigures(
        zone=zone,
        months=tuple(by_month),
        on_time=sum(on_time for on_time, _ in drafted.values()),
        due=sum(due for _, due in drafted.values()),
        published=tuple(
            Published(
                public_id=row.public_id,
                severity=Severity(row.highest_severity),
                at=row.first_published_at,
                hours=max(0.0, float(row.hours)),
            )
            for row in reversed(newest)
        ),
        published_count=count,
        published_in_time=int(in_time or 0),
        mean_hours=None if mean is None else float(mean),
    )
    return found, _until(months, ZoneInfo(zone), row.due if row else None)


_HOURS: ColumnElement[float] = hours_between(ObligationRow.starts_at, PostmortemRow.first_published_at)
_PUBLISHED = (
    *_COUNTED,
    PostmortemRow.deleted_at.is_(None),
    PostmortemRow.first_published_at.is_not(None),
    ObligationRow.starts_at.is_not(None),
)


_SUMS = (
    select(
        func.count(),
        func.sum(case((_HOURS <= HOURS, 1), else_=0)),
        func.avg(case((_HOURS < 0, 0.0), else_=_HOURS)),
    )
    .select_from(PostmortemRow)
    .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
    .join(ObligationRow, ObligationRow.incident_id == IncidentRow.id)
    .where(*_PUBLISHED)
)
_ZONE_AND_NEXT_DUE = select(
    WorkspaceRow.zone,
    select(func.min(ObligationRow.drafted_due_at))
    .where(ObligationRow.drafted_due_at >= NOW)
    .scalar_subquery()
    .label("due"),
)
_POINTS: BindParameter[int] = bindparam("points")
_NEWEST = (
    select(
        IncidentRow.public_id,
        IncidentRow.highest_severity,
        PostmortemRow.first_published_at,
        _HOURS.label("hours"),
    )
    .select_from(PostmortemRow)
    .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
    .join(ObligationRow, ObligationRow.incident_id == IncidentRow.id)
    .where(*_PUBLISHED)
    .order_by(PostmortemRow.first_published_at.desc(), PostmortemRow.id.desc())
    .limit(_POINTS)
)


def _last_months(today: date) -> tuple[date, ...]:
    """The first days of the last twelve months, this one included."""
    this = today.year * 12 + today.month - 1
    return tuple(date(number // 12, number % 12 + 1, 1) for number in range(this - MONTHS + 1, this + 1))


def _drafted(session: Session, months: tuple[date, ...], zone: ZoneInfo, now: datetime) -> dict[int, tuple[int, int]]:
    """(on time, due) by the month's place in the list; -1 holds everything before.

    A draft counts from its deadline on, or once it was shared; so what is still pending does not, and what is waived
    stays in the denominator. A duplicate, or what was no incident, owes nothing.
    """
    due = ObligationRow.drafted_due_at
    starts = [start_of_day(month, zone) for month in months]
    place = case(
        *((due >= start, index) for index, start in reversed(list(enumerate(starts)))),
        else_=-1,
    )
    rows = session.execute(
        select(
            place.label("place"),
            func.sum(case((ClockStopRow.at <= due, 1), else_=0)).label("on_time"),
            func.count().label("due"),
        )
        .select_from(IncidentRow)
        .join(ObligationRow, ObligationRow.incident_id == IncidentRow.id)
        .outerjoin(
            ClockStopRow, (ClockStopRow.incident_id == IncidentRow.id) & (ClockStopRow.clock == ClockKind.DRAFTED)
        )
        .where(
            *_COUNTED,
            IncidentRow.highest_severity == Severity.P0,
            ObligationRow.level == ObligationLevel.REQUIRED,
            due.is_not(None),
            (due < now.astimezone(UTC)) | ClockStopRow.at.is_not(None),
            func.coalesce(ObligationRow.disposition, "").not_in((Disposition.DUPLICATE, Disposition.NOT_AN_INCIDENT)),
        )
        .group_by(place)
    ).all()
    found = {row.place: (int(row.on_time), row.due) for row in rows}
    return {index: found.get(index, (0, 0)) for index in range(-1, len(months))}
