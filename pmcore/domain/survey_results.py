"""What is told of a closed round: nothing under five answers, and nothing that a subtraction would reveal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pmcore.domain.survey import Answer
from pmcore.domain.survey_questions import HIGHEST, LOWEST, OF_SCALE, Question, SurveyQuestion, SurveyScale

LEAST_ANSWERS = 5  #: below it nothing but the response rate
TARGET = 4  #: of 5, to be passed
_FAVOURABLE = 4  #: and above


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    counts: tuple[int, ...]  #: people who gave 1, 2, 3, 4, 5, turned so that 5 is what one hopes for

    @property
    def people(self) -> int:
        return sum(self.counts)

    @property
    def favourable(self) -> float:
        """Share of people who gave 4 or 5."""
        return sum(self.counts[_FAVOURABLE - LOWEST :]) / self.people


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleResult:
    mean: float  #: of the people's means, 1 to 5, exact to the rounding of a float
    meets: bool  #: the target; decided on the exact mean
    favourable: float  #: share of all answers that are 4 or 5
    people: int  #: who are counted
    left_out: int  #: who left something out and are not counted, because the difference would show them
    questions: Mapping[SurveyQuestion, QuestionResult]


#: A scale that may not be told is not among the results.
Results = Mapping[SurveyScale, ScaleResult]


def results(answers: Iterable[Answer]) -> Results:
    """Of one round. No figure ever spans two rounds: with one of them untold, the difference would tell it."""
    given = tuple(answers)
    if len(given) < LEAST_ANSWERS:
        return {}
    found = {scale: _scale(given, asked) for scale, asked in OF_SCALE.items()}
    return {scale: result for scale, result in found.items() if result is not None}


def _scale(given: Sequence[Answer], asked: Sequence[Question]) -> ScaleResult | None:
    people = _counted(given, asked)
    if len(people) < LEAST_ANSWERS:
        return None
    means = [Fraction(sum(one.values()), len(one)) for one in people]
    mean = sum(means, start=Fraction(0)) / len(means)
    said = [score for one in people for score in one.values()]
    return ScaleResult(
        mean=float(mean),
        meets=mean > TARGET,
        favourable=sum(score >= _FAVOURABLE for score in said) / len(said),
        people=len(people),
        left_out=len(given) - len(people),
        questions={
            question.key: QuestionResult(
                counts=tuple(
                    sum(one.get(question.key) == score for one in people) for score in range(LOWEST, HIGHEST + 1)
                )
            )
            for question in asked
        },
    )


def _counted(given: Sequence[Answer], asked: Sequence[Question]) -> list[dict[SurveyQuestion, int]]:
    """The favourable scores of the people whom a scale counts.

    Everybody who said something, when those who said a part only are as many as a result needs, and so are those who
    answered each question. Else only who answered all of it: the mean of a few would be the difference between the mean
    of people and the answers to the questions.
    """
    said = [
        {one.key: one.favourable(score) for one in asked if (score := answer.scores[one.key]) is not None}
        for answer in given
    ]
    some = [one for one in said if one]
    whole = [one for one in some if len(one) == len(asked)]
    partly = len(some) - len(whole)
    each = min(sum(question.key in one for one in some) for question in asked)
    return some if partly >= LEAST_ANSWERS and each >= LEAST_ANSWERS else whole
