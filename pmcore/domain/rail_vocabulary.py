"""The words of the days between an incident and its last look back, as in `vocabulary`."""

from enum import StrEnum


class Verdict(StrEnum):
    """Of day 30: did the action items prevent a recurrence?"""

    PREVENTED = "prevented"
    NOT_EXERCISED = "not_exercised"
    RECURRED = "recurred"


class Opinion(StrEnum):
    """What somebody who tried the process says to a plain question."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class TimeKind(StrEnum):
    """What time was spent on."""

    WRITING = "writing"
    MEETING = "meeting"
