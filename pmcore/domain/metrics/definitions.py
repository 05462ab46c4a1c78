"""The definitions themselves: name, target, formula, cohort, and what is left out. Words in English, for gettext."""

from dataclasses import dataclass

from pmcore.domain.errors import N_
from pmcore.domain.metrics.reasons import Reason
from pmcore.domain.metrics.vocabulary import Comparison, Metric, Unit

HOURS = 48  #: the mission's time to publish
WINDOWS = (30, 90)  #: days after the resolution within which a repetition counts
SETTLED_DAYS = 30  #: until then, items of detection may well be on their way
LONG_DAYS = 30  #: an item open for longer is marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    metric: Metric
    name: str
    unit: Unit
    comparison: Comparison
    target: float | None  #: in `unit`, as the mission says it
    top: float | None = None  #: the upper end of a range
    threshold: float | None = None  #: what the verdict compares with; the target, unless the share is what is judged
    trend_unit: Unit
    has_interval: bool = False  #: it estimates a tendency, so n / of carries a 95 % Wilson interval
    target_words: str  #: "100 %", "less than 48 h"
    formula: str
    cohort: str
    not_counted: str  #: what is left out, and what is not although one might expect it
    caution: str = ""  #: what the figure cannot say
    reasons: tuple[Reason, ...] = ()  #: those that its left-out rows may have


#: Of nearly every figure; said once.
NEVER_COUNTED = N_("Dry runs, what was deleted and what you may not see never count. Nothing is grouped by author.")

