"""Take over the tracker that a team kept before: look first, then all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pmcore.domain.content import normalise
from pmcore.domain.errors import N_, PmError, Refusals
from pmcore.domain.incident import Incident
from pmcore.domain.obligation import Obligation
from pmcore.domain.old_tracker import CellProblem, OldPostmortem
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.postmortem import Postmortem
from pmcore.domain.sections import SECTIONS
from pmcore.domain.tracker import TrackerColumn
from pmcore.domain.vocabulary import ObligationLevel, PostmortemStatus, SectionKey
from pmcore.domain.workspace import Service
from pmcore.ports import Clock, NewId, OpenUnitOfWork, UnitOfWork
from pmcore.ports.old_tracker import ImportedRow
from pmcore.words import _, speaking

MAX_UNFINISHED = 500  #: drafts and reviews get their sections here, to be finished here

_UNFINISHED = (PostmortemStatus.DRAFT, PostmortemStatus.IN_REVIEW)


class NotReady(PmError):
    """The workspace, or the file, is not in a state for an import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewImport:
    rows: tuple[OldPostmortem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTracker:
    rows: tuple[OldPostmortem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """What an import would do, and what stands in its way."""

    count: int
    by_status: Mapping[PostmortemStatus, int]
    new_services: tuple[str, ...]
    unknown_authors: tuple[str, ...]  #: kept as text: nobody here bears the name, or several do
    problems: tuple[CellProblem, ...]


def preview_import(command: PreviewImport, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> ImportPreview:
    """Changes nothing. Raises Forbidden."""
    require(actor, Right.IMPORT)
    now = clock()
    with begin() as work:
        zone = ZoneInfo(work.workspace.get().zone)
        people = work.old_tracker.people()
        return ImportPreview(
            count=len(command.rows),
            by_status={status: sum(row.status is status for row in command.rows) for status in PostmortemStatus},
            new_services=tuple(name for name in _services(command.rows) if work.workspace.find_service(name) is None),
            unknown_authors=tuple(
                sorted({row.author for row in command.rows if row.author and _person(row.author, people) is None})
            ),
            problems=_problems(work, command.rows, today=now.astimezone(zone).date()),
        )


def import_tracker(command: ImportTracker, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock, new_id: NewId) -> int:
    """Store every row as an incident and its post-mortem, marked as imported; returns how many.

    Raises Forbidden, Refusals with the problems of all rows, NotReady, EditConflict; then nothing is stored.
    """
    require(actor, Right.IMPORT)
    now = clock()
    with begin() as work:
        workspace = work.workspace.get()
        zone = ZoneInfo(workspace.zone)
        if problems := _problems(work, command.rows, today=now.astimezone(zone).date()):
            raise Refusals(problems)
        unfinished = sum(row.status in _UNFINISHED for row in command.rows)
        if unfinished > MAX_UNFINISHED:
            raise NotReady(
                N_("{count} rows are still Draft or Review; at most {most} can be taken over to be finished here."),
                count=unfinished, most=MAX_UNFINISHED,
            )  # fmt: skip
        policy = work.workspace.policy(at=now)
        if policy is None:
            raise NotReady(N_("There is no policy yet. Finish the set-up first."))
        services = _with_ids(work, command.rows)
        people = work.old_tracker.people()
        stored = [
            _imported(
                row, service=services[row.service.casefold()], author_id=_person(row.author, people), zone=zone,
                policy_number=policy[0], actor=actor, now=now,
            )
            for row in command.rows
        ]  # fmt: skip
        with speaking(actor.language):
            for postmortem_id, row in zip(work.old_tracker.add(stored), command.rows, strict=True):
                if row.status in _UNFINISHED:
                    _add_sections(work, postmortem_id, row, new_id=new_id, now=now)
        work.audit(actor_id=actor.user_id, did="import_tracker", to=f"tracker/{len(stored)}", at=now)
    return len(stored)


def _problems(work: UnitOfWork, rows: tuple[OldPostmortem, ...], *, today: date) -> tuple[CellProblem, ...]:
    """What only shows beside other rows, the database or the calendar."""
    taken = work.old_tracker.taken({row.public_id for row in rows})
    first: dict[str, int] = {}
    problems = []
    for row in rows:
        earlier = first.setdefault(row.public_id, row.row)
        if earlier != row.row:
            problems.append(
                CellProblem(
                    N_("{public_id} stands in row {earlier} already. Every incident has its own id."),
                    row=row.row, column=TrackerColumn.INCIDENT_ID, public_id=row.public_id, earlier=earlier,
                )
            )  # fmt: skip
        elif row.public_id in taken:
            problems.append(
                CellProblem(
                    N_("{public_id} is here already. Remove the row, or give the incident another id."),
                    row=row.row, column=TrackerColumn.INCIDENT_ID, public_id=row.public_id,
                )
            )  # fmt: skip
        if row.on > today:
            problems.append(CellProblem(N_("This day lies in the future."), row=row.row, column=TrackerColumn.DATE))
        if row.published_on is not None and row.published_on > today:
            problems.append(
                CellProblem(N_("This day lies in the future."), row=row.row, column=TrackerColumn.PUBLISHED)
            )
    return tuple(problems)


def _services(rows: tuple[OldPostmortem, ...]) -> tuple[str, ...]:
    """Every service once, as it is first written."""
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row.service.casefold(), row.service)
    return tuple(found.values())


def _with_ids(work: UnitOfWork, rows: tuple[OldPostmortem, ...]) -> dict[str, Service]:
    """Services by casefolded name; unknown ones are created."""
    found = {}
    for name in _services(rows):
        known = work.workspace.find_service(name)
        if known is None:
            known = Service(id=work.workspace.add_service(Service(id=0, name=name)), name=name)
        found[name.casefold()] = known
    return found


def _person(author: str, people: Mapping[str, int]) -> int | None:
    return people.get(author.removeprefix("@").casefold())


def _imported(
    row: OldPostmortem,
    *,
    service: Service,
    author_id: int | None,
    zone: ZoneInfo,
    policy_number: int,
    actor: Actor,
    now: datetime,
) -> ImportedRow:
    """The day is known, the time of day is not: it counts from midnight. An unknown duration leaves no end."""
    started = _midnight(row.on, zone)
    published = max(started, _midnight(row.published_on, zone)) if row.published_on else None
    ended = None if row.duration_seconds is None else started + timedelta(seconds=row.duration_seconds)
    responsible = author_id or actor.user_id
    incident = Incident(
        public_id=row.public_id, title=f"{service.name}, {row.on.isoformat()}", severity=row.severity,
        highest_severity=row.severity, service_id=service.id, service=service.name, zone=zone.key, started_at=started,
        resolved_at=ended, customers_affected=row.customers_affected, revenue_loss_usd=row.revenue_loss_usd,
        imported=True, reporter_id=actor.user_id, reported_at=now,
    )  # fmt: skip
    obligation = Obligation(
        incident_id=0, level=ObligationLevel.NONE, rules=(), policy_number=policy_number, author_id=responsible
    )
    postmortem = Postmortem(
        id=0, incident_id=0, severity=row.severity, author_id=responsible, status=row.status, created_at=now,
        changed_at=now, shared_at=published or (now if row.status is PostmortemStatus.IN_REVIEW else None),
        submitted_at=now if row.status is PostmortemStatus.IN_REVIEW else None, first_published_at=published,
        items_total=row.items_total, items_done=row.items_done,
        imported={"impact": row.impact, "author": row.author, "document_url": row.document_url},
    )  # fmt: skip
    return ImportedRow(
        incident=incident,
        obligation=obligation,
        postmortem=postmortem,
        unknown_author="" if author_id else row.author or "–",
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _add_sections(work: UnitOfWork, postmortem_id: int, row: OldPostmortem, *, new_id: NewId, now: datetime) -> None:
    """The eleven sections, empty but for the link to what was written elsewhere, so that it can be finished here."""
    link = {"id": new_id(), "label": _("Document so far"), "url": row.document_url}
    for section in SECTIONS:
        filled = {"links": [link]} if section.key is SectionKey.REFERENCES and row.document_url else {}
        work.sections.add(postmortem_id, section.key, content=normalise(section, filled), by_id=None, at=now)
