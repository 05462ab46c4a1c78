"""A section's history: who saved when, and one revision's text beside the one before it."""

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from db.models import IncidentRow, PostmortemRow, RevisionRow, UserRow
from db.queries.writing import may_read
from pmcore.domain.errors import NotFound
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import SectionKey
from pmcore.readmodels.writing import RevisionLine, RevisionView


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
        .where(RevisionRow.postmortem_id == postmortem_id, RevisionRow.section_key == key, *may_read(actor))
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
            *may_read(actor),
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
