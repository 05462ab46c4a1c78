"""Signatures, returns and editions in SQL: row <-> dataclass, and nothing else."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import and_, exists, select, union_all, update
from sqlalchemy.orm import Session

from db.models import (
    AuditRow,
    DeputyRow,
    EditionRow,
    PostmortemRow,
    PublishingTimeRow,
    ReturnRow,
    SignatureRow,
    UserRoleRow,
    UserRow,
)
from db.queries.rail_rows import STEPS
from pmcore.domain.edition import Edition, Named
from pmcore.domain.errors import NotFound
from pmcore.domain.review import Return, Reviewer
from pmcore.domain.sign_off import Signature
from pmcore.domain.vocabulary import Role, SectionKey, SignRole
from pmcore.domain.waiting import PublishingTime, Step


class SqlReviews:
    def __init__(self, session: Session) -> None:
        self._session = session

    def incident_of(self, postmortem_id: int) -> int:
        found = self._session.scalar(
            select(PostmortemRow.incident_id).where(
                PostmortemRow.id == postmortem_id, PostmortemRow.deleted_at.is_(None)
            )
        )
        if found is None:
            raise NotFound
        return found

    def signatures(self, postmortem_id: int) -> tuple[Signature, ...]:
        rows = self._session.scalars(
            select(SignatureRow)
            .filter_by(postmortem_id=postmortem_id)
            .order_by(SignatureRow.id)
            .execution_options(populate_existing=True)
        )
        return tuple(
            to_signature(
                id=row.id,
                role=row.role,
                user_id=row.user_id,
                hashes=row.hashes,
                at=row.at,
                withdrawn_at=row.withdrawn_at,
            )
            for row in rows
        )

    def add_signature(self, postmortem_id: int, signature: Signature) -> int:
        row = SignatureRow(
            postmortem_id=postmortem_id,
            role=signature.role,
            user_id=signature.user_id,
            hashes={key.value: content_hash for key, content_hash in signature.hashes.items()},
            at=signature.at,
            withdrawn_at=signature.withdrawn_at,
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def withdraw(self, signature_id: int, *, at: datetime) -> None:
        self._session.execute(
            update(SignatureRow).filter_by(id=signature_id, withdrawn_at=None).values(withdrawn_at=at)
        )

    def add_return(self, postmortem_id: int, sent_back: Return) -> None:
        self._session.add(
            ReturnRow(
                postmortem_id=postmortem_id,
                role=sent_back.role,
                user_id=sent_back.user_id,
                reasons=sent_back.reasons,
                at=sent_back.at,
                answered_at=None,
            )
        )
        self._session.flush()

    def answer_returns(self, postmortem_id: int, *, at: datetime) -> None:
        self._session.execute(
            update(ReturnRow).filter_by(postmortem_id=postmortem_id, answered_at=None).values(answered_at=at)
        )

    def way(self, postmortem_id: int) -> tuple[Step, ...]:
        rows = self._session.execute(
            select(AuditRow.did, AuditRow.at)
            .where(AuditRow.target == f"postmortem/{postmortem_id}", AuditRow.did.in_(STEPS))
            .order_by(AuditRow.id)
        )
        return tuple(Step(what=STEPS[row.did][0], role=STEPS[row.did][1], at=row.at) for row in rows)

    def keep_publishing_time(self, postmortem_id: int, took: PublishingTime) -> None:
        waited = dict(took.waited_for)
        self._session.add(
            PublishingTimeRow(
                postmortem_id=postmortem_id,
                writing=round(took.writing),
                review=round(took.review),
                signed=round(took.signed),
                **{role.value: round(waited.get(role, 0)) for role in SignRole},
            )
        )

    def add_edition(self, edition: Edition) -> None:
        self._session.add(
            EditionRow(
                postmortem_id=edition.postmortem_id,
                number=edition.number,
                content=dict(edition.content),
                note=edition.note,
                published_at=edition.published_at,
                by_id=edition.by_id,
            )
        )
        self._session.flush()

    def newest_edition(self, postmortem_id: int) -> Edition:
        row = self._session.scalar(
            select(EditionRow).filter_by(postmortem_id=postmortem_id).order_by(EditionRow.number.desc()).limit(1)
        )
        if row is None:
            raise NotFound
        return Edition(
            postmortem_id=row.postmortem_id,
            number=row.number,
            content=row.content,
            note=row.note,
            published_at=row.published_at,
            by_id=row.by_id,
        )

    def reviewers(self, user_ids: Iterable[int], *, today: date) -> tuple[Reviewer, ...]:
        wanted = list(user_ids)
        held = union_all(
            select(UserRoleRow.user_id, UserRoleRow.role).where(UserRoleRow.user_id.in_(wanted)),
            select(DeputyRow.deputy_id, DeputyRow.role).where(
                DeputyRow.deputy_id.in_(wanted), DeputyRow.starts_on <= today, DeputyRow.ends_on >= today
            ),
        )
        roles: dict[int, set[Role]] = {}
        for user_id, role in self._session.execute(held):
            roles.setdefault(user_id, set()).add(Role(role))
        rows = self._session.scalars(select(UserRow).where(UserRow.id.in_(wanted)).order_by(UserRow.name_key))
        return tuple(
            Reviewer(user_id=row.id, name=row.name, active=row.active, roles=frozenset(roles.get(row.id, ())))
            for row in rows
        )

    def named(self, user_ids: Iterable[int]) -> tuple[Named, ...]:
        rows = self._session.execute(
            select(UserRow.id, UserRow.name, UserRoleRow.role)
            .outerjoin(UserRoleRow, UserRoleRow.user_id == UserRow.id)
            .where(UserRow.id.in_(list(user_ids)))
        )
        return to_named((row.id, row.name, row.role) for row in rows)

    def has_cto(self, *, besides: frozenset[int]) -> bool:
        holder = and_(
            UserRoleRow.role == Role.CTO,
            UserRoleRow.user_id == UserRow.id,
            UserRow.active,
            UserRow.id.not_in(list(besides)),
        )
        return bool(self._session.scalar(select(exists().where(holder))))


#: Which of a person's roles a document names: the one that signs weighs most.
_WEIGHT = (Role.CTO, Role.ENGINEERING_MANAGER, Role.TECH_LEAD, Role.ENGINEER, Role.ADMINISTRATOR, Role.VIEWER)


def to_named(rows: Iterable[tuple[int, str, str | None]]) -> tuple[Named, ...]:
    """One row a person and role; persons without a role have one row without it."""
    names: dict[int, str] = {}
    roles: dict[int, set[Role]] = {}
    for user_id, name, role in rows:
        names[user_id] = name
        roles.setdefault(user_id, set()).update({Role(role)} if role else set())
    return tuple(
        Named(user_id=user_id, name=name, role=min(roles[user_id], key=_WEIGHT.index, default=None))
        for user_id, name in sorted(names.items())
    )


def to_signature(
    *,
    id: int,
    role: str,
    user_id: int,
    hashes: Mapping[str, str],
    at: datetime,
    withdrawn_at: datetime | None,
) -> Signature:
    return Signature(
        id=id,
        role=SignRole(role),
        user_id=user_id,
        hashes={SectionKey(key): content_hash for key, content_hash in hashes.items()},
        at=at,
        withdrawn_at=withdrawn_at,
    )
