"""What the survey asks. A changed sentence makes quarters incomparable: rather add a question with a key of its own."""

from dataclasses import dataclass
from enum import StrEnum

from pmcore.domain.errors import N_

LOWEST, HIGHEST = 1, 5  #: strongly disagree, strongly agree


class SurveyScale(StrEnum):
    SATISFACTION = "satisfaction"
    BLAMELESS = "blameless"


class SurveyQuestion(StrEnum):
    UNDERSTAND = "understand"
    BURDEN = "burden"
    CLEAR = "clear"
    TOOLS = "tools"
    OPENLY = "openly"
    CULPRIT = "culprit"
    SAFE = "safe"
    CHANGE = "change"


class RemarkKind(StrEnum):
    KEEP = "keep"
    MEND = "mend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    key: SurveyQuestion
    scale: SurveyScale
    sentence: str  #: English; agreed with from 1 to 5
    is_reversed: bool = False  #: disagreeing is what one hopes for

    def favourable(self, score: int) -> int:
        """From 1 to 5, where 5 is what one hopes for."""
        return LOWEST + HIGHEST - score if self.is_reversed else score


QUESTIONS = (
    Question(
        key=SurveyQuestion.UNDERSTAND, scale=SurveyScale.SATISFACTION,
        sentence=N_("Writing a post-mortem helps us to understand what happened."),
    ),
    Question(
        key=SurveyQuestion.BURDEN, scale=SurveyScale.SATISFACTION, is_reversed=True,
        sentence=N_("The process takes more of my time than it gives back."),
    ),
    Question(
        key=SurveyQuestion.CLEAR, scale=SurveyScale.SATISFACTION,
        sentence=N_("After an incident I know what is expected of me, and by when."),
    ),
    Question(
        key=SurveyQuestion.TOOLS, scale=SurveyScale.SATISFACTION,
        sentence=N_("The template and this app make the work easier."),
    ),
    Question(
        key=SurveyQuestion.OPENLY, scale=SurveyScale.BLAMELESS,
        sentence=N_("In a post-mortem I can say openly what I did and what I saw."),
    ),
    Question(
        key=SurveyQuestion.CULPRIT, scale=SurveyScale.BLAMELESS, is_reversed=True,
        sentence=N_("When something breaks, we look for the person who did it."),
    ),
    Question(
        key=SurveyQuestion.SAFE, scale=SurveyScale.BLAMELESS,
        sentence=N_("It is safe for me to report an incident, even one that I caused."),
    ),
    Question(
        key=SurveyQuestion.CHANGE, scale=SurveyScale.BLAMELESS,
        sentence=N_("What we learn from incidents changes how we work."),
    ),
)  # fmt: skip
BY_KEY = {question.key: question for question in QUESTIONS}
OF_SCALE = {scale: tuple(one for one in QUESTIONS if one.scale is scale) for scale in SurveyScale}

SCALE_NAMES = {
    SurveyScale.SATISFACTION: N_("Satisfaction with the process"),
    SurveyScale.BLAMELESS: N_("Blameless culture"),
}
REMARK_QUESTIONS = {
    RemarkKind.KEEP: N_("What should stay as it is?"),
    RemarkKind.MEND: N_("What should change first?"),
}
