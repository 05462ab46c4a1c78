"""Tables. Every rule that SQL can hold stands here a second time, as a constraint."""

from db.models.action_items import ActionEventRow, ActionItemRow
from db.models.attachments import AttachmentDataRow, AttachmentRow
from db.models.base import Base
from db.models.discussion import CommentRow, DismissedHintRow, MentionRow
from db.models.incidents import (
    ClockStopRow,
    IncidentRow,
    IncidentViewerRow,
    LogEntryRow,
    ObligationRow,
    SeverityChangeRow,
    WaiverApprovalRow,
    WaiverRow,
)
from db.models.people import (
    AuditRow,
    DeputyRow,
    LinkRow,
    PolicyRow,
    ServiceRow,
    SessionRow,
    SignInLockRow,
    UserRoleRow,
    UserRow,
    WorkspaceRow,
)
from db.models.postmortems import (
    EditionRow,
    MemberRow,
    PostmortemRow,
    ReturnRow,
    RevisionRow,
    SectionRow,
    SectionVersionRow,
    SignatureRow,
)
from db.models.process import ApprovalRow, OnboardingRow, OnboardingTickRow
from db.models.rail import (
    AttendeeRow,
    EscalationRow,
    FeedbackRow,
    MeetingRow,
    PublishingTimeRow,
    TimeSpentRow,
    VerdictRow,
)
from db.models.recurrences import RecurrenceRow
from db.models.survey import SurveyAnswerRow, SurveyHeardRow, SurveyRemarkRow, SurveyRoundRow
from db.models.together import HandOverRow, LookRow, PresenceRow

__all__ = [
    "ActionEventRow",
    "ActionItemRow",
    "ApprovalRow",
    "AttachmentDataRow",
    "AttachmentRow",
    "AttendeeRow",
    "AuditRow",
    "Base",
    "ClockStopRow",
    "CommentRow",
    "DeputyRow",
    "DismissedHintRow",
    "EditionRow",
    "EscalationRow",
    "FeedbackRow",
    "HandOverRow",
    "IncidentRow",
    "IncidentViewerRow",
    "LinkRow",
    "LogEntryRow",
    "LookRow",
    "MeetingRow",
    "MemberRow",
    "MentionRow",
    "ObligationRow",
    "OnboardingRow",
    "OnboardingTickRow",
    "PolicyRow",
    "PostmortemRow",
    "PresenceRow",
    "PublishingTimeRow",
    "RecurrenceRow",
    "ReturnRow",
    "RevisionRow",
    "SectionRow",
    "SectionVersionRow",
    "ServiceRow",
    "SessionRow",
    "SeverityChangeRow",
    "SignInLockRow",
    "SignatureRow",
    "SurveyAnswerRow",
    "SurveyHeardRow",
    "SurveyRemarkRow",
    "SurveyRoundRow",
    "TimeSpentRow",
    "UserRoleRow",
    "UserRow",
    "VerdictRow",
    "WaiverApprovalRow",
    "WaiverRow",
    "WorkspaceRow",
]  # fmt: skip
