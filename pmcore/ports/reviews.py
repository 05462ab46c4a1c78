"""What the use cases need of signatures, returns and editions."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from pmcore.domain.edition import Edition, Named
from pmcore.domain.review import Return, Reviewer
from pmcore.domain.sign_off import Signature
from pmcore.domain.waiting import PublishingTime, Step


class Reviews(Protocol):
    def incident_of(self, postmortem_id: int) -> int:
        """Without a lock, so that the incident can be locked before its post-mortem. Raises NotFound."""
        ...

    def signatures(self, postmortem_id: int) -> tuple[Signature, ...]:
        """Withdrawn ones included, the oldest first."""
        ...

    def add_signature(self, postmortem_id: int, signature: Signature) -> int: ...

    def withdraw(self, signature_id: int, *, at: datetime) -> None: ...

    def add_return(self, postmortem_id: int, sent_back: Return) -> None: ...

    def answer_returns(self, postmortem_id: int, *, at: datetime) -> None:
        """All open ones: the text was submitted again."""
        ...

    def way(self, postmortem_id: int) -> tuple[Step, ...]:
        """What moved the text from its author to its reviewers and back, the oldest first."""
        ...

    def keep_publishing_time(self, postmortem_id: int, took: PublishingTime) -> None:
        """Once, with the first edition."""
        ...

    def add_edition(self, edition: Edition) -> None: ...

    def newest_edition(self, postmortem_id: int) -> Edition:
        """Raises NotFound before the first."""
        ...

    def reviewers(self, user_ids: Iterable[int], *, today: date) -> tuple[Reviewer, ...]:
        """With the roles of that day, deputised ones included; who does not exist is left out. By name."""
        ...

    def named(self, user_ids: Iterable[int]) -> tuple[Named, ...]:
        """How documents call these people."""
        ...

    def has_cto(self, *, besides: frozenset[int]) -> bool:
        """Whether somebody active holds the role, these people apart."""
        ...
