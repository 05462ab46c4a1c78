"""Why something that belongs to a period is not counted. It is listed with its reason."""

from enum import StrEnum

from pmcore.domain.errors import N_


class Reason(StrEnum):
    PENDING = "pending"
    COVERED = "covered"
    DUPLICATE = "duplicate"
    NOT_AN_INCIDENT = "not_an_incident"
    IMPORTED = "imported"
    YOUNG = "young"
    NOT_DUE = "not_due"
    NOT_HELD = "not_held"
    NOT_YET_HELD = "not_yet_held"
    UNKNOWN = "unknown"


REASON_WORDS: dict[Reason, str] = {
    Reason.PENDING: N_("its time is not over yet"),
    Reason.COVERED: N_("counts with the post-mortem that covers it"),
    Reason.DUPLICATE: N_("a duplicate of another incident"),
    Reason.NOT_AN_INCIDENT: N_("was no incident"),
    Reason.IMPORTED: N_("from the old tracker, which kept no times of day"),
    Reason.YOUNG: N_("too young to tell"),
    Reason.NOT_DUE: N_("its original due date is not over yet"),
    Reason.NOT_HELD: N_("its date has passed, and it was not held"),
    Reason.NOT_YET_HELD: N_("not over yet"),
    Reason.UNKNOWN: N_("a time is not known, or not yet"),
}
