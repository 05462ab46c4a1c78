"""Which incidents the lines of the audit are about, and with them those whose rows look at them."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from db.functions import is_among
from db.models import ActionItemRow, ObligationRow, PostmortemRow, RecurrenceRow
from db.queries.metrics_period import Shape
from db.queries.metrics_sums import PART
from pmcore.domain.vocabulary import Disposition

MOST = 24  #: parts; of more all is counted anew

_TARGET = re.compile(r"(incident|postmortem|meeting|action_item)/(\d+)(?:/repeats/(\d+))?")
_INCIDENT = re.compile(r"incident/")
#: About these no figure asks but the survey's, which are always asked again.
_NO_ROWS = re.compile(r"(survey_round|service|onboarding)/")
#: What ties an incident to others, or unties it: afterwards nothing says to which.
_TIES = {*(one.value for one in Disposition), "reopen"}


def parts_touched(session: Session, lines: Iterable[tuple[str, str]]) -> Collection[int] | None:
    """None: nobody can say, or it is too much. One statement, or none."""
    named: dict[str, set[int]] = {"incident": set(), "postmortem": set(), "meeting": set(), "action_item": set()}
    for did, target in lines:
        if _NO_ROWS.match(target):
            continue
        found = _TARGET.match(target)
        if found is None or (did in _TIES and _INCIDENT.match(target)):
            return None
        what, number, earlier = found.groups()
        named[what].add(int(number))
        if earlier:
            named["incident"].add(int(earlier))
    if not any(named.values()):
        return ()
    parts = parts_near(session, named["incident"], named["postmortem"] | named["meeting"], named["action_item"])
    return parts if len(parts) <= MOST else None


def parts_near(
    session: Session, incidents: Collection[int], postmortems: Collection[int] = (), items: Collection[int] = ()
) -> set[int]:
    """The parts of these, and of all whose rows look at them."""
    asked = {
        "incident": sorted(incidents),
        "postmortem": sorted(postmortems),
        "item": sorted(items),
    }
    return set(session.scalars(_PARTS, asked)) | {number // PART for number in incidents}


def incidents_of(parts: Iterable[int]) -> list[int]:
    return [number for part in sorted(parts) for number in range(part * PART, part * PART + PART)]


def some_of(shape: Shape) -> Shape:
    """The same question about some incidents."""
    return replace(shape, of_incidents=True)


#: A row of an incident looks at those that its document covers or that are covered by the same, and at what repeated
#: them: whoever is touched, the rows of all of these are counted anew.
_first = union(
    select(PostmortemRow.incident_id).where(is_among(PostmortemRow.id, "postmortem")),
    select(PostmortemRow.incident_id)
    .join(ActionItemRow, ActionItemRow.postmortem_id == PostmortemRow.id)
    .where(is_among(ActionItemRow.id, "item")),
    select(ObligationRow.incident_id).where(is_among(ObligationRow.incident_id, "incident")),
).cte("first")
_near = union(
    select(_first.c.incident_id),
    select(RecurrenceRow.earlier_id).where(RecurrenceRow.incident_id.in_(select(_first.c.incident_id))),
).cte("near")
_written = union(
    select(_near.c.incident_id),
    select(PostmortemRow.incident_id)
    .join(ObligationRow, ObligationRow.covered_by_id == PostmortemRow.id)
    .where(ObligationRow.incident_id.in_(select(_near.c.incident_id))),
).cte("written")
_all = union(
    select(_written.c.incident_id),
    select(ObligationRow.incident_id)
    .join(PostmortemRow, PostmortemRow.id == ObligationRow.covered_by_id)
    .where(PostmortemRow.incident_id.in_(select(_written.c.incident_id))),
).cte("everybody")
_PARTS = select(_all.c.incident_id // PART)
