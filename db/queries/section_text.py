"""A section's text: as it stands, who saved what before, and one revision beside the one before it."""

from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Engine, ScalarSelect, Select, bindparam, exists, func, select
from sqlalchemy.orm import Session

from db.models import DismissedHintRow, IncidentRow, MemberRow, PostmortemRow, RevisionRow, SectionRow, UserRow
from db.queries.prepared import THIS, anybody, asked_by
from db.queries.remembered import remembered
from db.visibility import can_read_draft, can_see
from pmcore.domain.errors import NotFound
from pmcore.domain.lifecycle import is_working_copy_open
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import Amendment, MemberRole, PostmortemStatus, SectionKey
from pmcore.readmodels.writing import RevisionLine, RevisionView, SectionView

_UNIT, _RECORD = "\x1f", "\x1e"  #: stand in no hint: its words are folded to single spaces


def section(engine: Engine, *, actor: Actor, postmortem_id: int, key: SectionKey) -> SectionView:
    """One section's text; one statement. Raises NotFound, also while the draft is not shared with the actor."""
    require(actor, Right.READ)
    with Session(engine) as session:
        found = remembered(
            session,
            ("section", actor.user_id, actor.roles, postmortem_id, key),
            lambda: _section(session, actor=actor, postmortem_id=postmortem_id, key=key),
            is_short=True,
        )
    return replace(found, content=deepcopy(found.content))  # whoever asked may change it


def _section(session: Session, *, actor: Actor, postmortem_id: int, key: SectionKey) -> SectionView:
    found = session.execute(
        _text_of(anybody(actor)), {**asked_by(actor), "this": postmortem_id, "section": key}
    ).one_or_none()
    if found is None:
        raise NotFound
    row: SectionRow = found.SectionRow
    is_open = is_working_copy_open(
        PostmortemStatus(found.status), Amendment(found.amendment) if found.amendment else None
    )
    return SectionView(
        postmortem_id=postmortem_id,
        key=key,
        content=row.content,
        version=row.version,
        may_edit=is_open and actor.may(Right.WRITE) and (found.author_id == actor.user_id or bool(found.co_writes)),
        saved_at=row.saved_at,
        saved_by=found.saved_by or "",
        dismissed=_pairs(found.dismissed),
    )


def revisions(
    engine: Engine, *, actor: Actor, postmortem_id: int, key: SectionKey, most: int = 100
) -> tuple[RevisionLine, ...]:
    """A section's history, the newest first, without its text; one statement. Empty where it may not be read."""
    require(actor, Right.READ)
    asked = (
        select(
            RevisionRow.number,
            RevisionRow.started_at,
            RevisionRow.saved_at,
            RevisionRow.section_version,
            UserRow.name.label("by"),
        )
        .join(PostmortemRow, PostmortemRow.id == RevisionRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .outerjoin(UserRow, UserRow.id == RevisionRow.by_id)
        .where(RevisionRow.postmortem_id == postmortem_id, RevisionRow.section_key == key, *_may_read(actor))
        .order_by(RevisionRow.number.desc())
        .limit(most)
    )
    with Session(engine) as session:
        return tuple(
            RevisionLine(
                number=row.number,
                by=row.by or "",
                started_at=row.started_at,
                saved_at=row.saved_at,
                section_version=row.section_version,
            )
            for row in session.execute(asked)
        )


def revision(engine: Engine, *, actor: Actor, postmortem_id: int, key: SectionKey, number: int) -> RevisionView:
    """One revision's text and that before it; one statement. Raises NotFound."""
    require(actor, Right.READ)
    newest = (
        select(func.max(RevisionRow.number))
        .where(RevisionRow.postmortem_id == postmortem_id, RevisionRow.section_key == key)
        .scalar_subquery()
    )
    asked = (
        select(
            RevisionRow.number,
            RevisionRow.saved_at,
            RevisionRow.content,
            UserRow.name.label("by"),
            newest.label("newest"),
        )
        .join(PostmortemRow, PostmortemRow.id == RevisionRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .outerjoin(UserRow, UserRow.id == RevisionRow.by_id)
        .where(
            RevisionRow.postmortem_id == postmortem_id,
            RevisionRow.section_key == key,
            RevisionRow.number.in_((number - 1, number)),
            *_may_read(actor),
        )
    )
    with Session(engine) as session:
        rows = {row.number: row for row in session.execute(asked)}
    if number not in rows:
        raise NotFound
    this, before = rows[number], rows.get(number - 1)
    return RevisionView(
        number=number,
        by=this.by or "",
        saved_at=this.saved_at,
        content=this.content,
        before=before.content if before else None,
        is_newest=number == this.newest,
    )


@cache
def _text_of(actor: Actor) -> Select[*tuple[Any, ...]]:
    co_writes = exists().where(
        MemberRow.postmortem_id == PostmortemRow.id,
        MemberRow.user_id == actor.user_id,
        MemberRow.role == MemberRole.CO_AUTHOR,
    )
    return (
        select(
            SectionRow,
            PostmortemRow.status,
            PostmortemRow.amendment,
            PostmortemRow.author_id,
            UserRow.name.label("saved_by"),
            co_writes.correlate(PostmortemRow).label("co_writes"),
            _dismissed().label("dismissed"),
        )
        .join(PostmortemRow, PostmortemRow.id == SectionRow.postmortem_id)
        .join(IncidentRow, IncidentRow.id == PostmortemRow.incident_id)
        .outerjoin(UserRow, UserRow.id == SectionRow.saved_by_id)
        .where(SectionRow.postmortem_id == THIS, SectionRow.key == bindparam("section"), *_may_read(actor))
    )


def _dismissed() -> ScalarSelect[str]:
    """The hints that were put away in the section, in one text: rule, unit separator, words, record separator, ..."""
    return (
        select(func.aggregate_strings(DismissedHintRow.rule + _UNIT + DismissedHintRow.excerpt, _RECORD))
        .where(
            DismissedHintRow.postmortem_id == SectionRow.postmortem_id, DismissedHintRow.section_key == SectionRow.key
        )
        .correlate(SectionRow)
        .scalar_subquery()
    )


def _pairs(told: str | None) -> frozenset[tuple[str, str]]:
    pairs = (each.partition(_UNIT) for each in (told or "").split(_RECORD) if each)
    return frozenset((rule, words) for rule, _unit, words in pairs)


def _may_read(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Conditions on a post-mortem joined with its incident: its working copy's text may be shown."""
    return PostmortemRow.deleted_at.is_(None), can_see(actor), can_read_draft(actor)
