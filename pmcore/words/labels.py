"""What each value of an enum is called on the screen. Documents use the mission's English headings instead."""

from enum import StrEnum

from pmcore.domain.errors import N_
from pmcore.domain.meeting import AgendaStep
from pmcore.domain.vocabulary import (
    ActionKind,
    ActionPriority,
    ActionState,
    Amendment,
    Certainty,
    ClockKind,
    ClockState,
    DetectionMethod,
    Disposition,
    Horizon,
    ImpactFigure,
    Language,
    LessonKind,
    MemberRole,
    ObligationLevel,
    OnboardingStep,
    Opinion,
    PostmortemStatus,
    RecurrenceState,
    Role,
    Rule,
    SectionState,
    Severity,
    SeverityChangeKind,
    SignRole,
    TimeKind,
    TimelineKind,
    Verdict,
)
from pmcore.words.catalogue import _

LABELS: dict[type[StrEnum], dict[StrEnum, str]] = {
    Severity: {
        Severity.P0: "P0",
        Severity.P1: "P1",
        Severity.P2: "P2",
    },
    DetectionMethod: {
        DetectionMethod.ALERT: N_("Automated alert"),
        DetectionMethod.CUSTOMER_REPORT: N_("Customer report"),
        DetectionMethod.MANUAL: N_("Manual discovery"),
    },
    SeverityChangeKind: {
        SeverityChangeKind.ESCALATION: N_("Escalation"),
        SeverityChangeKind.DOWNGRADE: N_("Downgrade"),
        SeverityChangeKind.CORRECTION: N_("Correction of a slip"),
    },
    TimelineKind: {
        TimelineKind.INCIDENT_START: N_("Incident start"),
        TimelineKind.ALERT: N_("Alert fired"),
        TimelineKind.PAGED: N_("Paged"),
        TimelineKind.ACKNOWLEDGED: N_("Acknowledged"),
        TimelineKind.IDENTIFIED: N_("Cause identified"),
        TimelineKind.FIX: N_("Fix applied"),
        TimelineKind.RECOVERED: N_("Service recovered"),
        TimelineKind.RESOLVED: N_("Resolved"),
        TimelineKind.OTHER: N_("Note"),
    },
    PostmortemStatus: {
        PostmortemStatus.DRAFT: N_("Draft"),
        PostmortemStatus.IN_REVIEW: N_("In review"),
        PostmortemStatus.PUBLISHED: N_("Published"),
        PostmortemStatus.CLOSED: N_("Closed"),
    },
    Amendment: {
        Amendment.DRAFT: N_("Next edition in draft"),
        Amendment.IN_REVIEW: N_("Next edition in review"),
    },
    SectionState: {
        SectionState.FROM_INCIDENT: N_("From the incident"),
        SectionState.NEEDS_YOU: N_("Needs you"),
        SectionState.OPTIONAL: N_("Optional"),
        SectionState.DONE: N_("Done"),
    },
    ImpactFigure: {
        ImpactFigure.CUSTOMERS: N_("Customers"),
        ImpactFigure.DURATION: N_("Duration"),
        ImpactFigure.REVENUE: N_("Revenue"),
        ImpactFigure.SLA: N_("SLA breach"),
        ImpactFigure.COMPLAINTS: N_("Complaints"),
        ImpactFigure.ERROR_BUDGET: N_("Error budget"),
        ImpactFigure.DATA_LOSS: N_("Data loss or exposure"),
    },
    Certainty: {
        Certainty.CONFIRMED: N_("confirmed"),
        Certainty.ESTIMATED: N_("estimated"),
        Certainty.UNKNOWN: N_("unknown"),
    },
    LessonKind: {
        LessonKind.WENT_WELL: N_("What went well"),
        LessonKind.WENT_BADLY: N_("What didn't go well"),
        LessonKind.SURPRISING: N_("Surprising findings"),
    },
    Horizon: {
        Horizon.IMMEDIATE: N_("Immediate (already implemented)"),
        Horizon.SHORT_TERM: N_("Short-term (this sprint)"),
        Horizon.LONG_TERM: N_("Long-term (next quarter)"),
    },
    ActionPriority: {
        ActionPriority.HIGH: N_("High priority"),
        ActionPriority.MEDIUM: N_("Medium priority"),
        ActionPriority.LOW: N_("Low priority"),
    },
    ActionKind: {
        ActionKind.DETECTION: N_("Detection"),
        ActionKind.MITIGATION: N_("Mitigation"),
        ActionKind.PREVENTION: N_("Prevention"),
        ActionKind.PROCESS: N_("Process"),
        ActionKind.DOCUMENTATION: N_("Documentation"),
    },
    ActionState: {
        ActionState.PROPOSED: N_("Proposed"),
        ActionState.COMMITTED: N_("Committed"),
        ActionState.IN_PROGRESS: N_("In progress"),
        ActionState.BLOCKED: N_("Blocked"),
        ActionState.DONE: N_("Done"),
        ActionState.VERIFIED: N_("Verified"),
        ActionState.WONT_DO: N_("Won't do"),
    },
    ObligationLevel: {
        ObligationLevel.REQUIRED: N_("Required"),
        ObligationLevel.RECOMMENDED: N_("Recommended"),
        ObligationLevel.NONE: N_("Not owed"),
    },
    Rule: {
        Rule.P0: N_("every P0"),
        Rule.P1_LONG: N_("a P1 with more than {minutes} minutes of impact"),
        Rule.P1_REPEATED: N_("a P1 that repeats an earlier incident"),
        Rule.SLA_BREACH: N_("the SLA was breached"),
        Rule.CUSTOMER_COMPLAINT: N_("a customer complained"),
        Rule.P2_NEW_FAILURE_MODE: N_("a P2 with a new failure mode"),
        Rule.NEAR_MISS: N_("a near miss"),
        Rule.INTERESTING: N_("technically interesting"),
    },
    ClockKind: {
        ClockKind.DRAFTED: N_("Draft shared"),
        ClockKind.PUBLISHED: N_("Published"),
    },
    ClockState: {
        ClockState.NOT_STARTED: N_("Not started"),
        ClockState.PENDING: N_("Running"),
        ClockState.MET: N_("Met"),
        ClockState.LATE: N_("Late"),
        ClockState.MISSED: N_("Missed"),
        ClockState.WAIVED: N_("Waived"),
        ClockState.NONE: N_("No deadline"),
    },
    Disposition: {
        Disposition.COVERED: N_("Covered by another post-mortem"),
        Disposition.DUPLICATE: N_("Duplicate"),
        Disposition.NOT_AN_INCIDENT: N_("Not an incident"),
    },
    Role: {
        Role.ADMINISTRATOR: N_("Administrator"),
        Role.ENGINEERING_MANAGER: N_("Engineering Manager"),
        Role.TECH_LEAD: N_("Tech Lead"),
        Role.CTO: N_("CTO"),
        Role.ENGINEER: N_("Engineer"),
        Role.VIEWER: N_("Viewer"),
    },
    SignRole: {
        SignRole.TECH_LEAD: N_("Tech Lead"),
        SignRole.ENGINEERING_MANAGER: N_("Engineering Manager"),
        SignRole.CTO: N_("CTO"),
    },
    MemberRole: {
        MemberRole.CO_AUTHOR: N_("Co-author"),
        MemberRole.REVIEWER: N_("Reviewer"),
        MemberRole.PARTICIPANT: N_("Participant"),
    },
    Verdict: {
        Verdict.PREVENTED: N_("Prevented"),
        Verdict.NOT_EXERCISED: N_("Not exercised"),
        Verdict.RECURRED: N_("Recurred"),
    },
    RecurrenceState: {
        RecurrenceState.PROPOSED: N_("Undecided"),
        RecurrenceState.CONFIRMED: N_("Confirmed"),
        RecurrenceState.REFUSED: N_("Refused"),
    },
    Opinion: {
        Opinion.YES: N_("Yes"),
        Opinion.PARTLY: N_("Partly"),
        Opinion.NO: N_("No"),
    },
    TimeKind: {
        TimeKind.WRITING: N_("Writing"),
        TimeKind.MEETING: N_("Meeting"),
    },
    OnboardingStep: {
        OnboardingStep.READ_PROCESS: N_("Read the process"),
        OnboardingStep.READ_TEMPLATE: N_("Look through the template"),
        OnboardingStep.READ_EXAMPLES: N_("Read two published post-mortems"),
        OnboardingStep.BLAMELESS: N_("Know the blameless rules"),
        OnboardingStep.WHO_SIGNS: N_("Know who signs what"),
        OnboardingStep.OWN_DUTIES: N_("Know where your duties appear"),
        OnboardingStep.MEETING: N_("Attend a post-mortem meeting"),
        OnboardingStep.DRY_RUN: N_("Write a post-mortem as a dry run"),
        OnboardingStep.PRESENT: N_("Present it to the team"),
        OnboardingStep.ACTION_ITEM: N_("Write an action item that can be measured"),
        OnboardingStep.FEEDBACK: N_("Say what is missing"),
    },
    Language: {
        Language.ENGLISH: "English",
        Language.RUSSIAN: "Русский",
    },
}
"""By type first: equal strings of different enums are equal keys, and "resolved" means two things."""

#: Steps of a meeting, which nobody chooses or stores.
AGENDA: dict[AgendaStep, str] = {
    AgendaStep.TIMELINE: N_("Timeline: the same story for everybody"),
    AgendaStep.ROOT_CAUSE: N_("Root cause: what in the system allowed it"),
    AgendaStep.WENT_WELL: N_("What went well"),
    AgendaStep.ACTION_ITEMS: N_("Action items and their owners"),
    AgendaStep.NEXT_TIME: N_("What to do differently next time"),
}


def label(value: StrEnum) -> str:
    """The value's name in the reader's language; placeholders are left for the caller."""
    return _(LABELS[type(value)][value])
