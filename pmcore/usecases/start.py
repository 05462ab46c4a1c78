"""Start a post-mortem: the draft arrives filled with all that the incident knows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pmcore.domain.content import normalise
from pmcore.domain.errors import N_, NotFound, PmError
from pmcore.domain.facts import details_facts, impact_facts, item_facts, reference_facts
from pmcore.domain.incident import Incident, impact_duration
from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.postmortem import Postmortem
from pmcore.domain.sections import FACTS, SECTIONS, Content
from pmcore.domain.vocabulary import Disposition, PostmortemStatus, SectionKey, TimelineKind
from pmcore.ports import Clock, NewId, OpenUnitOfWork, UnitOfWork
from pmcore.words import _, ngettext, speaking, times


class CoveredElsewhere(PmError):
    """The incident owes no post-mortem of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPostmortem:
    incident_id: int


def start_postmortem(
    command: StartPostmortem, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock, new_id: NewId
) -> int:
    """The id of the incident's post-mortem: a new draft, or the one that somebody started before.

    Its author is who owes it; where nobody does, or that person has left, the actor, who owes it from now on.
    Raises Forbidden, NotFound, CoveredElsewhere.
    """
    require(actor, Right.WRITE)
    now = clock()
    with begin() as work:
        incident = work.incidents.get(command.incident_id, actor=actor)
        known = work.postmortems.of_incident(incident.id)
        if known is not None:
            return known
        obligation = work.obligations.get(incident.id)
        if obligation.disposition is Disposition.COVERED:
            raise CoveredElsewhere(
                N_("Another post-mortem covers this incident. Take the cover away first, or write there.")
            )
        author_id = _author(work, obligation.author_id, actor)
        if author_id != obligation.author_id:
            work.obligations.save(replace(obligation, author_id=author_id))
        postmortem_id = work.postmortems.add(
            Postmortem(
                id=0,
                incident_id=incident.id,
                severity=incident.highest_severity,
                author_id=author_id,
                status=PostmortemStatus.DRAFT,
                created_at=now,
                changed_at=now,
            )
        )
        with speaking(actor.language):
            filled = _filled(work, incident, actor=actor, new_id=new_id)
        for section in SECTIONS:
            content = normalise(section, filled.get(section.key, {}))
            work.sections.add(postmortem_id, section.key, content=content, by_id=None, at=now)
        work.audit(actor_id=actor.user_id, did="start_postmortem", to=f"postmortem/{postmortem_id}", at=now)
    return postmortem_id


def _author(work: UnitOfWork, owed_by: int | None, actor: Actor) -> int:
    """Who owes it, while that person is still active; else who starts it."""
    if owed_by is None or owed_by == actor.user_id:
        return actor.user_id
    return owed_by if work.people.get(owed_by).active else actor.user_id


def _filled(work: UnitOfWork, incident: Incident, *, actor: Actor, new_id: NewId) -> dict[SectionKey, Content]:
    workspace = work.workspace.get()
    objective = impact_facts(
        incident,
        slo_target_percent=format(workspace.slo_target_percent, "f"),
        slo_window_days=workspace.slo_window_days,
    )
    return {
        SectionKey.SUMMARY: {"incident": incident.title, "impact": impact_line(incident)},
        SectionKey.DETAILS: {FACTS: details_facts(incident)},
        SectionKey.TIMELINE: {"entries": _timeline(work, incident, new_id)},
        SectionKey.IMPACT: {FACTS: objective},
        SectionKey.ACTION_ITEMS: {FACTS: item_facts(())},
        SectionKey.REFERENCES: {FACTS: reference_facts(incident), "related": _related(work, incident, actor, new_id)},
        SectionKey.SIGN_OFF: {"distribution": workspace.distribution},
    }


def impact_line(incident: Incident) -> str:
    """The summary's impact in one sentence, of what is known; empty when nothing is."""
    lasted = impact_duration(incident)
    parts = []
    if incident.customers_affected is not None:
        count = incident.customers_affected
        parts.append(
            ngettext("{count} user affected", "{count} users affected", count).format(count=times.number(count))
        )
    if incident.revenue_loss_usd is not None:
        parts.append(_("{amount} revenue loss").format(amount=times.usd(incident.revenue_loss_usd)))
    if lasted is not None:
        parts.append(_("{duration} downtime").format(duration=times.duration(int(lasted.total_seconds()))))
    return ", ".join(parts)


def _timeline(work: UnitOfWork, incident: Incident, new_id: NewId) -> list[dict[str, str]]:
    """The log, and a row for each known time that the log does not tell of."""
    rows = list(_log_rows(work, incident))
    told = {row["kind"] for row in rows}
    rows += [row for row in _known_times(incident, new_id) if row["kind"] not in told]
    return sorted(rows, key=lambda row: row["at"])


def _log_rows(work: UnitOfWork, incident: Incident) -> Iterator[dict[str, str]]:
    names: dict[int, str] = {}
    for entry in work.incidents.log(incident.id):
        if entry.author_id not in names:
            names[entry.author_id] = work.people.get(entry.author_id).name
        yield _row(entry.uuid, entry.at, entry.kind, entry.text, names[entry.author_id])


def _known_times(incident: Incident, new_id: NewId) -> Iterator[dict[str, str]]:
    alert = _("Alert fired: {name}").format(name=incident.alert_name) if incident.alert_name else _("Detected")
    resolved = _("Incident resolved")
    for at, kind, event in (
        (incident.started_at, TimelineKind.INCIDENT_START, _("Incident start: {title}").format(title=incident.title)),
        (incident.detected_at, TimelineKind.ALERT, alert),
        (incident.acknowledged_at, TimelineKind.ACKNOWLEDGED, _("Acknowledged, investigation started")),
        (incident.resolved_at, TimelineKind.RESOLVED, resolved),
    ):
        if at is not None:
            yield _row(new_id(), at, kind, event, "")


def _row(row_id: str, at: datetime, kind: TimelineKind, event: str, actor: str) -> dict[str, str]:
    return {"id": row_id, "at": at.isoformat(timespec="seconds"), "kind": kind.value, "event": event, "actor": actor}


def _related(work: UnitOfWork, incident: Incident, actor: Actor, new_id: NewId) -> list[dict[str, Any]]:
    """The incident that this one repeats, where the actor may know of it."""
    if incident.repeats_id is None:
        return []
    try:
        earlier = work.incidents.get(incident.repeats_id, actor=actor)
    except NotFound:
        return []
    return [{"id": new_id(), "public_id": earlier.public_id, "text": earlier.title}]
