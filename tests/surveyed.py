"""People of a survey, a round, and what they answer. Needs the fixtures `wired`, `clock` and `rows`."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from db.models import SurveyAnswerRow, SurveyRemarkRow, SurveyRoundRow
from pmcore.domain.survey_questions import RemarkKind, SurveyQuestion
from pmcore.domain.vocabulary import Role
from pmcore.usecases.survey import AnswerSurvey, KeepSurvey
from tests.factories import add, make_policy, make_user, make_workspace
from wiring import acting, run

#: Noon of the first weekday of December 2025, hours after the calendar has opened the round.
OPENED = datetime(2025, 12, 1, 12, tzinfo=UTC)
AFTER_CLOSING = datetime(2025, 12, 15, 9, tzinfo=UTC)

Rows = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    engineers: tuple[int, ...]
    manager: int
    administrator: int
    viewer: int


def staff(rows: Rows, engineers: int = 6, *, opens_by_date: bool = True) -> Staff:
    """People who can sign in."""
    with rows() as session:
        make_workspace(session, survey_by_date=opens_by_date)
        make_policy(session)
        able = {"password_hash": "of a test"}
        return Staff(
            engineers=tuple(
                make_user(session, f"Engineer {number:02}", Role.ENGINEER, **able).id for number in range(engineers)
            ),
            manager=make_user(session, "Maria Kim", Role.ENGINEERING_MANAGER, **able).id,
            administrator=make_user(session, "Ada Admin", Role.ADMINISTRATOR, **able).id,
            viewer=make_user(session, "Vera Popova", Role.VIEWER, **able).id,
        )  # fmt: skip


def answer(score: int | None = 4, *, keep: str = "", mend: str = "", **scores: int | None) -> AnswerSurvey:
    """`score` to every question but those named."""
    given = {question: scores.get(question.value, score) for question in SurveyQuestion}
    return AnswerSurvey(scores=given, remarks={RemarkKind.KEEP: keep, RemarkKind.MEND: mend})


def answered(people: Sequence[int], command: Callable[[int], AnswerSurvey] = lambda place: answer()) -> None:
    """One after the other, in this order; the command is made of the place in it."""
    for place, user_id in enumerate(people):
        with acting.as_user(user_id):
            run(command(place))


def looked(user_id: int) -> None:
    """What a page does when something is due."""
    with acting.as_user(user_id):
        run(KeepSurvey())


def past_round(session: Session, *answers: AnswerSurvey, year: int = 2025, number: int = 1, invited: int = 12) -> None:
    """A round that has closed, with these answers."""
    opens_at = datetime(year, number * 3, 1, tzinfo=UTC)
    closes_at = opens_at + timedelta(days=14)
    found = add(
        session,
        SurveyRoundRow(
            year=year, number=number, opens_at=opens_at, closes_at=closes_at, opened_by_id=None, closed_at=closes_at,
            invited=invited, answered=len(answers), tidied_at=closes_at,
        ),
    )  # fmt: skip
    for given in answers:
        scores = {question.value: score for question, score in given.scores.items()}
        add(session, SurveyAnswerRow(key=secrets.token_urlsafe(32), round_id=found.id, **scores))
        for kind, text in given.remarks.items():
            if text:
                add(session, SurveyRemarkRow(key=secrets.token_urlsafe(32), round_id=found.id, kind=kind, text=text))
