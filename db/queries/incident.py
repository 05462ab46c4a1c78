"""One incident in full, its log, and choices of incidents."""

from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, aliased

from db.incidents import to_entry, to_incident
from db.models import (
    IncidentRow,
    IncidentViewerRow,
    LogEntryRow,
    ObligationRow,
    PostmortemRow,
    SeverityChangeRow,
    UserRow,
)
from db.queries.ledger_rows import rows_of, to_rows
from db.visibility import can_see
from pmcore.domain.errors import NotFound
from pmcore.domain.incident import next_public_id
from pmcore.domain.log import FACT_OF_KIND
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.vocabulary import Severity, SeverityChangeKind
from pmcore.readmodels.incident import IncidentChoice, IncidentView, LogLine, SeverityChangeView

_Reporter = aliased(UserRow, name="reporter")
NEWEST = 300  #: how many incidents a choice offers


def incident(engine: Engine, *, actor: Actor, now: datetime, incident_id: int) -> IncidentView:
    """Raises NotFound, also when the actor may not see it."""
    require(actor, Right.READ)
    asked = (
        rows_of(actor)
        .add_columns(_Reporter.name.label("reporter"))
        .join(_Reporter, _Reporter.id == IncidentRow.reporter_id)
        .where(IncidentRow.id == incident_id, can_see(actor))
    )
    with Session(engine) as session:
        found = session.execute(asked).one_or_none()
        if found is None:
            raise NotFound
        row: IncidentRow = found.IncidentRow
        obligation: ObligationRow = found.ObligationRow
        return IncidentView(
            incident=to_incident(row, service=found.service),
            owed=to_rows(session, [found], actor=actor, now=now)[0],
            reporter=found.reporter,
            repeats=_public_id(session, row.repeats_id, actor=actor),
            severity_changes=_severity_changes(session, row),
            viewers=_viewers(session, row),
            starts_at=obligation.starts_at,
            first_starts_at=obligation.first_starts_at,
            handed_over_at=obligation.handed_over_at,
        )


def _public_id(session: Session, incident_id: int | None, *, actor: Actor) -> str:
    if incident_id is None:
        return ""
    return session.scalar(select(IncidentRow.public_id).where(IncidentRow.id == incident_id, can_see(actor))) or ""


def _severity_changes(session: Session, row: IncidentRow) -> tuple[SeverityChangeView, ...]:
    found = session.execute(
        select(SeverityChangeRow, UserRow.name)
        .join(UserRow, UserRow.id == SeverityChangeRow.by_id)
        .where(SeverityChangeRow.incident_id == row.id)
        .order_by(SeverityChangeRow.at, SeverityChangeRow.id)
    )
    return tuple(
        SeverityChangeView(
            at=change.at,
            old=Severity(change.old),
            new=Severity(change.new),
            kind=SeverityChangeKind(change.kind),
            reason=change.reason,
            by=name,
        )
        for change, name in found
    )


def _viewers(session: Session, row: IncidentRow) -> tuple[tuple[int, str], ...]:
    if not row.restricted:
        return ()
    found = session.execute(
        select(UserRow.id, UserRow.name)
        .join(IncidentViewerRow, IncidentViewerRow.user_id == UserRow.id)
        .where(IncidentViewerRow.incident_id == row.id)
        .order_by(UserRow.name_key)
    )
    return tuple((user_id, name) for user_id, name in found)


def log(engine: Engine, *, actor: Actor, incident_id: int) -> tuple[LogLine, ...]:
    """What was noted, the earliest first; nothing of an incident that the actor may not see. One statement."""
    require(actor, Right.READ)
    asked = (
        select(LogEntryRow, UserRow.name, IncidentRow)
        .join(IncidentRow, IncidentRow.id == LogEntryRow.incident_id)
        .join(UserRow, UserRow.id == LogEntryRow.author_id)
        .where(LogEntryRow.incident_id == incident_id, LogEntryRow.deleted_at.is_(None), can_see(actor))
        .order_by(LogEntryRow.at, LogEntryRow.id)
    )
    may_edit = actor.may(Right.EDIT_INCIDENT)
    with Session(engine) as session:
        return tuple(
            LogLine(
                entry=to_entry(row, author=name),
                may_edit=may_edit,
                may_delete=may_edit and actor.user_id in (row.author_id, shown.reporter_id),
                fact=_differing_fact(row, shown) if may_edit else "",
            )
            for row, name, shown in session.execute(asked)
        )


def _differing_fact(entry: LogEntryRow, shown: IncidentRow) -> str:
    """The fact whose time this entry could give, where the two differ."""
    fact = {kind.value: name for kind, name in FACT_OF_KIND.items()}.get(entry.kind, "")
    return fact if fact and getattr(shown, fact) != entry.at else ""


def proposed_ids(engine: Engine, *, actor: Actor) -> tuple[str, ...]:
    """The public id that the next incident of each severity gets, unless somebody is faster."""
    require(actor, Right.READ)
    newest = [
        select(IncidentRow.public_id)
        .where(IncidentRow.public_id.startswith(f"{severity.value}-", autoescape=True))
        .order_by(func.length(IncidentRow.public_id).desc(), IncidentRow.public_id.desc())
        .limit(1)
        .scalar_subquery()
        for severity in Severity
    ]
    with Session(engine) as session:
        found = session.execute(select(*newest)).one()
    return tuple(
        next_public_id(severity, newest=public_id) for severity, public_id in zip(Severity, found, strict=True)
    )


def choices(engine: Engine, *, actor: Actor) -> tuple[IncidentChoice, ...]:
    """The newest incidents that the actor may see, for a choice."""
    require(actor, Right.READ)
    asked = (
        select(
            IncidentRow.id, IncidentRow.public_id, IncidentRow.title, IncidentRow.severity, PostmortemRow.id.label("pm")
        )
        .outerjoin(PostmortemRow, (PostmortemRow.incident_id == IncidentRow.id) & PostmortemRow.deleted_at.is_(None))
        .where(can_see(actor))
        .order_by(IncidentRow.started_at.desc(), IncidentRow.id.desc())
        .limit(NEWEST)
    )
    with Session(engine) as session:
        return tuple(
            IncidentChoice(
                incident_id=row.id,
                public_id=row.public_id,
                title=row.title,
                severity=Severity(row.severity),
                postmortem_id=row.pm,
            )
            for row in session.execute(asked)
        )
