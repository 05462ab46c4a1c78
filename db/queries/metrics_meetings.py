"""Attendance: a meeting a row."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, Text, case, cast, func, literal, null, select

from db.models import AttendeeRow, IncidentRow, MeetingRow, PostmortemRow
from db.queries.metrics_period import Shape, counted, lies_within, place_of
from db.queries.prepared import NOW
from pmcore.domain.metrics import Reason


@lru_cache(maxsize=32)
def attendance(shape: Shape) -> Select[Any]:
    """Meetings whose date lies in the period, with how many were invited and came."""
    at = MeetingRow.starts_at
    reason = case(
        (MeetingRow.held_at.is_not(None), null()),
        ((at < NOW) & MeetingRow.began_at.is_(None), Reason.NOT_HELD.value),
        else_=Reason.NOT_YET_HELD.value,
    )
    required = AttendeeRow.required.is_(True)
    came = AttendeeRow.attended.is_(True)
    return (
        select(
            IncidentRow.id.label("incident_id"),
            PostmortemRow.id.label("postmortem_id"),
            cast(null(), Integer).label("item_id"),
            cast(null(), Integer).label("number"),
            at.label("at"),
            place_of(at, shape).label("place"),
            cast(reason, Text).label("reason"),
            func.coalesce(func.sum(case((required & came, 1), else_=0)), 0).label("n"),
            func.coalesce(func.sum(case((required, 1), else_=0)), 0).label("of"),
            cast(null(), Integer).label("value"),
            literal("").label("why"),
            literal("").label("other"),
            func.coalesce(func.sum(case((~required & came, 1), else_=0)), 0).label("optional_n"),
            func.coalesce(func.sum(case((~required, 1), else_=0)), 0).label("optional_of"),
        )
        .select_from(MeetingRow)
        .join(PostmortemRow, PostmortemRow.id == MeetingRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .outerjoin(AttendeeRow, AttendeeRow.postmortem_id == MeetingRow.postmortem_id)
        .where(lies_within(at, shape), PostmortemRow.deleted_at.is_(None), *counted(shape))
        .group_by(IncidentRow.id, PostmortemRow.id, MeetingRow.postmortem_id)
    )
