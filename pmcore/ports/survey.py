"""What the use cases need of the survey."""

from collections.abc import Iterable
from typing import Protocol

from pmcore.domain.survey import Answer, Heard, Quarter, Remark, Round


class Tidy(Protocol):
    """Outside a transaction: the files of the survey's tables hold nothing any more of what has been deleted.

    False when the database was too busy; then somebody has to try again.
    """

    def __call__(self) -> bool: ...


class Survey(Protocol):
    def unfinished(self, quarter: Quarter) -> tuple[Round, ...]:
        """This quarter's round, and those that are not closed and tidied; locked, the oldest first."""
        ...

    def add(self, found: Round) -> Round:
        """With its id. Raises EditConflict when the quarter got its round a moment ago."""
        ...

    def save(self, found: Round) -> None: ...

    def heard(self, round_id: int) -> tuple[Heard, ...]: ...

    def answers(self, round_id: int) -> tuple[Answer, ...]: ...

    def remarks(self, round_id: int) -> tuple[Remark, ...]: ...

    def rewrite(
        self,
        round_id: int,
        *,
        heard: Iterable[Heard],
        answers: Iterable[tuple[str, Answer]],
        remarks: Iterable[tuple[str, Remark]],
    ) -> None:
        """All that is stored of the round anew, in this order; the text beside each is its key."""
        ...

    def invited(self, *, also: Iterable[int]) -> int:
        """How many people may answer and can sign in, those named included."""
        ...
