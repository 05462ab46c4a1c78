"""Copy what was entered elsewhere into the sections that show it."""

from collections.abc import Iterable
from datetime import datetime

from pmcore.domain.action_item import ActionItem
from pmcore.domain.facts import Facts, details_facts, impact_facts, item_facts, keep_names, reference_facts
from pmcore.domain.incident import Incident
from pmcore.domain.sections import FACTS
from pmcore.domain.vocabulary import SectionKey
from pmcore.ports import UnitOfWork


def refresh_facts(
    work: UnitOfWork,
    *,
    postmortem_id: int,
    incident: Incident | None = None,
    items: Iterable[ActionItem] | None = None,
    by_id: int,
    now: datetime,
) -> tuple[SectionKey, ...]:
    """Bring the facts of a post-mortem's sections up to date, inside the caller's unit of work.

    Call it after a change of the incident (with the incident) or of its action items (with all of them, the deleted
    ones left out). A section whose facts are the same is left alone: no revision, no void signature.
    Returns the sections that changed.
    """
    new: dict[SectionKey, Facts] = {}
    if incident is not None:
        new[SectionKey.DETAILS] = details_facts(incident)
        new[SectionKey.IMPACT] = impact_facts(incident)
        new[SectionKey.REFERENCES] = reference_facts(incident)
    if items is not None:
        new[SectionKey.ACTION_ITEMS] = item_facts(items)
    present = set(work.sections.all(postmortem_id))
    changed = []
    for key, facts in new.items():
        if key not in present:
            continue
        stored = work.sections.get(postmortem_id, key)
        kept = keep_names(stored.content.get(FACTS, {}), facts)
        if kept != stored.content.get(FACTS):
            work.sections.save(stored, content={**stored.content, FACTS: kept}, by_id=by_id, at=now)
            changed.append(key)
    return tuple(changed)
