"""The quarterly survey: when a round is open, who has been heard, what makes an answer.

Anonymous by construction (docs/adr/0031): an answer has no person and no time. What is stored of a round is always
given out together and anew (`shuffled`), so that its place says nothing of when it came.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from pmcore.domain import content
from pmcore.domain.errors import N_, PmError, Refusals
from pmcore.domain.survey_questions import BY_KEY, HIGHEST, LOWEST, QUESTIONS, RemarkKind, SurveyQuestion

ROUND_DAYS = 14
MAX_REMARK = 2_000  #: characters
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")

_Row = TypeVar("_Row")


class CannotOpenRound(PmError):
    """There is a round already; the sentence says which."""


class RoundIsOver(PmError):
    """Nothing more can be answered."""


class AlreadyAnswered(PmError):
    """One answer per person and round."""


class NotAnAnswer(PmError):
    """Something is missing or too long; the field is the question's or the remark's key."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Quarter:
    year: int
    number: int  #: 1 to 4

    def __str__(self) -> str:
        """ "2025-Q4", as in addresses and files."""
        return f"{self.year}-Q{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    id: int  #: 0 before it is stored
    quarter: Quarter
    opens_at: datetime
    closes_at: datetime
    opened_by_id: int | None = None  #: None: by its date
    closed_at: datetime | None = None  #: the count is final; who took part is forgotten
    invited: int | None = None  #: people who could have answered; since it is closed
    answered: int | None = None  #: since it is closed
    tidied_at: datetime | None = None  #: the files hold nothing of the time before

    @property
    def last_at(self) -> datetime:
        """A moment of its last day: it closes at midnight, which people read as the day after."""
        return self.closes_at - timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Somebody has answered, or does not want to be reminded. Known while the round is open, shown to nobody else."""

    user_id: int
    has_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Of one person, who is not known."""

    scores: Mapping[SurveyQuestion, int | None]  #: every question, 1 to 5 as agreed; None: prefers not to say


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A free text, apart from the answer that it came with."""

    kind: RemarkKind
    text: str


def quarter_of(day: date) -> Quarter:
    return Quarter(year=day.year, number=(day.month + 2) // 3)


def quarter_today(now: datetime, zone: str) -> Quarter:
    return quarter_of(now.astimezone(ZoneInfo(zone)).date())


def quarter_named(text: str) -> Quarter | None:
    """The opposite of `str`; None for anything else."""
    found = _QUARTER.fullmatch(text)
    return Quarter(year=int(found[1]), number=int(found[2])) if found else None


def opening_day(quarter: Quarter) -> date:
    """The first weekday of the quarter's last month."""
    first = date(quarter.year, quarter.number * 3, 1)
    return first + timedelta(days=7 - first.weekday() if first.weekday() > 4 else 0)


def by_date(now: datetime, zone: str) -> Round | None:
    """The round that the calendar of `zone` holds open now, whoever looks and whenever; None between two."""
    quarter = quarter_today(now, zone)
    first = opening_day(quarter)
    opens_at, closes_at = _midnight(first, zone), _midnight(first + timedelta(days=ROUND_DAYS), zone)
    if not opens_at <= now < closes_at:
        return None
    return Round(id=0, quarter=quarter, opens_at=opens_at, closes_at=closes_at)


