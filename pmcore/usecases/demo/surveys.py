"""What people say in the survey, quarter after quarter; the calendar opens the rounds."""

import random
import string
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from pmcore.domain.permissions import Right
from pmcore.domain.survey import ROUND_DAYS, next_opening
from pmcore.domain.survey_questions import HIGHEST, LOWEST, QUESTIONS, RemarkKind, SurveyQuestion
from pmcore.domain.vocabulary import Language
from pmcore.usecases.demo.cast import EVERYBODY, LEFT, ZONE
from pmcore.usecases.demo.stage import Play, Stage
from pmcore.usecases.survey import (
    AnswerSurvey,
    DeclineSurvey,
    KeepSurvey,
    answer_survey,
    decline_survey,
    keep_survey,
)

_MOODS = (3.3, 3.6, 3.9, 4.2, 4.3)  #: how well people think of it, round after round
_HARDER = {SurveyQuestion.BURDEN: -0.5, SurveyQuestion.CHANGE: -0.3, SurveyQuestion.SAFE: 0.3}
_DECLINES, _SILENT, _WITHHOLDS = 0.08, 0.15, 0.02  #: shares of people, and of questions
_SPOKEN: Mapping[Language, Mapping[RemarkKind, tuple[str, ...]]] = {
    Language.ENGLISH: {
        RemarkKind.KEEP: (
            "That nobody is asked who did it.", "The list of what is missing: I know when I am done.",
            "Pasting the timeline from the chat.",
        ),
        RemarkKind.MEND: (
            "Forty-eight hours are short when the weekend is in between.", "Fewer action items, and those finished.",
            "Reviews wait too long on Fridays.",
        ),
    },
    Language.RUSSIAN: {
        RemarkKind.KEEP: ("Что не ищут виноватого.", "Таймлайн вставляется прямо из чата."),
        RemarkKind.MEND: ("Меньше задач, но доводить их до конца.", "Согласование в пятницу тянется до понедельника."),
    },
}  # fmt: skip


def rounds(stage: Stage) -> Play:
    """Everybody who is there answers in their time, or not at all; afterwards the round closes."""
    rng = random.Random("what people say once a quarter")
    token = partial(_token, random.Random("keys that say nothing"))
    for mood in _MOODS:
        opens_at = _midnight(stage)
        yield opens_at
        for at, username in _comes(stage, rng):
            yield at
            language = Language(stage.actors[username].language)
            if rng.random() < _DECLINES:
                stage.do(partial(decline_survey, new_token=token), DeclineSurvey(), by=username)
            else:
                said = AnswerSurvey(scores=_scores(rng, mood), remarks=_remarks(rng, language))
                stage.do(partial(answer_survey, new_token=token), said, by=username)
        yield opens_at + timedelta(days=ROUND_DAYS, hours=9)
        stage.do(partial(keep_survey, new_token=token, tidy=_later), KeepSurvey(), by="maria")


def _midnight(stage: Stage) -> datetime:
    day = next_opening(stage.at, ZONE, has_had=None)
    return datetime.combine(day, time(), tzinfo=ZoneInfo(ZONE)).astimezone(stage.now.tzinfo)


def _comes(stage: Stage, rng: random.Random) -> Iterator[tuple[datetime, str]]:
    known = [one.username for one in EVERYBODY if one.username in stage.actors and one.username != LEFT]
    here = [username for username in known if stage.actors[username].may(Right.ANSWER_SURVEY)]
    days = {username: rng.triangular(0.4, ROUND_DAYS - 1, 1.5) for username in here if rng.random() > _SILENT}
    yield from sorted((stage.at + timedelta(days=wait), username) for username, wait in days.items())


def _scores(rng: random.Random, mood: float) -> dict[SurveyQuestion, int | None]:
    found: dict[SurveyQuestion, int | None] = {}
    for question in QUESTIONS:
        felt = min(HIGHEST, max(LOWEST, round(rng.gauss(mood + _HARDER.get(question.key, 0), 0.8))))
        found[question.key] = None if rng.random() < _WITHHOLDS else question.favourable(felt)
    return found


def _remarks(rng: random.Random, language: Language) -> dict[RemarkKind, str]:
    return {kind: rng.choice(texts) for kind, texts in _SPOKEN[language].items() if rng.random() < 0.25}


def _token(rng: random.Random) -> str:
    return "".join(rng.choices(string.ascii_letters + string.digits, k=43))


def _later() -> bool:
    """The storage is cleaned by whoever looks first: nothing can be while the year is one transaction."""
    return False
