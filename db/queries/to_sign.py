"""The post-mortems in review that wait for one person. Three statements."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from db.models import (
    DeputyRow,
    IncidentRow,
    MemberRow,
    PostmortemRow,
    SectionRow,
    SignatureRow,
    UserRoleRow,
    UserRow,
)
from db.queries.prepared import anybody, asked_by
from db.queries.remembered import remembered
from db.reviews import to_signature
from db.visibility import can_see
from pmcore.domain.permissions import Actor
from pmcore.domain.sign_off import Signature, Standing, may_sign, roles_of, standings
from pmcore.domain.vocabulary import Amendment, MemberRole, PostmortemStatus, Role, SectionKey, Severity
from pmcore.readmodels.inbox import Box, ToSignRow

MOST = 50  #: in review at once, of which the longest waiting are looked at


def to_sign(session: Session, *, actor: Actor, today: date, shown: int) -> Box[ToSignRow]:
    """The longest waiting first. Who is asked to read, but holds no role that signs, is shown it, too."""
    asked = remembered(
        session,
        ("to-sign", actor.user_id, actor.roles, today),
        lambda: session.execute(_asked(anybody(actor)), {**asked_by(actor), "today": today}).all(),
    )
    ids = [row.id for row in asked]
    if not ids:
        return Box.of(())
    hashes, signatures = _hashes(session, ids), _signatures(session, ids)
    rows = [
        found
        for row in asked
        if (found := _row(row, hashes.get(row.id, {}), signatures.get(row.id, ()), actor)) is not None
    ]
    return Box.of(rows[:shown], len(rows))


@cache
def _asked(actor: Actor) -> Select[*tuple[Any, ...]]:
    """A deputy is asked with the person they stand in for; a day's difference between zones does no harm here."""
    author = aliased(UserRow)
    today = bindparam("today", type_=Date())
    principals = select(DeputyRow.principal_id).where(
        DeputyRow.deputy_id == actor.user_id, DeputyRow.starts_on <= today, DeputyRow.ends_on >= today
    )
    named = exists().where(
        MemberRow.postmortem_id == PostmortemRow.id,
        MemberRow.role == MemberRole.REVIEWER,
        or_(MemberRow.user_id == actor.user_id, MemberRow.user_id.in_(principals)),
    )
    writes = exists().where(
        MemberRow.postmortem_id == PostmortemRow.id,
        MemberRow.role == MemberRole.CO_AUTHOR,
        MemberRow.user_id == UserRow.id,
    )
    cto = exists().where(
        UserRoleRow.role == Role.CTO,
        UserRoleRow.user_id == UserRow.id,
        UserRow.active,
        UserRow.id != PostmortemRow.author_id,
        ~writes.correlate(PostmortemRow, UserRow),
    )
    return (
        select(
            PostmortemRow.id,
            PostmortemRow.author_id,
            PostmortemRow.submitted_at,
            IncidentRow.public_id,
            IncidentRow.title,
            IncidentRow.severity,
            IncidentRow.highest_severity,
            author.name.label("author"),
            cto.correlate(PostmortemRow).label("has_cto"),
        )
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .join(author, author.id == PostmortemRow.author_id)
        .where(
            PostmortemRow.deleted_at.is_(None),
            or_(
                PostmortemRow.status == PostmortemStatus.IN_REVIEW,
                PostmortemRow.amendment == Amendment.IN_REVIEW,
            ),
            PostmortemRow.author_id != actor.user_id,
            named.correlate(PostmortemRow),
            can_see(actor),
        )
        .order_by(PostmortemRow.submitted_at, PostmortemRow.id)
        .limit(MOST)
    )


def _hashes(session: Session, ids: Sequence[int]) -> dict[int, dict[SectionKey, str]]:
    found: dict[int, dict[SectionKey, str]] = {}
    rows = session.execute(
        select(SectionRow.postmortem_id, SectionRow.key, SectionRow.content_hash).where(
            SectionRow.postmortem_id.in_(ids)
        )
    )
    for row in rows:
        found.setdefault(row.postmortem_id, {})[SectionKey(row.key)] = row.content_hash
    return found


def _signatures(session: Session, ids: Sequence[int]) -> dict[int, list[Signature]]:
    found: dict[int, list[Signature]] = {}
    rows = session.scalars(
        select(SignatureRow).where(SignatureRow.postmortem_id.in_(ids), SignatureRow.withdrawn_at.is_(None))
    )
    for row in rows:
        found.setdefault(row.postmortem_id, []).append(
            to_signature(
                id=row.id,
                role=row.role,
                user_id=row.user_id,
                hashes=row.hashes,
                at=row.at,
                withdrawn_at=None,
            )
        )
    return found


def _row(row: Any, hashes: Mapping[SectionKey, str], signatures: Sequence[Signature], actor: Actor) -> ToSignRow | None:
    """None when nothing waits for this person."""
    authors = frozenset({row.author_id})
    waiting = [
        sign_off
        for sign_off in standings(
            severity=Severity(row.highest_severity),
            has_cto=bool(row.has_cto),
            hashes=hashes,
            signatures=signatures,
            author_ids=authors,
        )
        if sign_off.standing is not Standing.VALID and may_sign(actor, role=sign_off.role, author_ids=authors)
    ]
    if not waiting and roles_of(actor):
        return None
    return ToSignRow(
        postmortem_id=row.id,
        public_id=row.public_id,
        title=row.title,
        severity=Severity(row.severity),
        author=row.author,
        submitted_at=row.submitted_at,
        roles=tuple(sign_off.role for sign_off in waiting),
        is_void=any(sign_off.standing is Standing.VOID for sign_off in waiting),
    )
