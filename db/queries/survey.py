"""The survey: what is open, what a closed round tells. One or two statements each; answers leave it as figures only."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine, and_, select, true
from sqlalchemy.orm import Session

from db.models import SurveyAnswerRow, SurveyHeardRow, SurveyRemarkRow, SurveyRoundRow, WorkspaceRow
from db.queries.prepared import ME, asked_by
from db.queries.remembered import remembered
from db.survey import to_answer, to_round
from pmcore.domain import survey as rules
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.survey import Answer, Quarter, Remark, Round
from pmcore.domain.survey_questions import RemarkKind
from pmcore.domain.survey_results import LEAST_ANSWERS, Results, results
from pmcore.readmodels.survey import OpenRound, PastRound, SurveyView

_ANSWERS = SurveyAnswerRow.__table__

#: Every round with what this person did about it; one row without a round where there is none.
_ROUNDS = (
    select(
        WorkspaceRow.survey_by_date,
        *SurveyRoundRow.__table__.columns,
        SurveyHeardRow.has_answered,
    )
    .select_from(WorkspaceRow)
    .outerjoin(SurveyRoundRow, true())
    .outerjoin(SurveyHeardRow, and_(SurveyHeardRow.round_id == SurveyRoundRow.id, SurveyHeardRow.user_id == ME))
    .order_by(SurveyRoundRow.year.desc(), SurveyRoundRow.number.desc())
)


def survey(engine: Engine, *, actor: Actor, now: datetime) -> SurveyView:
    require(actor, Right.READ)
    with Session(engine) as session:
        rows = session.execute(_ROUNDS, asked_by(actor)).all()
        by_round = told(session)
    rounds = [to_round(row) for row in rows if row.id is not None]
    by_date = bool(rows) and rows[0].survey_by_date
    found = next((one for one in rounds if rules.is_open(one, now)), None)
    mine = next((row.has_answered for row in rows if found and row.id == found.id), None)
    return SurveyView(
        open=_open(found, actor, mine) if found else None,
        past=tuple(_past(one, by_round.get(one.id, {})) for one in rounds if one.closed_at is not None),
        may_open=actor.may(Right.OPEN_SURVEY)
        and found is None
        and all(one.quarter != rules.quarter_today(now, actor.zone) for one in rounds),
        may_read_remarks=actor.may(Right.READ_REMARKS),
        needs_keeping=rules.needs_keeping(rounds, now, actor.zone, opens_by_date=by_date),
        next_on=rules.next_opening(now, actor.zone, has_had=rounds[0].quarter if rounds else None) if by_date else None,
    )


def remarks(engine: Engine, *, actor: Actor, quarter: Quarter) -> tuple[Remark, ...]:
    """Of a closed round with answers enough, by their random keys. Raises Forbidden, NotFound."""
    require(actor, Right.READ_REMARKS)
    asked = (
        select(SurveyRoundRow.answered, SurveyRemarkRow.kind, SurveyRemarkRow.text)
        .outerjoin(SurveyRemarkRow, SurveyRemarkRow.round_id == SurveyRoundRow.id)
        .where(
            SurveyRoundRow.year == quarter.year,
            SurveyRoundRow.number == quarter.number,
            SurveyRoundRow.closed_at.is_not(None),
        )
        .order_by(SurveyRemarkRow.key)
    )
    with Session(engine) as session:
        rows = session.execute(asked).all()
    if not rows:
        raise NotFound
    if rows[0].answered < LEAST_ANSWERS:
        return ()
    return tuple(Remark(kind=RemarkKind(row.kind), text=row.text) for row in rows if row.text is not None)


def told(session: Session) -> Mapping[int, Results]:
    """By round, of those that have closed; the answers behind them go no further."""

    def ask() -> Mapping[int, Results]:
        closed = select(SurveyRoundRow.id).where(SurveyRoundRow.closed_at.is_not(None)).scalar_subquery()
        given: dict[int, list[Answer]] = {}
        for row in session.execute(select(_ANSWERS).where(_ANSWERS.c.round_id.in_(closed))):
            given.setdefault(row.round_id, []).append(to_answer(row))
        return {round_id: results(answers) for round_id, answers in given.items()}

    return remembered(session, ("survey",), ask)


def _open(found: Round, actor: Actor, mine: bool | None) -> OpenRound:
    """`mine`: whether the person has answered; None: neither answered nor declined."""
    return OpenRound(
        quarter=found.quarter,
        last_at=found.last_at,
        may_answer=actor.may(Right.ANSWER_SURVEY),
        has_answered=mine is True,
        has_declined=mine is False,
    )


def _past(found: Round, told_of_it: Results) -> PastRound:
    return PastRound(
        quarter=found.quarter,
        opened_at=found.opens_at,
        closed_at=found.closes_at,
        invited=found.invited or 0,
        answered=found.answered or 0,
        results=told_of_it,
    )
