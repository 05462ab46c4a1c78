"""A post-mortem in work: the whole without its text."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Engine, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from db.models import (
    ClockStopRow,
    CommentRow,
    IncidentRow,
    ObligationRow,
    PostmortemRow,
    SectionRow,
    UserRow,
)
from db.queries.prepared import THIS, anybody, asked_by
from db.queries.remembered import remembered
from db.queries.writing_beside import members_and_promises
from db.visibility import can_read_draft, can_see
from pmcore.domain.errors import NotFound
from pmcore.domain.lifecycle import is_working_copy_open
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.progress import (
    Standing,
    is_folded,
    missing_to_publish,
    missing_to_submit,
    next_step,
    section_state,
)
from pmcore.domain.sections import SECTIONS
from pmcore.domain.vocabulary import (
    Amendment,
    ClockKind,
    MemberRole,
    PostmortemStatus,
    SectionKey,
    Severity,
)
from pmcore.readmodels.writing import SectionEntry, WritingView


def _open_threads() -> ScalarSelect[int]:
    """Threads in which somebody still says something."""
    reply = aliased(CommentRow)
    says = or_(
        CommentRow.deleted_at.is_(None),
        exists().where(reply.thread_id == CommentRow.id, reply.deleted_at.is_(None)).correlate(CommentRow),
    )
    return (
        select(func.count())
        .select_from(CommentRow)
        .where(
            CommentRow.postmortem_id == SectionRow.postmortem_id,
            CommentRow.section_key == SectionRow.key,
            CommentRow.thread_id.is_(None),
            CommentRow.resolved_at.is_(None),
            says,
        )
        .correlate(SectionRow)
        .scalar_subquery()
    )


_LISTED = (
    select(
        SectionRow.key,
        SectionRow.blank,
        SectionRow.is_empty,
        SectionRow.version,
        SectionRow.content_hash,
        SectionRow.saved_at,
        UserRow.name,
        _open_threads().label("open_threads"),
    )
    .outerjoin(UserRow, UserRow.id == SectionRow.saved_by_id)
    .where(SectionRow.postmortem_id == THIS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    standing: Standing
    version: int
    content_hash: str
    saved_at: datetime
    saved_by: str
    open_threads: int


def writing(engine: Engine, *, actor: Actor, postmortem_id: int) -> WritingView:
    """Header, members, the state of every section and the next step; three statements. Raises NotFound."""
    require(actor, Right.READ)
    with Session(engine) as session:
        key = ("writing", actor.user_id, actor.roles, postmortem_id)
        return remembered(session, key, lambda: _writing(session, actor, postmortem_id), is_short=True)


def _writing(session: Session, actor: Actor, postmortem_id: int) -> WritingView:
    found = session.execute(_whole(anybody(actor)), {**asked_by(actor), "this": postmortem_id}).one_or_none()
    if found is None:
        raise NotFound
    members, items = members_and_promises(session, postmortem_id)
    rows = _sections(session, postmortem_id)
    standings = {key: listed.standing for key, listed in rows.items()}
    row: PostmortemRow = found.PostmortemRow
    incident: IncidentRow = found.IncidentRow
    severity, status = Severity(incident.highest_severity), PostmortemStatus(row.status)
    amendment = Amendment(row.amendment) if row.amendment else None
    submit = missing_to_submit(standings, items)
    publish = missing_to_publish(standings, items, severity=severity)
    writes = row.author_id == actor.user_id or any(
        member.user_id == actor.user_id and member.role is MemberRole.CO_AUTHOR for member in members
    )
    return WritingView(
        postmortem_id=row.id,
        incident_id=incident.id,
        public_id=incident.public_id,
        title=incident.title,
        severity=Severity(incident.severity),
        highest_severity=severity,
        zone=incident.zone,
        started_at=incident.started_at,
        dry_run=incident.dry_run,
        restricted=incident.restricted,
        status=status,
        amendment=amendment,
        author_id=row.author_id,
        author=found.author,
        members=members,
        shared_at=row.shared_at,
        submitted_at=row.submitted_at,
        first_published_at=row.first_published_at,
        edition_number=row.edition_number,
        changed_at=row.changed_at,
        items_total=row.items_total,
        drafted_due_at=found.drafted_due_at,
        drafted_at=found.drafted_at,
        published_due_at=found.published_due_at,
        may_edit=writes and actor.may(Right.WRITE) and is_working_copy_open(status, amendment),
        is_author=writes,
        may_read=bool(found.may_read),
        sections=tuple(
            SectionEntry(
                key=section.key,
                state=section_state(section, standings, items, severity=severity),
                is_folded=is_folded(section, severity=severity),
                version=rows[section.key].version,
                content_hash=rows[section.key].content_hash,
                saved_at=rows[section.key].saved_at,
                saved_by=rows[section.key].saved_by,
                open_threads=rows[section.key].open_threads,
            )
            for section in SECTIONS
            if section.key in rows
        ),
        document_url=str((row.imported or {}).get("document_url") or ""),
        missing_to_submit=submit,
        missing_to_publish=publish,
        next_step=next_step(
            status=status, is_amending=amendment is not None, missing_submit=submit, missing_publish=publish
        ),
        version=row.version,
    )


@cache
def _whole(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            PostmortemRow,
            IncidentRow,
            UserRow.name.label("author"),
            ObligationRow.drafted_due_at,
            ObligationRow.published_due_at,
            ClockStopRow.at.label("drafted_at"),
            can_read_draft(actor).label("may_read"),
        )
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .join(UserRow, UserRow.id == PostmortemRow.author_id)
        .outerjoin(ObligationRow, ObligationRow.incident_id == IncidentRow.id)
        .outerjoin(
            ClockStopRow,
            and_(ClockStopRow.incident_id == IncidentRow.id, ClockStopRow.clock == ClockKind.DRAFTED),
        )
        .where(PostmortemRow.id == THIS, PostmortemRow.deleted_at.is_(None), can_see(actor))
    )


def _sections(session: Session, postmortem_id: int) -> dict[SectionKey, _Listed]:
    found = session.connection().execute(_LISTED, {"this": postmortem_id})
    return {
        SectionKey(row.key): _Listed(
            standing=Standing(blank=frozenset(row.blank), is_empty=row.is_empty),
            version=row.version,
            content_hash=row.content_hash,
            saved_at=row.saved_at,
            saved_by=row.name or "",
            open_threads=row.open_threads,
        )
        for row in found
    }
