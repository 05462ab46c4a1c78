"""People of a survey, a round, and what they answer. Needs the fixtures `wired`, `clock` and `rows`."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from pmcore.domain.survey_questions import RemarkKind, SurveyQuestion
from pmcore.domain.vocabulary import Role
from pmcore.usecases.survey import AnswerSurvey, KeepSurvey
from tests.factories import make_policy, make_user, make_workspace
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