def by_hand(rounds: Iterable[Round], *, by_id: int, now: datetime, zone: str) -> Round:
    """This quarter's round, opened now for two weeks. `rounds` are those of this quarter and those still open.

    Raises CannotOpenRound.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    quarter = quarter_of(today)
    for known in rounds:
        if is_open(known, now):
            raise CannotOpenRound(N_("A round is open already. The next one can follow when it has closed."))
        if known.quarter == quarter:
            raise CannotOpenRound(N_("This quarter has had its round. The next one can open next quarter."))
    closes_at = _midnight(today + timedelta(days=ROUND_DAYS + 1), zone)
    return Round(id=0, quarter=quarter, opens_at=now, closes_at=closes_at, opened_by_id=by_id)


def to_open(rounds: Iterable[Round], now: datetime, zone: str) -> Round | None:
    """The round of the calendar, when it is not among those known and none is open. `rounds` as for `by_hand`."""
    due = by_date(now, zone)
    if due is None or any(is_open(known, now) or known.quarter == due.quarter for known in rounds):
        return None
    return due


def needs_keeping(rounds: Iterable[Round], now: datetime, zone: str, *, opens_by_date: bool) -> bool:
    """Whether a round is to be opened, closed, or cleaned up after."""
    known = tuple(rounds)
    is_due = opens_by_date and to_open(known, now, zone) is not None
    return is_due or any(one.tidied_at is None and not is_open(one, now) for one in known)


def next_opening(now: datetime, zone: str, *, has_had: Quarter | None) -> date:
    """The day on which the calendar opens the next round; `has_had` is the newest quarter that has had one."""
    today = now.astimezone(ZoneInfo(zone)).date()
    quarter = quarter_of(today)
    if opening_day(quarter) < today or (has_had is not None and has_had >= quarter):
        quarter = _after(quarter)
    return opening_day(quarter)


def _after(quarter: Quarter) -> Quarter:
    is_last = quarter.number == 4
    return Quarter(year=quarter.year + is_last, number=1 if is_last else quarter.number + 1)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def is_open(found: Round, now: datetime) -> bool:
    return found.closed_at is None and found.opens_at <= now < found.closes_at


def is_over(found: Round, now: datetime) -> bool:
    """Its time has passed, and nobody has closed it yet."""
    return found.closed_at is None and now >= found.closes_at


def answered_by(user_id: int, heard: Iterable[Heard], found: Round, *, now: datetime) -> tuple[Heard, ...]:
    """Who has been heard, with this person's answer. Raises RoundIsOver, AlreadyAnswered."""
    return _with(Heard(user_id=user_id, has_answered=True), tuple(heard), found, now=now)


def declined_by(user_id: int, heard: Iterable[Heard], found: Round, *, now: datetime) -> tuple[Heard, ...]:
    """The same with "not this quarter", which an answer may still follow. Raises RoundIsOver, AlreadyAnswered."""
    return _with(Heard(user_id=user_id, has_answered=False), tuple(heard), found, now=now)


def _with(new: Heard, heard: tuple[Heard, ...], found: Round, *, now: datetime) -> tuple[Heard, ...]:
    if not is_open(found, now):
        raise RoundIsOver(N_("This round has closed, so nothing was sent. The next one comes next quarter."))
    if any(one.has_answered for one in heard if one.user_id == new.user_id):
        raise AlreadyAnswered(N_("You have answered this round already; every person answers once."))
    others = tuple(one for one in heard if one.user_id != new.user_id)
    return tuple(sorted((*others, new), key=lambda one: one.user_id))


def answer(scores: Mapping[SurveyQuestion, int | None]) -> Answer:
    """A question that is not among `scores` was not looked at. Raises Refusals."""
    problems = []
    for number, question in enumerate(QUESTIONS, start=1):
        score = scores.get(question.key)
        if question.key not in scores:
            missing = N_("Question {number}: choose an answer, or “prefer not to say”.")
            problems.append(NotAnAnswer(missing, field=question.key.value, number=number))
        elif score is not None and not LOWEST <= score <= HIGHEST:
            problems.append(NotAnAnswer(N_("Answer with a number from 1 to 5."), field=question.key.value))
    if problems:
        raise Refusals(tuple(problems))
    return Answer(scores={key: scores[key] for key in BY_KEY})


def remarks(texts: Mapping[RemarkKind, str]) -> tuple[Remark, ...]:
    """Those that say something. Raises BadText."""
    cleaned = {kind: content.clean(text, longest=MAX_REMARK, field=kind.value).strip() for kind, text in texts.items()}
    return tuple(Remark(kind=kind, text=text) for kind, text in cleaned.items() if text)


def shuffled(rows: Iterable[_Row], new_key: Callable[[], str]) -> tuple[tuple[str, _Row], ...]:
    """Each with a fresh random key, in the order of the keys: neither says when a row came, nor which it was before."""
    return tuple(sorted(((new_key(), row) for row in rows), key=lambda pair: pair[0]))
