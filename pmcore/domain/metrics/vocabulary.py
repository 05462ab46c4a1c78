"""Which figures there are, and in what they are counted."""

from enum import StrEnum


class Metric(StrEnum):
    """The mission's eight, in its order, and two without a target."""

    P0_COMPLETION = "p0_completion"
    TIME_TO_PUBLISH = "time_to_publish"
    ACTIONS_DONE = "actions_done"
    RECURRENCE = "recurrence"
    ATTENDANCE = "attendance"
    NEW_DETECTION = "new_detection"
    SATISFACTION = "satisfaction"
    BLAMELESS_SCORE = "blameless_score"
    TIME_TO_DETECT = "time_to_detect"
    TIME_TO_RESOLVE = "time_to_resolve"


class Unit(StrEnum):
    SHARE = "share"  #: 0 to 1, shown in percent
    HOURS = "hours"
    SECONDS = "seconds"
    PER_POSTMORTEM = "per_postmortem"
    SCORE = "score"  #: 1 to 5
    COUNT = "count"
    DAYS = "days"


class Comparison(StrEnum):
    """How a value has to stand to its target."""

    AT_LEAST = "at_least"
    ABOVE = "above"
    BELOW = "below"
    WITHIN = "within"  #: a range to look at, without praise or blame
    NONE = "none"  #: no target
