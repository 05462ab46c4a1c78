"""Which incident repeats which earlier one: proposed, then confirmed or refused."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.types import Json, UtcDateTime, one_of
from pmcore.domain.vocabulary import RecurrenceState


class RecurrenceRow(Base):
    """A pair stands here once. The two starts follow their incidents by themselves, so that the order always holds."""

    __tablename__ = "recurrences"
    __table_args__ = (
        one_of("state", RecurrenceState),
        ForeignKeyConstraint(
            ["incident_id", "incident_started_at"], ["incident.id", "incident.started_at"], onupdate="CASCADE"
        ),
        ForeignKeyConstraint(
            ["earlier_id", "earlier_started_at"], ["incident.id", "incident.started_at"], onupdate="CASCADE"
        ),
        CheckConstraint("earlier_id <> incident_id", name="repeats_another"),
        CheckConstraint("earlier_started_at < incident_started_at", name="repeats_an_earlier_one"),
        CheckConstraint("(decided_at is null) = (decided_by_id is null)", name="decided_by_somebody"),
        CheckConstraint("(decided_at is null) = (state = 'proposed')", name="decided_or_proposed"),
        CheckConstraint("state <> 'refused' or length(trim(decision_note)) > 0", name="refused_with_a_reason"),
        CheckConstraint("decided_by_id <> author_id", name="decided_by_another"),
        Index(None, "earlier_id", "state"),
        Index(None, "state", "proposed_at"),
    )

    incident_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  #: the later one
    earlier_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    incident_started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    earlier_started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  #: NULL: the app found it
    reasons: Mapped[list] = mapped_column(Json)  # type: ignore[type-arg]  #: [{"kind": "words", "words": ["pool", ...]}, ...]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  #: of the later one, at the decision
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str]  #: why it was refused; of a confirmation empty, or what somebody added
    version: Mapped[int]
