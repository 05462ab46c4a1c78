"""Commands of the survey. Answering and declining leave no audit row: nobody is told who did, or when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pmcore.domain import survey as rules
from pmcore.domain.errors import N_, EditConflict
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.survey import Answer, Heard, Remark, Round, RoundIsOver
from pmcore.domain.survey_questions import RemarkKind, SurveyQuestion
from pmcore.ports import Clock, NewToken, OpenUnitOfWork, Tidy, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSurvey:
    """This quarter's round, now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepSurvey:
    """What the calendar asks for: open a round, close one, clean up after it. Given by whoever looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSurvey:
    scores: Mapping[SurveyQuestion, int | None]  #: 1 to 5; None: prefers not to say; not there: not looked at
    remarks: Mapping[RemarkKind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineSurvey:
    """Not this quarter: no reminder any more. An answer may still follow."""


def open_survey(command: OpenSurvey, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, CannotOpenRound, EditConflict."""
    require(actor, Right.OPEN_SURVEY)
    now = clock()
    with begin() as work:
        known = work.survey.unfinished(rules.quarter_today(now, actor.zone))
        found = work.survey.add(rules.by_hand(known, by_id=actor.user_id, now=now, zone=actor.zone))
        work.audit(actor_id=actor.user_id, did="open_survey", to=f"survey_round/{found.id}", at=now)


def keep_survey(
    command: KeepSurvey, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock, new_token: NewToken, tidy: Tidy
) -> None:
    """Does what is due and nothing twice, however many look at once. Raises Forbidden."""
    require(actor, Right.READ)
    now = clock()
    with begin() as work:
        _open_by_date(work, zone=actor.zone, now=now)
        for found in work.survey.unfinished(rules.quarter_today(now, actor.zone)):
            if rules.is_over(found, now):
                _close(work, found, now=now, new_token=new_token)
    with begin() as work:
        waiting = {found.id for found in _untidied(work, zone=actor.zone, now=now)}
    if waiting and tidy():
        with begin() as work:
            for found in _untidied(work, zone=actor.zone, now=now):
                if found.id in waiting:
                    work.survey.save(replace(found, tidied_at=now))


def answer_survey(
    command: AnswerSurvey, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock, new_token: NewToken
) -> None:
    """Raises Forbidden, Refusals, BadText, RoundIsOver, AlreadyAnswered."""
    require(actor, Right.ANSWER_SURVEY)
    now = clock()
    given, said = rules.answer(command.scores), rules.remarks(command.remarks)
    with begin() as work:  # apart, so that the first answer is not what opens the round
        _open_by_date(work, zone=actor.zone, now=now)
    with begin() as work:
        found = _open(work, zone=actor.zone, now=now)
        heard = rules.answered_by(actor.user_id, work.survey.heard(found.id), found, now=now)
        answers = (*work.survey.answers(found.id), given)
        _rewrite(work, found, heard, answers, (*work.survey.remarks(found.id), *said), new_token)


def decline_survey(
    command: DeclineSurvey, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock, new_token: NewToken
) -> None:
    """Writes all that an answer writes. Raises Forbidden, RoundIsOver, AlreadyAnswered."""
    require(actor, Right.ANSWER_SURVEY)
    now = clock()
    with begin() as work:  # apart, so that the first answer is not what opens the round
        _open_by_date(work, zone=actor.zone, now=now)
    with begin() as work:
        found = _open(work, zone=actor.zone, now=now)
        heard = rules.declined_by(actor.user_id, work.survey.heard(found.id), found, now=now)
        _rewrite(work, found, heard, work.survey.answers(found.id), work.survey.remarks(found.id), new_token)


def _open_by_date(work: UnitOfWork, *, zone: str, now: datetime) -> None:
    due = rules.to_open(work.survey.unfinished(rules.quarter_today(now, zone)), now, zone)
    if due is None or not ((workspace := work.workspace.find()) and workspace.survey_by_date):
        return
    try:
        found = work.survey.add(due)
    except EditConflict:  # somebody else looked at the same moment
        return
    work.audit(actor_id=None, did="open_survey", to=f"survey_round/{found.id}", at=now)


def _open(work: UnitOfWork, *, zone: str, now: datetime) -> Round:
    """Locked: whoever answers next waits for this one. Raises RoundIsOver."""
    for found in work.survey.unfinished(rules.quarter_today(now, zone)):
        if rules.is_open(found, now):
            return found
    raise RoundIsOver(N_("No round of the survey is open, so nothing was sent."))


def _rewrite(
    work: UnitOfWork,
    found: Round,
    heard: Iterable[Heard],
    answers: Iterable[Answer],
    remarks: Iterable[Remark],
    new_token: NewToken,
) -> None:
    """All of the round anew: a row that stayed while others came would tell by its version when it came."""
    work.survey.rewrite(
        found.id, heard=heard, answers=rules.shuffled(answers, new_token), remarks=rules.shuffled(remarks, new_token)
    )


def _close(work: UnitOfWork, found: Round, *, now: datetime, new_token: NewToken) -> None:
    """Two numbers stay of who took part."""
    heard, answers = work.survey.heard(found.id), work.survey.answers(found.id)
    invited = work.survey.invited(also=[one.user_id for one in heard if one.has_answered])
    _rewrite(work, found, (), answers, work.survey.remarks(found.id), new_token)
    work.survey.save(replace(found, closed_at=now, invited=invited, answered=len(answers)))
    work.audit(actor_id=None, did="close_survey", to=f"survey_round/{found.id}", at=now)


def _untidied(work: UnitOfWork, *, zone: str, now: datetime) -> list[Round]:
    known = work.survey.unfinished(rules.quarter_today(now, zone))
    return [found for found in known if found.closed_at is not None and found.tidied_at is None]
