"""Workspace, people, their roles, sessions and links."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.types import Json, UtcDateTime, one_of
from pmcore.domain.vocabulary import Language, Role


class WorkspaceRow(Base):
    """Exactly one row."""

    __tablename__ = "workspace"
    __table_args__ = (CheckConstraint("id = 1", name="one"), one_of("language", Language))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    zone: Mapped[str]  #: IANA name
    language: Mapped[str]
    distribution: Mapped[str]  #: default list of teams that get a published document
    roles_for_names: Mapped[bool]  #: published documents show roles in place of names
    slo_target_percent: Mapped[str]  #: Decimal as text, "99.9"
    slo_window_days: Mapped[int]
    survey_by_date: Mapped[bool]  #: a round opens by itself each quarter
    version: Mapped[int]


class ServiceRow(Base):
    __tablename__ = "service"
    __table_args__ = (UniqueConstraint("id", "name_key"),)  # what an incident refers to

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)  #: casefolded
    active: Mapped[bool]
    version: Mapped[int]


class PolicyRow(Base):
    """A policy version; it applies to incidents reported from `valid_from` on. Append-only."""

    __tablename__ = "policy"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict] = mapped_column(Json)  # type: ignore[type-arg]
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  #: NULL: came with the app
    note: Mapped[str]


def key_of(named: type[Any], column: str) -> Callable[[DefaultExecutionContext], str]:
    """The default of a column that repeats the `name_key` of the service or person that another column refers to.

    It asks for each row; who inserts many gives the keys.
    """

    def key(context: DefaultExecutionContext) -> str:
        wanted = context.get_current_parameters()[column]  # type: ignore[no-untyped-call]
        found: str = context.connection.execute(select(named.name_key).where(named.id == wanted)).scalar_one()
        return found

    return key


class UserRow(Base):
    __tablename__ = "user"
    __table_args__ = (
        one_of("language", Language),
        UniqueConstraint("id", "name_key"),  # what a post-mortem refers to
        Index(None, "name_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str]
    username_key: Mapped[str] = mapped_column(unique=True)  #: casefolded
    name: Mapped[str]
    name_key: Mapped[str]  #: casefolded, for search and sorting
    language: Mapped[str]
    password_hash: Mapped[str | None]  #: NULL: cannot sign in (not yet, or a placeholder)
    active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int]


class UserRoleRow(Base):
    __tablename__ = "user_role"
    __table_args__ = (one_of("role", Role),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class DeputyRow(Base):
    """`deputy_id` holds `role` for `principal_id` from one day to another, both included, in the workspace's zone."""

    __tablename__ = "deputy"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("starts_on <= ends_on", name="order"),
        CheckConstraint("principal_id <> deputy_id", name="two_people"),
        Index(None, "deputy_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class SessionRow(Base):
    """A signed-in browser. Only the token's SHA-256 is here."""

    __tablename__ = "session"
    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)  #: last use by a person; polling does not count
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)  #: absolute
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agent: Mapped[str]  #: browser, shortened, for the person's own list
    address: Mapped[str]


class SignInLockRow(Base):
    """Failed sign-ins of a name or an address, kept as a digest."""

    __tablename__ = "sign_in_lock"

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LinkRow(Base):
    """A one-time link: set-up (no user yet) or invitation. Only the token's SHA-256 is here."""

    __tablename__ = "link"
    __table_args__ = (CheckConstraint("kind in ('set_up', 'invitation')", name="kind"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditRow(Base):
    """Who did what to what; never the text itself. Append-only."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "target"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  #: NULL: the app itself or the command line
    did: Mapped[str]
    target: Mapped[str]  #: "incident/12"
