"""Sessions, sign-in locks and one-time links in SQL: row <-> dataclass, and nothing else."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as OrmSession

from db.models import LinkRow, SessionRow, SignInLockRow
from pmcore.domain.errors import NotFound
from pmcore.domain.sessions import FORGOTTEN_AFTER, Link, LinkKind, Session, SignInLock


class SqlSessions:
    def __init__(self, session: OrmSession) -> None:
        self._session = session

    def add(self, session: Session) -> int:
        row = SessionRow(
            token_hash=session.token_hash,
            user_id=session.user_id,
            created_at=session.created_at,
            seen_at=session.seen_at,
            expires_at=session.expires_at,
            ended_at=session.ended_at,
            agent=session.agent,
            address=session.address,
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def end(self, *, token_hash: str, at: datetime) -> int | None:
        return self._session.scalar(
            update(SessionRow)
            .where(SessionRow.token_hash == token_hash, SessionRow.ended_at.is_(None))
            .values(ended_at=at)
            .returning(SessionRow.user_id)
        )

    def end_all(self, *, user_id: int, at: datetime, but: int | None = None) -> int:
        ending = update(SessionRow).where(SessionRow.user_id == user_id, SessionRow.ended_at.is_(None))
        if but is not None:
            ending = ending.where(SessionRow.id != but)
        return len(self._session.scalars(ending.values(ended_at=at).returning(SessionRow.id)).all())

    def end_one(self, session_id: int, *, user_id: int, at: datetime) -> None:
        ended = self._session.scalar(
            update(SessionRow)
            .where(SessionRow.id == session_id, SessionRow.user_id == user_id, SessionRow.ended_at.is_(None))
            .values(ended_at=at)
            .returning(SessionRow.id)
        )
        if ended is None:
            raise NotFound

    def touch(self, *, token_hash: str, at: datetime) -> None:
        self._session.execute(
            update(SessionRow)
            .where(SessionRow.token_hash == token_hash, SessionRow.ended_at.is_(None), SessionRow.seen_at < at)
            .values(seen_at=at)
        )

    def purge(self, *, before: datetime) -> None:
        self._session.execute(delete(SessionRow).where(SessionRow.expires_at < before))
        self._session.execute(delete(SignInLockRow).where(SignInLockRow.last_at < before - FORGOTTEN_AFTER))

    def lock(self, key: str, *, at: datetime) -> SignInLock:
        insert = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        fresh = insert(SignInLockRow).values(key=key, failures=0, last_at=at, locked_until=None)
        self._session.execute(fresh.on_conflict_do_nothing())
        row = self._session.scalars(select(SignInLockRow).filter_by(key=key).with_for_update()).one()
        return SignInLock(key=row.key, failures=row.failures, last_at=row.last_at, locked_until=row.locked_until)

    def save_lock(self, lock: SignInLock) -> None:
        self._session.execute(
            update(SignInLockRow)
            .filter_by(key=lock.key)
            .values(failures=lock.failures, last_at=lock.last_at, locked_until=lock.locked_until)
        )

    def add_link(self, link: Link) -> None:
        self._session.add(
            LinkRow(
                token_hash=link.token_hash,
                kind=link.kind.value,
                user_id=link.user_id,
                expires_at=link.expires_at,
                used_at=link.used_at,
            )
        )
        self._session.flush()

    def link(self, token_hash: str) -> Link | None:
        row = self._session.scalar(select(LinkRow).filter_by(token_hash=token_hash).with_for_update())
        if row is None:
            return None
        return Link(
            token_hash=row.token_hash,
            kind=LinkKind(row.kind),
            user_id=row.user_id,
            expires_at=row.expires_at,
            used_at=row.used_at,
        )

    def use_link(self, token_hash: str, *, at: datetime) -> None:
        self._session.execute(update(LinkRow).filter_by(token_hash=token_hash).values(used_at=at))

    def hold_links(self, *, kind: LinkKind) -> None:
        in_one_order = select(LinkRow.token_hash).filter_by(kind=kind.value).order_by(LinkRow.token_hash)
        self._session.execute(in_one_order.with_for_update())

    def drop_links(self, *, kind: LinkKind, user_id: int | None, expired_at: datetime | None = None) -> None:
        whose = LinkRow.user_id.is_(None) if user_id is None else LinkRow.user_id == user_id
        dropping = delete(LinkRow).where(LinkRow.kind == kind.value, LinkRow.used_at.is_(None), whose)
        if expired_at is not None:
            dropping = dropping.where(LinkRow.expires_at <= expired_at)
        self._session.execute(dropping)
