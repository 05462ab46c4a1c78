"""The survey. Answers know neither people nor times; see docs/adr/0031 before adding a column or a foreign key here."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.types import UtcDateTime, one_of
from pmcore.domain.survey_questions import HIGHEST, LOWEST, RemarkKind, SurveyQuestion


class SurveyRoundRow(Base):
    """One a quarter."""

    __tablename__ = "survey_round"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint("number between 1 and 4", name="number"),
        CheckConstraint("closes_at > opens_at", name="order"),
        CheckConstraint(
            "(closed_at is null) = (invited is null) and (closed_at is null) = (answered is null)", name="closed_whole"
        ),
        CheckConstraint("closed_at >= closes_at", name="closed_after_its_time"),
        CheckConstraint("answered between 0 and invited", name="answered"),
        CheckConstraint("tidied_at >= closed_at", name="tidied_after_closing"),
        CheckConstraint("tidied_at is null or closed_at is not null", name="tidied_when_closed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    number: Mapped[int]  #: of the quarter
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  #: NULL: by its date
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    invited: Mapped[int | None]
    answered: Mapped[int | None]
    tidied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SurveyHeardRow(Base):
    """Who needs no reminder; deleted when the round closes.

    `user_id` is no foreign key: PostgreSQL would leave the number of the transaction on the row of the person.
    """

    __tablename__ = "survey_heard"

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    has_answered: Mapped[bool]


class SurveyAnswerRow(Base):
    """The answer of somebody: a column a question, NULL where the person prefers not to say."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        CheckConstraint("length(key) >= 20", name="key_is_long"),
        *(CheckConstraint(f"{one.value} between {LOWEST} and {HIGHEST}", name=one.value) for one in SurveyQuestion),
    )

    key: Mapped[str] = mapped_column(primary_key=True)  #: random, renewed with every answer of the round
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"))
    understand: Mapped[int | None] = mapped_column(SmallInteger)
    burden: Mapped[int | None] = mapped_column(SmallInteger)
    clear: Mapped[int | None] = mapped_column(SmallInteger)
    tools: Mapped[int | None] = mapped_column(SmallInteger)
    openly: Mapped[int | None] = mapped_column(SmallInteger)
    culprit: Mapped[int | None] = mapped_column(SmallInteger)
    safe: Mapped[int | None] = mapped_column(SmallInteger)
    change: Mapped[int | None] = mapped_column(SmallInteger)


class SurveyRemarkRow(Base):
    """A free text of somebody, apart from the answer that came with it."""

    __tablename__ = "survey_remark"
    __table_args__ = (
        CheckConstraint("length(key) >= 20", name="key_is_long"),
        CheckConstraint("length(trim(text)) > 0", name="says_something"),
        one_of("kind", RemarkKind),
    )

    key: Mapped[str] = mapped_column(primary_key=True)  #: random, renewed with every answer of the round
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"))
    kind: Mapped[str]
    text: Mapped[str]
