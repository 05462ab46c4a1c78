"""What the use cases need of comments and of advice that was put away."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from pmcore.domain.comment import Comment, Nameable
from pmcore.domain.permissions import Actor
from pmcore.domain.vocabulary import SectionKey


class Comments(Protocol):
    def require_readable(self, postmortem_id: int, *, actor: Actor) -> None:
        """Comments are seen with the text they are about. Raises NotFound."""
        ...

    def get(self, comment_id: int, *, actor: Actor) -> Comment:
        """Locked; deleted ones too. Raises NotFound."""
        ...

    def add(self, comment: Comment) -> int: ...

    def save(self, comment: Comment) -> None: ...

    def nameable(self, postmortem_id: int) -> tuple[Nameable, ...]:
        """Whom a comment may call: active people who may see the post-mortem's text."""
        ...

    def mention(self, comment_id: int, user_ids: Iterable[int]) -> None: ...

    def settle_mentions(self, *, thread_id: int, user_id: int | None, at: datetime) -> None:
        """Those of a thread are answered: one person's, or everybody's with None."""
        ...

    def dismiss(
        self, *, postmortem_id: int, section: SectionKey, rule: str, excerpt: str, by_id: int, at: datetime
    ) -> None:
        """Once; a second time changes nothing."""
        ...

    def bring_hints_back(self, *, postmortem_id: int, section: SectionKey) -> int:
        """Forget what was dismissed in a section; returns how many."""
        ...