_ALL = (
    Definition(
        metric=Metric.P0_COMPLETION,
        name=N_("P0 completion"),
        unit=Unit.SHARE,
        trend_unit=Unit.SHARE,
        comparison=Comparison.AT_LEAST,
        target=1.0,
        threshold=1.0,
        target_words=N_("100 %"),
        formula=N_("P0 post-mortems whose draft was shared by its deadline, divided by all of the cohort."),
        cohort=N_(
            "Incidents that were P0 at their worst and whose deadline for the draft lies in the period, once it has "
            "passed or the draft was shared. An incident that was corrected to less is no P0; one that was "
            "downgraded still is."
        ),
        not_counted=N_(
            "Pending ones are not counted yet. Waived ones stay in and count as not done, unless they were done all "
            "the same. Incidents covered by another post-mortem count with it, once. Duplicates and what was no "
            "incident owe nothing."
        ),
        caution=N_("A census of all P0, not a sample: so there is no interval."),
        reasons=(Reason.PENDING, Reason.COVERED, Reason.DUPLICATE, Reason.NOT_AN_INCIDENT),
    ),
    Definition(
        metric=Metric.TIME_TO_PUBLISH,
        name=N_("Time to publish"),
        unit=Unit.HOURS,
        trend_unit=Unit.SHARE,
        comparison=Comparison.ABOVE,
        target=float(HOURS),
        threshold=0.5,
        has_interval=True,
        target_words=N_("less than 48 h"),
        formula=N_(
            "The median time from the start of the clock to the first edition, in whole hours begun, with unpublished "
            "ones as still running (Kaplan-Meier). Beside it the share published within 48 h, of those whose 48 h are "
            "over; the median meets the target when that share is more than half."
        ),
        cohort=N_("Required post-mortems whose clock started in the period."),
        not_counted=N_(
            "Waived ones are still running until they are published. Later editions change nothing. Those younger "
            "than 48 h are still running, too, but not yet in the share. Incidents covered by another post-mortem "
            "count with it, once."
        ),
        caution=N_("The mean leaves out what is not published yet, so it is too low; the median is not."),
        reasons=(Reason.PENDING, Reason.COVERED, Reason.DUPLICATE, Reason.NOT_AN_INCIDENT),
    ),
    Definition(
        metric=Metric.ACTIONS_DONE,
        name=N_("Action items done"),
        unit=Unit.SHARE,
        trend_unit=Unit.SHARE,
        comparison=Comparison.ABOVE,
        target=0.9,
        threshold=0.9,
        has_interval=True,
        target_words=N_("more than 90 %"),
        formula=N_("Items done by the end of their original due date, divided by all of the cohort."),
        cohort=N_(
            "Items that somebody committed to and whose original due date lies in the period and is over, in the "
            "zone of their incident."
        ),
        not_counted=N_(
            "Extended items count by the original date. Items that will not be done stay in, with their reason. Items "
            "that are not due yet are not counted, even when they are done."
        ),
        reasons=(Reason.NOT_DUE,),
    ),
    Definition(
        metric=Metric.RECURRENCE,
        name=N_("Recurrence"),
        unit=Unit.SHARE,
        trend_unit=Unit.SHARE,
        comparison=Comparison.BELOW,
        target=0.1,
        threshold=0.1,
        has_interval=True,
        target_words=N_("less than 10 %"),
        formula=N_(
            "Post-mortems of whose incidents one was repeated within the chosen number of days after its resolution, "
            "as somebody confirmed, divided by all of the cohort."
        ),
        cohort=N_(
            "Post-mortems whose first edition lies in the period and is at least as old as the chosen number of days."
        ),
        not_counted=N_(
            "Younger ones are out. Suggestions that nobody decided on and those that were refused do not count as "
            "repetitions; their post-mortems stay in. A post-mortem that was repeated twice counts once."
        ),
        reasons=(Reason.YOUNG, Reason.IMPORTED),
    ),
    Definition(
        metric=Metric.ATTENDANCE,
        name=N_("Attendance"),
        unit=Unit.SHARE,
        trend_unit=Unit.SHARE,
        comparison=Comparison.ABOVE,
        target=0.8,
        threshold=0.8,
        target_words=N_("more than 80 %"),
        formula=N_("Required invitees who were present, divided by required invitees, over all meetings together."),
        cohort=N_("Meetings that were held and whose date lies in the period."),
        not_counted=N_("Optional invitees are counted apart. Meetings that were not held are listed."),
        reasons=(Reason.NOT_HELD, Reason.NOT_YET_HELD),
    ),
    Definition(
        metric=Metric.NEW_DETECTION,
        name=N_("New detection"),
        unit=Unit.PER_POSTMORTEM,
        trend_unit=Unit.PER_POSTMORTEM,
        comparison=Comparison.WITHIN,
        target=2.0,
        top=3.0,
        target_words=N_("2 to 3 for each post-mortem"),
        formula=N_("Verified action items of the kind Detection, divided by the post-mortems of the cohort."),
        cohort=N_("Post-mortems whose first edition lies in the period and is at least 30 days old."),
        not_counted=N_("Younger post-mortems stand apart: their items may well be on their way."),
        caution=N_("A range to look at. More alerts are not better ones, so there is neither red nor green."),
        reasons=(Reason.YOUNG, Reason.IMPORTED),
    ),
    Definition(
        metric=Metric.SATISFACTION,
        name=N_("Satisfaction"),
        unit=Unit.SCORE,
        trend_unit=Unit.SCORE,
        comparison=Comparison.ABOVE,
        target=4.0,
        threshold=4.0,
        target_words=N_("more than 4 of 5"),
        formula=N_("The mean, over people, of each person's mean answer about the process."),
        cohort=N_("Answers to the last round of the survey that was closed in the period."),
        not_counted=N_("“Prefer not to say” is no number. Under five answers nothing is shown but how many answered."),
    ),
    Definition(
        metric=Metric.BLAMELESS_SCORE,
        name=N_("Blameless score"),
        unit=Unit.SCORE,
        trend_unit=Unit.SCORE,
        comparison=Comparison.ABOVE,
        target=4.0,
        threshold=4.0,
        target_words=N_("more than 4 of 5"),
        formula=N_("The mean, over people, of each person's mean answer about blameless culture."),
        cohort=N_("Answers to the last round of the survey that was closed in the period."),
        not_counted=N_("“Prefer not to say” is no number. Under five answers nothing is shown but how many answered."),
    ),
    Definition(
        metric=Metric.TIME_TO_DETECT,
        name=N_("Time to detect"),
        unit=Unit.SECONDS,
        trend_unit=Unit.SECONDS,
        comparison=Comparison.NONE,
        target=None,
        target_words=N_("no target"),
        formula=N_("The median time from the start of an incident to its detection."),
        cohort=N_("Incidents that began in the period."),
        not_counted=N_("Incidents without one of the two times; duplicates; what was no incident."),
        caution=N_("On ten incidents a mean moves by a quarter through chance alone, so there is no trend."),
        reasons=(Reason.DUPLICATE, Reason.NOT_AN_INCIDENT, Reason.IMPORTED, Reason.UNKNOWN),
    ),
    Definition(
        metric=Metric.TIME_TO_RESOLVE,
        name=N_("Time to resolve"),
        unit=Unit.SECONDS,
        trend_unit=Unit.SECONDS,
        comparison=Comparison.NONE,
        target=None,
        target_words=N_("no target"),
        formula=N_("The median time from the detection of an incident to its resolution."),
        cohort=N_("Incidents that began in the period."),
        not_counted=N_("Incidents without one of the two times; duplicates; what was no incident."),
        caution=N_("On ten incidents a mean moves by a quarter through chance alone, so there is no trend."),
        reasons=(Reason.DUPLICATE, Reason.NOT_AN_INCIDENT, Reason.IMPORTED, Reason.UNKNOWN),
    ),
)

DEFINITIONS: dict[Metric, Definition] = {definition.metric: definition for definition in _ALL}
EIGHT: tuple[Metric, ...] = tuple(Metric)[:8]  #: the mission's, which have a card each
