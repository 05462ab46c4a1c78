"""The words of the field, as enums: what is stored, filtered and translated. Labels stand in `pmcore.words`."""

from enum import StrEnum


class Severity(StrEnum):
    """P0 is the worst. Compare with `rank`, never with `<` on the letters."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"

    @property
    def rank(self) -> int:
        return int(self.value[1])


class DetectionMethod(StrEnum):
    ALERT = "alert"
    CUSTOMER_REPORT = "customer_report"
    MANUAL = "manual"


class SeverityChangeKind(StrEnum):
    """A correction mends a slip and moves the highest severity; a downgrade does not."""

    ESCALATION = "escalation"
    DOWNGRADE = "downgrade"
    CORRECTION = "correction"


class TimelineKind(StrEnum):
    INCIDENT_START = "incident_start"
    ALERT = "alert"
    PAGED = "paged"
    ACKNOWLEDGED = "acknowledged"
    IDENTIFIED = "identified"
    FIX = "fix"
    RECOVERED = "recovered"
    RESOLVED = "resolved"
    OTHER = "other"


class PostmortemStatus(StrEnum):
    """Of the document that readers see. "Reviewed" is derived: in review with every required signature valid."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    CLOSED = "closed"


class Amendment(StrEnum):
    """Where the next edition of a published post-mortem stands; None when nobody is amending."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"


class SectionKey(StrEnum):
    """The eleven sections, in the mission's order."""

    SUMMARY = "summary"
    DETAILS = "details"
    TIMELINE = "timeline"
    ROOT_CAUSE = "root_cause"
    IMPACT = "impact"
    RESOLUTION = "resolution"
    ACTION_ITEMS = "action_items"
    LESSONS = "lessons"
    PREVENTION = "prevention"
    REFERENCES = "references"
    SIGN_OFF = "sign_off"


class SectionState(StrEnum):
    """What the section list shows; derived."""

    FROM_INCIDENT = "from_incident"
    NEEDS_YOU = "needs_you"
    OPTIONAL = "optional"
    DONE = "done"


class ImpactFigure(StrEnum):
    """What the page for executives says of the impact, in its order."""

    CUSTOMERS = "customers"
    DURATION = "duration"
    REVENUE = "revenue"
    SLA = "sla"
    COMPLAINTS = "complaints"
    ERROR_BUDGET = "error_budget"
    DATA_LOSS = "data_loss"


class Certainty(StrEnum):
    """How sure a figure is; derived. Estimated is every figure that nobody confirmed."""

    CONFIRMED = "confirmed"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


class LessonKind(StrEnum):
    WENT_WELL = "went_well"
    WENT_BADLY = "went_badly"
    SURPRISING = "surprising"


class Horizon(StrEnum):
    """Of a prevention measure."""

    IMMEDIATE = "immediate"
    SHORT_TERM = "short_term"
    LONG_TERM = "long_term"


class ActionPriority(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ActionKind(StrEnum):
    DETECTION = "detection"
    MITIGATION = "mitigation"
    PREVENTION = "prevention"
    PROCESS = "process"
    DOCUMENTATION = "documentation"


class ActionState(StrEnum):
    PROPOSED = "proposed"
    COMMITTED = "committed"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    DONE = "done"
    VERIFIED = "verified"
    WONT_DO = "wont_do"


class ObligationLevel(StrEnum):
    REQUIRED = "required"
    RECOMMENDED = "recommended"
    NONE = "none"


class Rule(StrEnum):
    """Why a post-mortem is owed. The first five require, the rest recommend."""

    P0 = "p0"
    P1_LONG = "p1_long"
    P1_REPEATED = "p1_repeated"
    SLA_BREACH = "sla_breach"
    CUSTOMER_COMPLAINT = "customer_complaint"
    P2_NEW_FAILURE_MODE = "p2_new_failure_mode"
    NEAR_MISS = "near_miss"
    INTERESTING = "interesting"


class ClockKind(StrEnum):
    """The two 48-hour clocks. Drafted stops when the draft is first shared, published at the first edition."""

    DRAFTED = "drafted"
    PUBLISHED = "published"


class ClockState(StrEnum):
    """Derived from deadlines, stops, waivers and `now`; never stored."""

    NOT_STARTED = "not_started"
    PENDING = "pending"
    MET = "met"
    LATE = "late"
    MISSED = "missed"
    WAIVED = "waived"
    NONE = "none"


class Disposition(StrEnum):
    """Why an incident needs no post-mortem of its own."""

    COVERED = "covered"
    DUPLICATE = "duplicate"
    NOT_AN_INCIDENT = "not_an_incident"


class Role(StrEnum):
    """In a workspace; one person may hold several."""

    ADMINISTRATOR = "administrator"
    ENGINEERING_MANAGER = "engineering_manager"
    TECH_LEAD = "tech_lead"
    CTO = "cto"
    ENGINEER = "engineer"
    VIEWER = "viewer"


class SignRole(StrEnum):
    """The three who sign; the values are those of `Role`."""

    TECH_LEAD = "tech_lead"
    ENGINEERING_MANAGER = "engineering_manager"
    CTO = "cto"


class MemberRole(StrEnum):
    """In a post-mortem, beside its author."""

    CO_AUTHOR = "co_author"
    REVIEWER = "reviewer"
    PARTICIPANT = "participant"


class Verdict(StrEnum):
    """Of day 30: did the action items prevent a recurrence?"""

    PREVENTED = "prevented"
    NOT_EXERCISED = "not_exercised"
    RECURRED = "recurred"


class RecurrenceState(StrEnum):
    """Whether an incident repeats an earlier one."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Opinion(StrEnum):
    """What somebody who tried the process says to a plain question."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class TimeKind(StrEnum):
    """What time was spent on."""

    WRITING = "writing"
    MEETING = "meeting"


class OnboardingStep(StrEnum):
    """What somebody new does, in the order of the onboarding checklist."""

    READ_PROCESS = "read_process"
    READ_TEMPLATE = "read_template"
    READ_EXAMPLES = "read_examples"
    BLAMELESS = "blameless"
    WHO_SIGNS = "who_signs"
    OWN_DUTIES = "own_duties"
    MEETING = "meeting"
    DRY_RUN = "dry_run"
    PRESENT = "present"
    ACTION_ITEM = "action_item"
    FEEDBACK = "feedback"


class Language(StrEnum):
    ENGLISH = "en"
    RUSSIAN = "ru"
