"""What waits for a person without anybody asking: the checklist of somebody new, the survey. One statement for both."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, literal, select, true
from sqlalchemy.orm import Session

from db.models import SurveyHeardRow, SurveyRoundRow, WorkspaceRow
from db.queries.prepared import ME, asked_by
from db.queries.process import open_checklist
from db.survey import to_round, unfinished
from pmcore.domain import survey as rules
from pmcore.domain.onboarding import STEPS
from pmcore.domain.permissions import Actor, Right
from pmcore.readmodels.inbox import OnboardingRow, SurveyRow

_YEAR: Any = bindparam("year", type_=Integer())
_NUMBER: Any = bindparam("number", type_=Integer())


def own(session: Session, *, actor: Actor, now: datetime) -> tuple[OnboardingRow | None, SurveyRow | None, bool]:
    """The checklist, the survey, and whether a round is to be opened, closed or cleaned up after."""
    quarter = rules.quarter_today(now, actor.zone)
    rows = session.execute(_asked(), {**asked_by(actor), "year": quarter.year, "number": quarter.number}).all()
    done = rows[0].done
    onboarding = None if done is None else OnboardingRow(done=done, total=STEPS)
    return onboarding, _survey(rows, actor, now), _needs_keeping(rows, actor, now)


@cache
def _asked() -> Select[Any]:
    one = select(literal(1).label("one")).subquery()
    return (
        select(
            open_checklist().scalar_subquery().label("done"),
            WorkspaceRow.survey_by_date,
            *SurveyRoundRow.__table__.columns,
            SurveyHeardRow.has_answered,
        )
        .select_from(one)
        .outerjoin(WorkspaceRow, true())
        .outerjoin(SurveyRoundRow, unfinished(_YEAR, _NUMBER))
        .outerjoin(SurveyHeardRow, and_(SurveyHeardRow.round_id == SurveyRoundRow.id, SurveyHeardRow.user_id == ME))
    )


def _survey(rows: Sequence[Any], actor: Actor, now: datetime) -> SurveyRow | None:
    """Also of a round that the calendar holds open before anybody has looked."""
    if not actor.may(Right.ANSWER_SURVEY):
        return None
    known = [(to_round(row), row.has_answered) for row in rows if row.id is not None]
    for found, mine in known:
        if rules.is_open(found, now):
            return SurveyRow(quarter=found.quarter, last_at=found.last_at) if mine is None else None
    due = rules.to_open([found for found, _mine in known], now, actor.zone) if rows[0].survey_by_date else None
    return SurveyRow(quarter=due.quarter, last_at=due.last_at) if due else None


def _needs_keeping(rows: Sequence[Any], actor: Actor, now: datetime) -> bool:
    rounds = [to_round(row) for row in rows if row.id is not None]
    return rules.needs_keeping(rounds, now, actor.zone, opens_by_date=bool(rows[0].survey_by_date))
