"""What is shown of the survey. Nothing here tells who answered, but to the person."""

from dataclasses import dataclass
from datetime import date, datetime

from pmcore.domain.survey import Quarter
from pmcore.domain.survey_questions import SurveyScale
from pmcore.domain.survey_results import LEAST_ANSWERS, Results, ScaleResult


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRound:
    quarter: Quarter
    last_at: datetime  #: a moment of its last day
    may_answer: bool
    has_answered: bool  #: the person who looks
    has_declined: bool  #: likewise: no reminders, though an answer may follow


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRound:
    quarter: Quarter
    opened_at: datetime
    closed_at: datetime  #: when its time had passed
    invited: int
    answered: int
    results: Results

    @property
    def response_rate(self) -> float | None:
        """A share; None where nobody was invited."""
        return self.answered / self.invited if self.invited else None

    @property
    def is_told(self) -> bool:
        return self.answered >= LEAST_ANSWERS

    def scale(self, scale: SurveyScale) -> ScaleResult | None:
        """None when it may not be told."""
        return self.results.get(scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyView:
    open: OpenRound | None
    past: tuple[PastRound, ...]  #: the newest first
    may_open: bool
    may_read_remarks: bool
    needs_keeping: bool  #: something is to be opened, closed or cleaned up
    next_on: date | None  #: None: no round opens by itself
