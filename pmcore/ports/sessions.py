"""What the use cases need of sessions, sign-in locks and one-time links."""

from datetime import datetime
from typing import Protocol

from pmcore.domain.sessions import Link, LinkKind, Session, SignInLock


class Sessions(Protocol):
    def add(self, session: Session) -> int: ...

    def end(self, *, token_hash: str, at: datetime) -> int | None:
        """End one session; whose it was."""
        ...

    def end_all(self, *, user_id: int, at: datetime, but: int | None = None) -> int:
        """End a person's sessions, except one; how many ended."""
        ...

    def end_one(self, session_id: int, *, user_id: int, at: datetime) -> None:
        """Raises NotFound when it is not this person's."""
        ...

    def touch(self, *, token_hash: str, at: datetime) -> None:
        """A person used it."""
        ...

    def purge(self, *, before: datetime) -> None:
        """Forget sessions and failed sign-ins that have been over since."""
        ...

    def lock(self, key: str, *, at: datetime) -> SignInLock:
        """Locked until the end of the transaction; made when there is none yet."""
        ...

    def save_lock(self, lock: SignInLock) -> None: ...

    def add_link(self, link: Link) -> None: ...

    def link(self, token_hash: str) -> Link | None:
        """Locked until the end of the transaction."""
        ...

    def use_link(self, token_hash: str, *, at: datetime) -> None: ...

    def hold_links(self, *, kind: LinkKind) -> None:
        """Lock all links of a kind, so that of two that are used at once one waits for the other."""
        ...

    def drop_links(self, *, kind: LinkKind, user_id: int | None, expired_at: datetime | None = None) -> None:
        """Forget the unused links of a kind and person, so that only a newer one works; with `expired_at` those only
        that have expired by then."""
        ...
