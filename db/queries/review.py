"""How a post-mortem stands in its review: one statement beside those of `writing`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Engine, Text, and_, bindparam, cast, exists, literal, select, true, type_coerce, union_all
from sqlalchemy.orm import Session

from db.models import (
    ActionItemRow,
    IncidentRow,
    ObligationRow,
    PostmortemRow,
    ReturnRow,
    SignatureRow,
    UserRoleRow,
    UserRow,
    WorkspaceRow,
)
from db.queries import clocks
from db.queries.prepared import NOW, THIS
from db.queries.remembered import end_of_minute, remembered
from db.reviews import to_signature
from db.types import UtcDateTime
from pmcore.domain import lifecycle
from pmcore.domain.action_item import OPEN
from pmcore.domain.lifecycle import Event
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.sign_off import Signature, SignOff, is_signed_off, may_sign, missing_signatures, standings
from pmcore.domain.vocabulary import ClockKind, ClockState, MemberRole, Role, SignRole
from pmcore.readmodels.reading import ReturnLine, ReviewView, SignOffLine
from pmcore.readmodels.writing import WritingView


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Signatures and open returns, with the names of their givers."""

    signatures: tuple[Signature, ...]
    returns: tuple[ReturnLine, ...]
    names: dict[int, str]


def review(
    engine: Engine, *, actor: Actor, now: datetime, writing: WritingView, given: Given | None = None
) -> ReviewView:
    """`writing` was asked by the same actor, who may therefore see it; `given` where it is known already."""
    require(actor, Right.READ)
    with Session(engine) as session:
        # It is kept with what it was made from: only that very answer of `writing` finds it again.
        _, found = remembered(
            session,
            ("review", actor.user_id, actor.roles, id(writing)),
            lambda: (writing, _review(session, actor=actor, now=now, writing=writing, given=given)),
            now=now,
            until=lambda answer: _until(answer[1], now),
            is_short=True,
        )
    return found


def _until(view: ReviewView, now: datetime) -> datetime:
    """The clock runs out, or the minute of "31 min left"."""
    runs_out = view.due_at if view.clock is ClockState.PENDING and view.due_at else end_of_minute(now)
    return min(runs_out, end_of_minute(now))


def _review(session: Session, *, actor: Actor, now: datetime, writing: WritingView, given: Given | None) -> ReviewView:
    authors = authors_of(writing)
    values = {"now": now, "this": writing.postmortem_id, "besides": sorted(authors)}
    rows = session.connection().execute(_whole(writing.shared_at is None, with_given=given is None), values).all()
    whole = rows[0]
    given = given or to_given([row for row in rows if row.what])
    seen = {entry.key: entry.content_hash for entry in writing.sections}
    sign_offs = standings(
        severity=writing.highest_severity,
        has_cto=bool(whole.has_cto),
        hashes=seen,
        signatures=given.signatures,
        author_ids=authors,
    )
    is_open = lifecycle.is_in_review(writing.status, writing.amendment)
    return ReviewView(
        postmortem_id=writing.postmortem_id,
        incident_id=writing.incident_id,
        public_id=writing.public_id,
        status=writing.status,
        amendment=writing.amendment,
        edition_number=writing.edition_number,
        may=_may(writing, actor=actor, items_open=bool(whole.items_open)),
        may_read_draft=writing.may_read,
        is_signed_off=is_signed_off(sign_offs),
        sign_offs=tuple(
            _line(sign_off, given, actor=actor, authors=authors, is_open=is_open) for sign_off in sign_offs
        ),
        standings=sign_offs,
        returns=given.returns if lifecycle.is_working_copy_open(writing.status, writing.amendment) else (),
        missing_to_submit=writing.missing_to_submit,
        missing_to_publish=(*writing.missing_to_publish, *missing_signatures(sign_offs)),
        seen=seen,
        resolved_at=whole.resolved_at,
        zone=writing.zone,
        waits_since=writing.submitted_at if is_open else None,
        clock=ClockState(whole.clock) if whole.clock else ClockState.NONE,
        due_at=whole.due_at,
        roles_for_names=bool(whole.roles_for_names),
    )


def authors_of(writing: WritingView) -> frozenset[int]:
    co_authors = {member.user_id for member in writing.members if member.role is MemberRole.CO_AUTHOR}
    return frozenset({writing.author_id, *co_authors})


