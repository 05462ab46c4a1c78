"""What repeats what: proposed by the app as the year goes on, decided by the tech leads some days later."""

import random
from datetime import timedelta

from pmcore.domain.errors import NotFound
from pmcore.domain.vocabulary import Language, RecurrenceState
from pmcore.usecases.demo.cast import TECH_LEAD
from pmcore.usecases.demo.stage import Play, Stage
from pmcore.usecases.demo.story import Decisions
from pmcore.usecases.recurrences import (
    ConfirmRecurrence,
    RefuseRecurrence,
    confirm_recurrence,
    refuse_recurrence,
)


def decide(stage: Stage, key: str, *, language: Language, decisions: Decisions, has_document: bool) -> Play:
    """`key` is that of what was told, or the title of an incident without a document."""
    if key in decisions.undecided or not (has_document or key in decisions.confirmed or key in decisions.refused):
        return
    yield stage.at + timedelta(minutes=random.Random(f"decide {key}").randrange(20 * 60, 100 * 60))
    lead, incident_id = TECH_LEAD[language], stage.incidents[key]
    for pair in stage.work.recurrences.of(incident_id):
        if pair.state is not RecurrenceState.PROPOSED:
            continue
        of = {"incident_id": pair.incident_id, "earlier_id": pair.earlier_id, "version": pair.version}
        try:
            if key in decisions.refused:
                stage.do(refuse_recurrence, RefuseRecurrence(reason=decisions.refused[key], **of), by=lead)
            else:
                note = decisions.confirmed.get(key, "")
                stage.do(confirm_recurrence, ConfirmRecurrence(note=note, **of), by=lead)
        except NotFound:  # the other one is restricted
            continue