@cache
def _whole(is_unshared: bool, *, with_given: bool) -> Any:
    """One row; `with_given`, one for each signature and open return, the oldest first, or one without any."""
    clock = ClockKind.DRAFTED if is_unshared else ClockKind.PUBLISHED
    besides: Any = bindparam("besides", expanding=True)
    items_open = exists().where(
        ActionItemRow.postmortem_id == PostmortemRow.id,
        ActionItemRow.deleted_at.is_(None),
        ActionItemRow.state.in_(OPEN),
    )
    whole = (
        select(
            IncidentRow.resolved_at,
            has_cto(besides=besides).label("has_cto"),
            items_open.correlate(PostmortemRow).label("items_open"),
            WorkspaceRow.roles_for_names,
            clocks.state(clock, now=NOW).label("clock"),
            clocks.due(clock).label("due_at"),
        )
        .join(PostmortemRow, PostmortemRow.incident_id == IncidentRow.id)
        .outerjoin(ObligationRow, ObligationRow.incident_id == IncidentRow.id)
        .outerjoin(WorkspaceRow, WorkspaceRow.id == 1)
        .where(PostmortemRow.id == THIS)
    )
    if not with_given:
        return whole
    given = _given_to()
    return whole.add_columns(given).outerjoin(given, true()).order_by(given.c.at, given.c.id)


def has_cto(*, besides: frozenset[int]) -> Any:
    """Whether somebody active holds the role, these people apart."""
    return exists().where(
        and_(
            UserRoleRow.role == Role.CTO,
            UserRoleRow.user_id == UserRow.id,
            UserRow.active,
            UserRow.id.not_in(besides),
        )
    )


def _given_to() -> Any:
    signatures = select(
        literal("signature").label("what"),
        SignatureRow.id,
        SignatureRow.role,
        SignatureRow.user_id,
        type_coerce(SignatureRow.hashes, Text).label("said"),
        SignatureRow.at,
    ).where(SignatureRow.postmortem_id == THIS, SignatureRow.withdrawn_at.is_(None))
    returns = select(
        literal("return"), ReturnRow.id, ReturnRow.role, ReturnRow.user_id, cast(ReturnRow.reasons, Text), ReturnRow.at
    ).where(ReturnRow.postmortem_id == THIS, ReturnRow.answered_at.is_(None))
    both = union_all(signatures, returns).subquery()
    return select(both, UserRow.name).join(UserRow, UserRow.id == both.c.user_id).subquery()


def to_given(rows: Sequence[Any]) -> Given:
    """From rows with what they are, id, role, user_id, said, at and name; the oldest first."""
    return Given(
        signatures=tuple(
            to_signature(
                id=row.id,
                role=row.role,
                user_id=row.user_id,
                hashes=json.loads(row.said),
                at=_utc(row.at),
                withdrawn_at=None,
            )
            for row in rows
            if row.what == "signature"
        ),
        returns=tuple(
            ReturnLine(role=SignRole(row.role), by=row.name, reasons=row.said, at=_utc(row.at))
            for row in rows
            if row.what == "return"
        ),
        names={row.user_id: row.name for row in rows},
    )


def _utc(at: datetime) -> datetime:
    """A union forgets the column's own type on some engines."""
    return at if at.tzinfo else UtcDateTime().process_result_value(at, None) or at  # type: ignore[arg-type]


def _line(sign_off: SignOff, given: Given, *, actor: Actor, authors: frozenset[int], is_open: bool) -> SignOffLine:
    signature = sign_off.signature
    may = is_open and may_sign(actor, role=sign_off.role, author_ids=authors)
    is_own = any(s.role is sign_off.role and s.user_id == actor.user_id for s in given.signatures)
    holds = sign_off.signature is not None and sign_off.signature.user_id == actor.user_id and not sign_off.changed
    return SignOffLine(
        role=sign_off.role,
        sections=sign_off.sections,
        standing=sign_off.standing,
        by=given.names[signature.user_id] if signature else "",
        at=signature.at if signature else None,
        changed=sign_off.changed,
        may_sign=may and not holds,
        may_withdraw=is_open and is_own,
        may_return=may,
    )


def _may(writing: WritingView, *, actor: Actor, items_open: bool) -> frozenset[Event]:
    """What the use cases would let this person do, missing texts and signatures apart."""
    in_charge = writing.is_author or actor.may(Right.CLOSE)
    may = {
        Event.SHARE: writing.is_author and actor.may(Right.WRITE) and writing.shared_at is None,
        Event.SUBMIT: writing.is_author and actor.may(Right.WRITE),
        Event.PUBLISH: in_charge and actor.may(Right.PUBLISH),
        Event.AMEND: in_charge and actor.may(Right.WRITE) and bool(writing.sections),
        Event.DISCARD: in_charge and actor.may(Right.WRITE),
        Event.CLOSE: actor.may(Right.CLOSE) and not items_open,
        Event.REOPEN: actor.may(Right.CLOSE),
        Event.EDIT: writing.may_edit,
    }
    now = lifecycle.allowed(writing.status, writing.amendment)
    return frozenset(event for event, is_allowed in may.items() if is_allowed and event in now)
